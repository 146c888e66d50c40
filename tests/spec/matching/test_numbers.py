"""Identity numbers as people write them: what each may have meant."""

from datetime import date

import pytest

from fangxian.engines.matching import Slip, readings
from fangxian.engines.matching import numbers as engine

GOOD = "410883198005170015"[:17] + engine.check_character("41088319800517001")
WITH_X = next(
    body + "X" for body in (f"41088319800517{n:03d}" for n in range(999)) if engine.check_character(body) == "X"
)


@pytest.mark.parametrize("number", [GOOD, WITH_X])
def test_a_good_number_is_read_as_it_stands(number):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number.lower())
    for written in (number, f" {number[:6]} {number[6:14]}-{number[14:]} ", wide, f"'{number}"):
        assert dict(readings(written)) == {number: Slip.NONE}


def test_the_old_form_is_renewed():
    assert dict(readings(GOOD[:6] + GOOD[8:17])) == {GOOD: Slip.OLD_FORM}
    assert dict(readings("410883809999001")) == {}


@pytest.mark.parametrize("number", [GOOD, WITH_X])
def test_every_single_slip_is_among_the_readings(number):
    for at in range(17):
        wrong = str((int(number[at]) + 3) % 10)
        assert readings(number[:at] + wrong + number[at + 1 :])[number] == Slip.ONE_DIGIT
        lost = readings(number[:at] + number[at + 1 :])
        assert lost[number] == Slip.MISSING_DIGIT and len(lost) <= 18
        assert readings(number[:at] + number[at] + number[at:])[number] == Slip.EXTRA_DIGIT
    swaps = [at for at in range(16) if number[at] != number[at + 1]]
    for at in swaps:
        found = readings(number[:at] + number[at + 1] + number[at] + number[at + 2 :])
        assert found[number] == Slip.SWAPPED and len(found) <= 25


def test_a_letter_in_the_middle_is_one_wrong_character():
    assert readings(GOOD[:9] + "O" + GOOD[10:])[GOOD] == Slip.ONE_DIGIT


def test_a_wrong_last_character_is_found():
    wrong = "5" if GOOD[17] != "5" else "6"
    assert readings(GOOD[:17] + wrong)[GOOD] in (Slip.ONE_DIGIT, Slip.SWAPPED)
    assert readings(GOOD[:17])[GOOD] == Slip.MISSING_DIGIT
    assert readings(GOOD[:17] + "?")[GOOD] == Slip.ONE_DIGIT


@pytest.mark.parametrize("written", ["", "12345", "abc", "E12345678", "41088319801317001?", "000000000000000000"])
def test_what_is_no_number_has_no_reading(written):
    assert GOOD not in readings(written)
    assert all(engine.is_valid(number) for number in readings(written))


def test_day_and_sex_stand_inside():
    assert engine.birth(GOOD) == date(1980, 5, 17)
    assert engine.sex(GOOD) == "m" and engine.sex(GOOD[:16] + "2" + GOOD[17]) == "f"
    assert engine.birth("41088317000101") is None
    assert engine.birth("41088319801301") is None
    assert engine.birth("410883abcdefgh") is None
