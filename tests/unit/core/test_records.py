"""Records: validated, versioned, audited, merged field by field; set-based writes leave one audit row a batch."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, records
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.ids import uuid7
from fangxian.core.records import Conflict, Source
from fangxian.systems.people.models import Household, Person

CELL = "410883001212001"
NUMBER = "410883199001011237"


@pytest.fixture
def cell(county):
    return Area.objects.get(code=CELL)


@pytest.fixture
def zhang(cell, everywhere, officer):
    return records.create(
        Person, by=officer("township_officer"), action="people.person.added", area=cell, name="张伟", id_number=NUMBER
    )


def test_creating_writes_row_and_audit_line(zhang):
    entry = audit.history(zhang).get()
    assert (entry.action, entry.area_code, entry.officer) == ("people.person.added", CELL, zhang.created_by)
    assert NUMBER not in str(entry.detail) and "4108**********1237" in str(entry.detail)
    assert (zhang.version, zhang.source) == (1, "web")


def test_a_row_that_breaks_a_rule_is_refused_and_leaves_nothing(zhang, cell):
    before = AuditEntry.objects.count()
    with pytest.raises(ValidationError) as refused:
        records.create(Person, by=None, action="x", area=cell, name="李四", id_number=NUMBER)
    assert NUMBER not in str(refused.value)
    with pytest.raises(ValidationError):
        records.create(Person, by=None, action="x", area=cell, name="")
    assert AuditEntry.objects.count() == before


def test_the_same_submission_twice_is_stored_once(cell, everywhere, officer):
    worker, mine = officer("grid_worker", area=CELL), uuid7()
    first = records.create(Person, by=worker, action="x", id=mine, area=cell, name="甲")
    again = records.create(Person, by=worker, action="x", id=mine, area=cell, name="甲")
    assert first == again and Person.objects.count() == 1
    with pytest.raises(ValidationError):
        records.create(Person, by=None, action="x", id=mine, area=cell, name="甲")


def test_changing_raises_the_version_and_tells_from_and_to(zhang, officer):
    changed = records.change(
        zhang, by=zhang.created_by, action="people.person.changed", name="张卫", phone="13800001234"
    )
    entry = audit.history(zhang).last()
    assert changed.version == entry.detail["version"] == 2
    assert entry.detail["from"]["name"] == "张伟" and entry.detail["to"]["name"] == "张卫"
    assert entry.detail["to"]["phone"] == "138****1234"


def test_changing_nothing_writes_nothing(zhang):
    before = AuditEntry.objects.count()
    assert records.change(zhang, by=None, action="x", name="张伟", id_number=NUMBER).version == 1
    assert AuditEntry.objects.count() == before


def test_different_fields_merge_and_the_same_field_conflicts(zhang, officer):
    other = officer("duty_officer", name="王芳")
    records.change(zhang, by=other, action="x", base_version=1, name="张卫")
    merged = records.change(zhang, by=None, action="x", base_version=1, occupation="教师")
    assert (merged.name, merged.occupation, merged.version) == ("张卫", "教师", 3)
    with pytest.raises(Conflict) as conflict:
        records.change(zhang, by=None, action="x", base_version=1, name="张维")
    clash = conflict.value.clashes[0]
    assert (clash.field, clash.stored, clash.wanted, clash.by) == ("name", "张卫", "张维", "王芳")
    # the same value is no conflict, and the newest version may change anything
    assert records.change(zhang, by=None, action="x", base_version=1, name="张卫").version == 3
    assert records.change(zhang, by=None, action="x", base_version=3, name="张维").version == 4


def test_many_rows_leave_one_audit_line(cell, everywhere):
    before = AuditEntry.objects.count()
    records.create_many(
        Household, [Household(area=cell, number=str(n)) for n in range(700)], by=None, action="people.households.loaded"
    )
    assert Household.objects.count() == 700
    assert AuditEntry.objects.count() == before + 1
    assert AuditEntry.objects.last().detail["rows"] == 700


def test_no_rows_leave_no_audit_line(cell, everywhere):
    assert records.create_many(Household, [], by=None, action="x") == []
    assert records.change_many([], by=None, action="x", number="1") == 0
    assert not AuditEntry.objects.filter(action="x").exists()


def test_changing_many_sets_versions_and_refuses_personal_fields(zhang):
    assert records.change_many([zhang], by=None, action="people.moved_out", left_on="2022-03-01") == 1
    zhang.refresh_from_db()
    assert (zhang.version, str(zhang.left_on)) == (2, "2022-03-01")
    assert AuditEntry.objects.last().detail["ids"] == [str(zhang.pk)]
    with pytest.raises(ValueError, match="one record at a time"):
        records.change_many([zhang], by=None, action="x", phone="1")


def test_a_set_based_write_in_between_is_never_overwritten_silently(zhang, officer):
    records.change_many([zhang], by=officer("duty_officer", name="王芳"), action="x", occupation="教师")
    with pytest.raises(Conflict) as conflict:
        records.change(zhang, by=None, action="x", base_version=1, occupation="农民")
    assert (conflict.value.clashes[0].stored, conflict.value.clashes[0].by) == ("教师", "王芳")
    assert records.change(zhang, by=None, action="x", base_version=2, occupation="农民").version == 3


def test_rows_that_changed_in_different_ways_are_saved_with_one_audit_line(cell, everywhere):
    rows = [records.create(Household, by=None, action="x", area=cell, number=str(n)) for n in range(3)]
    for row in rows:
        row.number = f"0{row.number}"
    before = AuditEntry.objects.count()
    assert records.save_many(rows, ["number"], by=None, action="people.households.renumbered") == 3
    assert sorted(Household.objects.values_list("number", "version")) == [("00", 2), ("01", 2), ("02", 2)]
    assert AuditEntry.objects.count() == before + 1
    assert records.save_many([], ["number"], by=None, action="x") == 0
    with pytest.raises(ValueError, match="one record at a time"):
        records.save_many(rows, ["address"], by=None, action="x")


def test_a_row_that_is_gone_meanwhile_does_not_come_back(cell, everywhere):
    rows = [records.create(Household, by=None, action="x", area=cell, number=str(n)) for n in range(2)]
    Household.unscoped.filter(pk=rows[0].pk).delete()
    for row in rows:
        row.number = f"0{row.number}"
    records.save_many(rows, ["number"], by=None, action="x")
    assert list(Household.objects.values_list("number", "version")) == [("01", 2)]


def test_sets_are_saved_in_the_same_number_of_statements_however_long(cell, everywhere, django_assert_num_queries):
    rows = [Household(area=cell, number=str(n)) for n in range(60)]
    records.create_many(Household, rows, by=None, action="x")
    for row in rows:
        row.number = f"0{row.number}"
    with django_assert_num_queries(7):  # savepoint and its end, lock, upsert, three of the audit
        records.save_many(rows, ["number"], by=None, action="x")
    with django_assert_num_queries(6):
        records.change_many(rows, by=None, action="x", source=Source.DEMO)
