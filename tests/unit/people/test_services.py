"""Entering, changing, moving people; what is refused; what the audit keeps."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, records, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.systems.people import services
from fangxian.systems.people.models import Household, Person
from tests.unit.people.conftest import CELL, id_number


def actions(record):
    return [entry.action for entry in audit.history(record)]


def test_a_person_is_entered_once_with_everything_that_follows(person):
    made = person("欧阳丽娜", id_number=id_number(date(1990, 1, 2), male=False), phone="138 0000 1234")

    made.refresh_from_db()
    assert (made.initials, made.sex, made.birth_date) == ("oyln", "FEMALE", date(1990, 1, 2))
    assert made.phone.reveal() == "13800001234"
    assert actions(made) == ["people.person.added"]


def test_the_audit_never_holds_a_number(person):
    made = person(id_number=(number := id_number()), phone="13800001234")

    kept = str(audit.history(made).get().detail)
    assert number not in kept
    assert "13800001234" not in kept


def test_the_same_number_is_refused(person):
    person(id_number=(number := id_number()))

    with pytest.raises(ValidationError):
        person("张卫", id_number=number)
    assert Person.objects.count() == 1


def test_a_phone_that_sends_again_gets_the_same_person(person):
    identifier = uuid7()

    assert person(id=identifier).pk == person(id=identifier).pk
    assert Person.objects.count() == 1


def test_a_newborn_gets_a_number_of_ours(person):
    made = person("张宝", id_type="TEMPORARY")

    assert made.id_number.reveal() == f"T410883{made.pk.hex[-10:].upper()}"


def test_nobody_is_entered_outside_the_scope(cell):
    with scope.within("410883002"), pytest.raises(ValidationError) as error:
        services.add_person(by=None, area=cell, name="张伟")

    assert [*error.value.error_dict] == ["area"]


def test_another_name_brings_other_initials(person):
    made = services.change_person(person=person(), by=None, name="李娜")

    assert made.initials == "ln"
    assert actions(made) == ["people.person.added", "people.person.changed"]


def test_another_number_brings_its_own_sex_and_birth_date(person):
    made = person(id_number=id_number(date(1980, 5, 17)))

    changed = services.change_person(person=made, by=None, id_number=id_number(date(1991, 2, 3), male=False))

    assert (changed.sex, changed.birth_date) == ("FEMALE", date(1991, 2, 3))


def test_a_sex_that_the_number_denies_is_refused(person):
    made = person(id_number=id_number(male=True))

    with pytest.raises(ValidationError) as error:
        services.change_person(person=made, by=None, sex="FEMALE")
    assert [*error.value.error_dict] == ["sex"]


def test_two_people_changing_different_fields_merge(person, officer):
    made = person(phone="13800001234")
    services.change_person(person=made, by=officer(), occupation="教师", base_version=1)

    merged = services.change_person(person=made, by=officer(), name="李娜", base_version=1)

    assert (merged.occupation, merged.initials) == ("教师", "ln")


def test_two_people_changing_the_same_field_conflict(person, officer):
    made = person()
    services.change_person(person=made, by=officer(), name="张卫", base_version=1)

    with pytest.raises(records.Conflict):
        services.change_person(person=made, by=officer(), name="张炜", base_version=1)


def test_a_person_moves_once_and_stays_the_same_record(person, household):
    made = person()
    town = Area.objects.get(code="410883002201")

    moved = services.move_person(person=made, by=None, area=town, address="东关村 1 号")

    assert (moved.pk, moved.area, moved.household) == (made.pk, town, None)
    with pytest.raises(ValidationError):
        services.move_person(person=made, by=None, area=town, household=household("1"))


def test_a_person_who_leaves_keeps_the_record(person):
    left = services.leave(person=person(), by=None, on=date(2022, 3, 1))

    assert left.left_on == date(2022, 3, 1)
    assert actions(left)[-1] == "people.person.left"


def test_people_are_put_into_one_household(person, household):
    first, second, home = person("张伟"), person("王芳"), household("12")

    assert services.same_household(by=None, household=home, person_ids=[first.pk, second.pk]) == 2
    assert home.members.count() == 2


def test_a_household_changes_its_address(household):
    home = services.change_household(household=household("12"), by=None, address="段西村 12 号")

    assert home.address.reveal() == "段西村 12 号"


def test_many_people_come_in_set_based(cell, everywhere, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(services, "BATCH", 100)
    homes = [Household(area=cell, number=str(n)) for n in range(3)]
    assert services.add_households_many(by=None, households=homes) == 3
    rows = [Person(area=cell, name="张伟", household=homes[n % 3], id_number=id_number()) for n in range(150)]

    with django_assert_max_num_queries(40):
        assert services.add_people_many(by=None, people=rows) == 150

    assert Person.objects.filter(initials="zw", sex="MALE", birth_date=date(1980, 5, 17)).count() == 150
    assert Person.objects.exclude(id_index=None).count() == 150
    batches = audit.AuditEntry.objects.filter(action="people.person.imported")
    assert [entry.detail["rows"] for entry in batches] == [100, 50]


def test_a_newborn_of_many_gets_a_number_too(cell, everywhere):
    row = Person(area=cell, name="张宝", id_type="TEMPORARY")

    services.add_people_many(by=None, people=[row])

    assert Person.objects.get().id_number.reveal() == f"T410883{row.pk.hex[-10:].upper()}"


def test_a_bad_row_of_many_is_named(cell, everywhere):
    rows = [Person(area=cell, name="张伟", id_number="410883198005170000")]

    with pytest.raises(ValidationError) as error:
        services.add_people_many(by=None, people=rows)
    assert [*error.value.error_dict] == ["id_number"]


def test_a_household_of_the_cell_belongs_to_its_village_too(county, everywhere, household):
    village = Area.objects.get(code=CELL[:12])

    made = services.add_person(by=None, area=village, name="张伟", household=household("1"))

    assert made.household.number == "1"
