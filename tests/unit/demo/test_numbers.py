"""Numbers of invented people pass the checks of real ones, and none repeats."""

import numpy as np

from fangxian.core import identity
from fangxian.demo import numbers


def test_identity_numbers_are_valid_and_say_sex_and_birth_date():
    births, male = np.array([19540229, 20200101, 19991231]), np.array([True, False, True])
    births[0] = 19560229  # a leap day
    made = numbers.identity_numbers(np.array([410883] * 3), births, male)
    parsed = [identity.resident_id(number) for number in made]
    assert [f"{one.birth_date:%Y%m%d}" for one in parsed] == ["19560229", "20200101", "19991231"]
    assert [one.sex.value for one in parsed] == ["male", "female", "male"]
    assert {one.region for one in parsed} == {"410883"}


def test_people_born_on_one_day_in_one_county_get_different_numbers():
    count = 200
    made = numbers.identity_numbers(np.full(count, 410883), np.full(count, 19700101), np.arange(count) % 2 == 0)
    assert len(set(made)) == count
    assert all(identity.resident_id(number).number == number for number in made)


def test_phones_are_mobile_numbers_nobody_has():
    made = numbers.phones(np.random.default_rng(1), 5000)
    assert len(set(made)) == 5000
    assert all(identity.mobile(number).number.startswith(numbers.PHONE_PREFIX) for number in made[:200])


def test_record_ids_are_version_seven_ordered_and_the_same_for_the_same_seed():
    made = numbers.uuids(np.random.default_rng(7), 100, 1_646_064_000)
    assert made == sorted(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    assert made == numbers.uuids(np.random.default_rng(7), 100, 1_646_064_000)


def test_no_rows_give_no_numbers():
    empty = np.array([], dtype=np.int64)
    assert numbers.identity_numbers(empty, empty, empty.astype(bool)) == []
    assert numbers.uuids(np.random.default_rng(1), 0, 0) == []
