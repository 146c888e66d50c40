"""Imports: every row in one column of the ledger, whichever of the two ways it goes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.ids import uuid7
from fangxian.registers import forms, imports, site
from fangxian.registers.sheets import Table
from fangxian.systems.people import services
from fangxian.systems.people.models import Household, Person
from fangxian.systems.quarantine.models import Room, Site
from fangxian.systems.screening.models import Place
from tests.registers.samples import resident_number

VILLAGE, ELSEWHERE = "410883001212", "410882001201"


@pytest.fixture
def within(county):
    with scope.within("410883"):
        yield Area.objects.get(code=VILLAGE)


def people(*rows, headings=("area", "name", "id_number", "occupation")) -> imports.Ledger:
    return imports.run(site.get("people.person"), Table(list(headings), [list(row) for row in rows]), by=None)


def row(number: int, **changes) -> list[str]:
    values = {"area": VILLAGE, "name": f"甲{number}", "id_number": resident_number(number), "occupation": "", **changes}
    return list(values.values())


def test_inserted_updated_unchanged_duplicate_rejected_blank(within):
    people(row(1), row(2))
    ledger = people(
        row(1), row(2, occupation="教师"), row(3), row(3), row(3, name="乙"), ["", "", "", ""], row(4, id_number="123")
    )
    assert ledger.counts() == {
        "rows": 7, "inserted": 1, "updated": 1, "unchanged": 1, "duplicate": 1, "rejected": 2, "blank": 1,
    }  # fmt: skip
    assert ledger.balanced
    assert [(reject.row, reject.field) for reject in ledger.rejects] == [(6, ""), (8, "id_number")]
    assert ledger.as_dict()["duplicates"][0]["row"] == 5
    assert Person.objects.get(occupation="教师").name == "甲2"


def test_headings_in_either_language_and_spelling(within):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            headings = imports.template(site.get("people.person"))
            table = Table([*headings], [])
            assert imports.run(site.get("people.person"), table, by=None).ignored_columns == []
    assert people(headings=("Area*", "NAME", "Identity number：", "Occupation")).ignored_columns == []


def test_a_column_nobody_knows_is_named(within):
    ledger = people([*row(1), "A"], headings=("area", "name", "id_number", "occupation", "blood group"))
    assert ledger.ignored_columns == ["blood group"] and ledger.inserted == 1


def test_nothing_is_imported_where_nothing_is_entered_by_hand(within):
    derived = next(register for register in site if register.read_only)
    with pytest.raises(ValidationError, match="by hand"):
        imports.run(derived, Table(["area"], [[VILLAGE]]), by=None)


def test_a_missing_required_column_refuses_the_table(within):
    with pytest.raises(ValidationError, match=r"name|Name|姓名"):
        people([VILLAGE], headings=("area",))


def test_a_record_of_another_area_is_not_entered_twice(within):
    with scope.everywhere("test"):
        services.add_person(by=None, area=Area.objects.get(code=ELSEWHERE), name="丙", id_number=resident_number(9))
    ledger = people(row(9))
    assert ledger.rejected == 1 and Person.unscoped.count() == 1


def test_a_row_is_known_again_by_its_id(within):
    person = services.add_person(by=None, area=within, name="甲", id_type="NONE")
    headings = ("id", "area", "name")
    ledger = people(
        [str(person.pk), VILLAGE, "乙"], [str(uuid7()), VILLAGE, "丙"], ["no id", VILLAGE, "丁"], headings=headings
    )
    assert (ledger.updated, ledger.rejected) == (1, 2)
    person.refresh_from_db()
    assert person.name == "乙"


def test_an_empty_secret_leaves_the_stored_one(within):
    people(row(1))
    ledger = people([VILLAGE, "甲1", resident_number(1), ""], headings=("area", "name", "id_number", "phone"))
    assert ledger.unchanged == 1


def test_areas_by_name_when_the_name_is_unique(within):
    assert people(row(1, area="段西村")).inserted == 1
    assert people(row(2, area="没有")).rejects[0].field == "area"
    Area.objects.create(code="410883002212", name="段西村", kind="village", parent_id="410883002")
    assert people(row(3, area="段西村")).rejects[0].field == "area"
    assert forms.AreaField(required=False, anywhere=True).clean("西关村").code == ELSEWHERE
    assert forms.AreaField(required=False).clean("") is None


def test_links_by_id_by_key_and_by_number(within):
    services.add_household(by=None, area=within, number="7")
    place = site.get("quarantine.room")
    hotel = Site.objects.create(area=within, name="宜尚酒店")
    ledger = imports.run(
        place,
        Table(["area", "site", "number"], [[VILLAGE, str(hotel.pk), "101"], [VILLAGE, "nothing", "102"]]),
        by=None,
    )
    assert (ledger.inserted, ledger.rejects[0].field) == (1, "site")
    assert Room.objects.get().site == hotel
    somebody = services.add_person(by=None, area=within, name="甲", id_number=resident_number(5))
    assert forms.find_record(Person, resident_number(5)) == somebody
    assert forms.find_record(Household, "7").number == "7"
    services.add_household(by=None, area=Area.objects.get(code="410883002201"), number="7")
    for model, text in ((Household, "7"), (Household, "8"), (Room, "101"), (Area, "x")):
        with pytest.raises(ValidationError):  # two fit, none fits, a key of two fields, no register
            forms.find_record(model, text)


def test_a_large_table_goes_in_batches_and_leaves_one_audit_row_each(within, monkeypatch):
    monkeypatch.setattr(imports, "ROW_BY_ROW", 2)
    monkeypatch.setattr(imports, "BATCH", 3)
    before, seen = AuditEntry.objects.count(), []
    table = Table(["area", "name", "id_number"], [row(n)[:3] for n in range(1, 8)])
    ledger = imports.run(site.get("people.person"), table, by=None, progress=lambda done, total: seen.append(done))
    assert (ledger.inserted, seen) == (7, [3, 6, 7])
    assert AuditEntry.objects.count() - before == 3


def test_a_batch_the_database_refuses_costs_only_the_bad_row(within, monkeypatch):
    monkeypatch.setattr(imports, "ROW_BY_ROW", 1)

    def refuse(*_args, **_named):
        raise IntegrityError("somebody was faster")

    monkeypatch.setattr(records, "create_many", refuse)
    table = Table(["area", "number"], [[VILLAGE, "1"], [VILLAGE, "2" * 50]])
    table.rows.append([VILLAGE, "3"])
    ledger = imports.run(site.get("people.household"), table, by=None)
    assert (ledger.inserted, ledger.rejected, Household.objects.count()) == (2, 1, 2) and ledger.balanced


def test_a_register_without_verbs_of_its_own_is_changed_and_found_by_its_key(within):
    hotels, headings = site.get("quarantine.site"), ["area", "name", "head"]
    imports.run(hotels, Table(headings, [[VILLAGE, "宜尚酒店", "王"]]), by=None)
    assert imports.run(hotels, Table(headings, [[VILLAGE, "宜尚酒店", "李"]]), by=None).updated == 1
    market = Place.objects.create(area=within, name="市场", code="P1", kind="MARKET")
    assert forms.find_record(Place, "P1") == market


def test_a_refusal_by_the_write_is_a_reject(within, monkeypatch):
    register = site.get("people.household")
    imports.run(register, Table(["area", "number", "address"], [[VILLAGE, "9", "旧"]]), by=None)

    def refuse(**_values):
        raise ValidationError("not today")

    monkeypatch.setitem(register.__dict__, "write", refuse)
    rows = [[VILLAGE, "1", ""], [VILLAGE, "9", "新"]]
    ledger = imports.run(register, Table(["area", "number", "address"], rows), by=None)
    assert [(reject.field, reject.reason) for reject in ledger.rejects] == [("", "not today")] * 2


def test_a_check_across_fields_names_its_field(within, monkeypatch):
    register = site.get("people.household")

    def refuse(values):
        raise ValidationError({"number": ["too odd"]})

    monkeypatch.setitem(register.__dict__, "clean_row", refuse)
    ledger = imports.run(register, Table(["area", "number"], [[VILLAGE, "1"]]), by=None)
    assert (ledger.rejects[0].field, ledger.rejects[0].reason) == ("number", "too odd")


def test_form_fields_for_links_dates_and_officers(within):
    tasks = forms.form_fields(site.get("command.task"))
    assert type(tasks["officer"]).__name__ == "ModelChoiceField"
    assert tasks["due_at"].widget.input_type == "datetime-local"
    assert forms.form_fields(site.get("people.person"))["birth_date"].widget.input_type == "date"
    person = services.add_person(by=None, area=within, name="甲", id_type="NONE")
    start = forms.values_of(site.get("people.person"), person)
    assert start["area"] == within
    assert forms.AreaField().prepare_value(within) == VILLAGE and forms.AreaField().prepare_value("x") == "x"
    assert forms.RecordField(Person).prepare_value(person) == str(person.pk)
    assert forms.RecordField(Person, required=False).clean("") is None
    assert forms.RecordField(Person).clean(person.pk) == person
    assert forms.RecordField(Person).prepare_value("x") == "x"
    assert forms.SecretField().prepare_value(person.phone) == "" and forms.SecretField().prepare_value("1") == "1"
