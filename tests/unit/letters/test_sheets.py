"""Letters that come as spreadsheets, as offices make them."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.registers.sheets import write_xlsx
from fangxian.workflows.letters import sheets

HEADINGS = ["编号", "被协查人", "手机号码", "证件号码", "家庭住址", "末次接触时间", "人员类别"]
ROW = ["1", "张三", "１３９００００００１１", "G12345678", "合肥市肥西县", "2022年3月12日", "次密接"]


def test_columns_are_found_below_merged_titles_in_any_order():
    sheet = sheets.read(write_xlsx(["关于协查密切接触者的函", *[""] * 6], [["2022-03-20"], HEADINGS, ROW]))
    (person,) = sheet.people
    assert sheet.title == "关于协查密切接触者的函 2022-03-20"
    assert (person.name, person.phone, person.id_type, person.id_number) == (
        "张三",
        "13900000011",
        "PASSPORT",
        "G12345678",
    )
    assert (person.ring, person.address, person.last_contact_at.day) == (
        "SECONDARY",
        "合肥市肥西县",
        12,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_comes_in_many_encodings(encoding):
    text = "\n".join(",".join(row) for row in (HEADINGS, ROW))
    assert sheets.read(text.encode(encoding)).people[0].name == "张三"


def test_every_row_is_accounted_for():
    rows = [ROW, ROW, ["2", "", "13900000012"], ["3", "李四", "", "", ""], ["", "", "", "", "", "", ""]]
    ledger = sheets.read(write_xlsx(HEADINGS, rows)).ledger
    assert ledger.balanced
    assert (ledger.rows, ledger.inserted, ledger.duplicate, ledger.blank, ledger.rejected) == (5, 1, 1, 1, 2)


def test_a_number_that_does_not_check_is_kept_with_a_doubt():
    row = ["1", "张三", "", "410882199001010011", "", "", ""]
    (person,) = sheets.read(write_xlsx(HEADINGS, [row])).people
    assert (person.id_number, bool(person.note)) == ("410882199001010011", True)


def test_an_answer_says_what_became_of_whom():
    headings = ["姓名", "联系电话", "核查结果", "隔离时间", "核酸检测结果", "备注"]
    rows = [
        ["张三", "13900000011", "已管控", "2022-03-20", "阴性", "在家"],
        ["李四", "13900000012", "查无此人", "", "", ""],
    ]
    found, missing = sheets.read(write_xlsx(headings, rows)).told
    assert (found["result"], found["test_result"], found["result_note"]) == ("FOUND", "NEGATIVE", "在家")
    assert found["isolated_since"] and missing == {"result": "NOT_FOUND"}


def test_a_sheet_without_headings_is_refused_with_what_to_do():
    with pytest.raises(ValidationError, match="No row names the columns"):
        sheets.read(b"a,b\n1,2\n")
