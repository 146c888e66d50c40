"""Who may be the same person entered twice."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import modes
from fangxian.engines.matching import State
from fangxian.systems.people import duplicates
from fangxian.systems.people.matching import Said
from fangxian.systems.people.models import DuplicatePair
from tests.unit.people.conftest import CELL, id_number

BORN = date(1980, 5, 17)
PHONE = "13800001234"


def may_be(said: Said, **how):
    verdict = duplicates.matches(said, **how)
    return verdict.state, [match.known.ref for match in verdict.matches]


def test_the_identity_number_decides_alone_where_the_name_does_not_speak_against_it(person):
    made = person("张伟", id_number=(number := id_number()), phone=PHONE)
    person("张伟", phone=PHONE)

    state, refs = may_be(Said("张卫", number=number, phone=PHONE))
    assert (state, refs[0]) == (State.MATCHED, made.pk)
    assert may_be(Said("李娜", number=number))[0] == State.DOUBTFUL


def test_a_swapped_pair_of_digits_is_found_again(person):
    made = person("张伟", id_number=(number := id_number()))
    wrong = number[:15] + number[16] + number[15] + number[17]
    assert wrong != number

    assert may_be(Said("张伟", number=wrong)) == (State.MATCHED, [made.pk])


def test_a_shared_phone_counts_only_with_a_near_name(person):
    made = person("张伟", phone=PHONE)
    person("王芳", phone=PHONE)

    assert may_be(Said("张卫", phone=PHONE)) == (State.DOUBTFUL, [made.pk])


def test_a_household_counts_only_with_a_near_name_and_no_other_birth_date(person, household):
    home = household("1")
    made = person("张小明", household=home)
    person("张晓明", household=home, birth_date=date(1999, 9, 9))

    assert may_be(Said("张晓明", household=home.pk, birth=BORN)) == (State.DOUBTFUL, [made.pk])


def test_a_door_is_found_however_it_is_written(person):
    made = person("张小明", address="孟州市大定街道段西村十二号", birth_date=BORN)

    found = may_be(Said("张晓明", address="段西村12号", birth=BORN))

    assert found == (State.MATCHED, [made.pk])


def test_a_door_of_the_household_counts_like_one_of_the_person(person, cell):
    from fangxian.systems.people import services

    home = services.add_household(by=None, area=cell, number="7", address="段西村8号楼1单元302室")
    made = person("张小明", household=home, birth_date=BORN)

    assert may_be(Said("张小明", address="段西村8-1-302", birth=BORN)) == (State.MATCHED, [made.pk])


def test_a_birth_date_counts_with_a_near_name(person):
    made, other = person("欧阳丽娜", birth_date=BORN), person("张伟", birth_date=BORN)
    person("赵强", birth_date=BORN)

    assert may_be(Said("欧阳丽那", birth=BORN)) == (State.DOUBTFUL, [made.pk])
    assert may_be(Said("张卫", birth=date(1980, 5, 17))) == (State.DOUBTFUL, [other.pk])
    assert may_be(Said("张伟", birth=date(1971, 1, 1))) == (State.NEW, [])


def test_day_and_month_exchanged_is_the_same_day_written_otherwise(person):
    made = person("欧阳丽娜", birth_date=date(1980, 5, 7))

    assert may_be(Said("欧阳丽娜", birth=date(1980, 7, 5))) == (State.DOUBTFUL, [made.pk])


def test_a_person_is_no_duplicate_of_themselves(person):
    made = person("张伟", id_number=(number := id_number()), phone=PHONE, birth_date=BORN)

    assert may_be(Said("张伟", number=number, phone=PHONE, birth=BORN), besides=made.pk) == (State.NEW, [])


def test_pairs_of_an_area_are_found_in_one_query(person, django_assert_num_queries):
    one, other = person("张小明", birth_date=BORN), person("张晓明", birth_date=BORN)
    person("李建国", birth_date=BORN)
    person("王芳", birth_date=date(1990, 1, 1))

    with modes.remembered(), django_assert_num_queries(2):  # the mode whose pack rules, and the pairs
        found = duplicates.pairs(CELL)

    assert [{first.ref, match.known.ref} for first, match in found] == [{one.pk, other.pk}]


def test_two_good_numbers_are_two_people(person):
    person("张小明", id_number=id_number(BORN))
    person("张小明", id_number=id_number(BORN))

    assert duplicates.pairs(CELL) == []


def test_a_search_keeps_each_pair_once_and_respects_what_was_decided(person, officer):
    one, other = person("张小明", birth_date=BORN), person("张晓明", birth_date=BORN)
    by = officer()

    assert duplicates.search(CELL, by=by) == 1
    assert duplicates.search(CELL, by=by) == 0
    assert duplicates.open_pairs("410883").count() == 1

    kept = duplicates.not_duplicate(one=other, other=one, by=by)
    assert (kept.state, kept.decided_by) == (DuplicatePair.State.DISTINCT, by)
    assert duplicates.search(CELL, by=by) == 0
    assert duplicates.open_pairs("410883").count() == 0


def test_a_pair_may_be_decided_before_anybody_searched(person, officer):
    one, other = person("张小明"), person("张晓明")

    kept = duplicates.not_duplicate(one=one, other=other, by=officer())

    assert {kept.one_id, kept.other_id} == {one.pk, other.pk}
    with pytest.raises(ValidationError, match="two views"):
        duplicates.not_duplicate(one=one, other=one, by=officer())
