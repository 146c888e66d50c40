"""Who may be the same person entered twice."""

from datetime import date

import pytest

from fangxian.systems.people import duplicates
from fangxian.systems.people.duplicates import Ground, Match
from tests.unit.people.conftest import CELL, id_number

BORN = date(1980, 5, 17)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("张伟", "张伟", True),
        ("张伟", "张卫", True),  # same sound
        ("欧阳丽娜", "欧阳丽那", True),
        ("张建国", "张建军", True),  # one character
        ("张建国", "李建军", False),
        ("张伟", "张伟国", False),
        ("张", "李", False),
    ],
)
def test_names_are_alike_by_sound_or_by_one_character(one, other, alike):
    assert duplicates.alike(one, other) is alike


def test_the_identity_number_decides_alone(person):
    made = person("张伟", id_number=(number := id_number()), phone="13800001234")
    person("张伟", phone="13800001234")

    found = duplicates.matches(name="李娜", area_code=CELL, id_number=number, phone="13800001234")

    assert found == [Match(made, Ground.ID_NUMBER)]


def test_a_shared_phone_counts_only_with_a_near_name(person):
    made = person("张伟", phone="13800001234")
    person("王芳", phone="13800001234")

    assert duplicates.matches(name="张卫", area_code=CELL, phone="13800001234") == [Match(made, Ground.PHONE)]


def test_a_household_counts_only_with_a_near_name_and_no_other_birth_date(person, household):
    home = household("1")
    made = person("张小明", household=home)
    person("张晓明", household=home, birth_date=date(1999, 9, 9))

    found = duplicates.matches(name="张晓明", area_code=CELL, household_id=home.pk, birth_date=BORN)

    assert found == [Match(made, Ground.HOUSEHOLD)]


def test_a_birth_date_in_the_area_counts_with_a_near_name(person):
    made, other = person("欧阳丽娜", birth_date=BORN), person("张伟", birth_date=BORN)
    person("张卫", birth_date=BORN)

    assert duplicates.matches(name="欧阳丽那", area_code="410883", birth_date=BORN) == [Match(made, Ground.BIRTH_DATE)]
    # two characters leave too little: only the very same name is a question
    assert duplicates.matches(name="张伟", area_code="410883", birth_date=BORN) == [Match(other, Ground.BIRTH_DATE)]
    assert duplicates.matches(name="张伟", area_code="410883002", birth_date=BORN) == []


def test_a_person_is_no_duplicate_of_themselves(person):
    made = person("张伟", id_number=(number := id_number()), phone="13800001234", birth_date=BORN)

    found = duplicates.matches(
        name="张伟", area_code=CELL, id_number=number, phone="13800001234", birth_date=BORN, besides=made.pk
    )

    assert found == []


def test_pairs_of_an_area_are_found_set_based(person, django_assert_num_queries):
    one, other = person("张小明", birth_date=BORN), person("张晓明", birth_date=BORN)
    person("李建国", birth_date=BORN)
    person("王芳", birth_date=date(1990, 1, 1))

    with django_assert_num_queries(1):
        assert duplicates.pairs(CELL) == [(one, other)]
    assert duplicates.pairs(CELL, limit=0) == []


def test_two_good_numbers_are_two_people(person):
    person("张小明", id_number=id_number(BORN))
    person("张小明", id_number=id_number(BORN))

    assert duplicates.pairs(CELL) == []
