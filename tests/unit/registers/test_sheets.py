"""Sheets in every form offices write them, and nothing that goes out is a live formula."""

import io
import zipfile

import pytest
import python_calamine
import xlsxwriter
from django.core.exceptions import ValidationError

from fangxian.registers import sheets

TEXT = "姓名,电话\r\n张伟,13800001234\r\n"
PAYLOADS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠1", "|cmd", "%0a", " =1",
    "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1", "=HYPERLINK(\"x\")", "=cmd|'/c calc'!A0",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_in_every_encoding_and_delimiter(encoding, delimiter):
    table = sheets.read(TEXT.replace(",", delimiter).encode(encoding))
    assert (table.headings, table.rows) == (["姓名", "电话"], [["张伟", "13800001234"]])
    assert list(table.numbered()) == [(2, ["张伟", "13800001234"])]


def workbook(rows) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def test_a_workbook_keeps_numbers_as_numbers():
    table = sheets.read(workbook([["号码", "n"], [410883199001011237, 1]]))
    assert table.headings == ["号码", "n"] and table.rows[0][0] == pytest.approx(4.10883199001011e17)


def test_what_we_write_we_read():
    out = sheets.write_xlsx(["a", "b"], [["410883199001011237", None], ["=1", 2]])
    assert sheets.read(out).rows == [["410883199001011237", ""], ["'=1", "2"]]
    text = "".join(sheets.write_csv(["a"], [["x"], [None]]))
    assert text.startswith("\ufeff") and sheets.read(text.encode()).rows[0] == ["x"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_is_a_live_formula_and_values_stay_readable(payload):
    out = sheets.write_xlsx(["a"], [[payload]])
    cell = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(out)).get_sheet_by_index(0).to_python()[1][0]
    assert cell.startswith("'") and payload.strip() in cell
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(out)).read("xl/worksheets/sheet1.xml").decode()
    assert sheets.inert(payload) == f"'{payload}"


def test_harmless_values_stay_as_they_are():
    assert [sheets.inert(value) for value in ("张伟", "", 5, None, "a=b")] == ["张伟", "", 5, None, "a=b"]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b",,\n", b"\xff\xff\x00\x80\x81", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken", bomb(),
        b"x" * (20 * 2**20 + 1),
    ],
    ids=["empty", "no headings", "no text", "broken zip", "broken xls", "bomb", "too large"],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_do(content):
    with pytest.raises(ValidationError):
        sheets.read(content)


def test_a_workbook_that_would_be_cut_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "XLSX_ROWS", 3)
    assert sheets.write_xlsx(["a"], [["1"], ["2"]])
    with pytest.raises(ValidationError):
        sheets.write_xlsx(["a"], [["1"], ["2"], ["3"]])


def test_a_zip_that_is_no_workbook_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(ValidationError):
        sheets.read(buffer.getvalue())
