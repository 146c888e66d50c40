"""Finding people: by number, phone, name, household, cell; who answers for them."""

from datetime import date

import pytest

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.systems.people import selectors, services
from fangxian.systems.people.models import Person
from tests.unit.people.conftest import CELL, id_number


def test_a_foreign_person_is_not_found(person):
    made = person(id_number=(number := id_number()), phone="13800001234")

    with scope.within("410882"):
        assert selectors.find_by_id_number(number) is None
        assert selectors.find_by_phone("13800001234") == []
        assert selectors.by_ids([made.pk]) == {}
        assert list(selectors.search("张")) == []
        with pytest.raises(Person.DoesNotExist):
            selectors.person(made.pk)


def test_nothing_is_read_without_a_scope(county):
    with pytest.raises(scope.ScopeMissing):
        selectors.find_by_phone("13800001234")


def test_a_person_is_found_by_any_spelling_of_the_number(person):
    made = person(id_number=(number := id_number()))

    assert selectors.find_by_id_number(f" {number.lower()} ") == made
    assert selectors.find_by_id_number("") is None
    assert selectors.by_id_numbers([number, id_number(), None]) == {number: made}


def test_families_share_a_phone(person):
    family = [person("张伟", phone="13800001234"), person("张小明", phone="138-0000-1234")]

    assert set(selectors.find_by_phone("+86 13800001234")) == {*family}
    assert selectors.find_by_phone("no number") == []


def test_people_are_searched_by_name_and_initials(person):
    made = person("欧阳丽娜")
    person("张伟")

    assert [*selectors.search("欧阳")] == [*selectors.search("OYL")] == [made]


def test_household_members_are_the_others_of_the_household_now(person, household, django_assert_num_queries):
    home = household("12")
    father, mother, son = (person(name, household=home) for name in ("张伟", "王芳", "张小明"))
    services.leave(person=son, by=None, on=date(2022, 3, 1))
    alone = person("李娜")

    with django_assert_num_queries(2):
        members = selectors.household_members([father.pk, mother.pk, son.pk, alone.pk])

    assert members == {father.pk: [mother], mother.pk: [father], son.pk: [father, mother], alone.pk: []}


def test_a_roster_goes_from_door_to_door(person, household, django_assert_num_queries):
    first, second = household("1"), household("2")
    old = person("张老", household=first, birth_date=date(1940, 1, 1))
    young = person("张小", household=first, birth_date=date(2000, 1, 1))
    single = person("李娜")
    services.leave(person=person("王走", household=second), by=None, on=date(2022, 3, 1))

    with django_assert_num_queries(2):
        roster = selectors.roster(CELL)

    assert [(door.household, door.people) for door in roster.doors] == [(first, [old, young]), (second, [])]
    assert (roster.others, roster.count) == ([single], 3)


def test_the_nearest_worker_answers_for_a_cell(officer, django_assert_num_queries):
    of_cell = officer("grid_worker", area=CELL)
    of_village = officer("grid_worker", area=CELL[:12])
    officer("township_officer", area=CELL[:9])

    with django_assert_num_queries(1):
        workers = selectors.workers_of([CELL, "410883001212002", CELL[:12], "410883002201"])

    assert workers == {CELL: of_cell, "410883001212002": of_village, CELL[:12]: of_village, "410883002201": None}


def test_the_first_appointed_of_two_workers_answers(officer):
    first = officer("grid_worker", area=CELL)
    officer("grid_worker", area=CELL)

    assert selectors.workers_of([CELL]) == {CELL: first}


def test_a_worker_whose_post_has_ended_does_not_answer(officer):
    gone = officer("grid_worker", area=CELL)
    gone.posts.update(valid_from=date(2020, 1, 1), valid_to=date(2020, 2, 1))

    assert selectors.workers_of([CELL]) == {CELL: None}


def test_people_by_id_come_with_area_and_household(person, household, django_assert_num_queries):
    made = person(household=household("1"))

    with django_assert_num_queries(1):
        found = selectors.by_ids([made.pk])
        assert (found[made.pk].area.code, found[made.pk].household.number) == (CELL, "1")
    assert selectors.person(made.pk) == made


def test_who_lives_in_an_area(person):
    made = person()

    assert [*selectors.in_area("410883001")] == [made]
    assert not selectors.in_area("410883002").exists()
    assert Area.objects.filter(code=made.area_id).exists()
