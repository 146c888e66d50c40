"""Resident identity numbers as people, forms and spreadsheets write them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fangxian.core import clock
from fangxian.core.identity import Doubt, Holder, InvalidIdentifier, Sex, residence_permit, resident_id
from fangxian.core.identity.errors import REASON_CHECK_DIGIT, REASON_EMPTY, REASON_ROUNDED
from fangxian.core.identity.gb11643 import check_character


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(datetime(2026, 11, 21, 4, tzinfo=UTC)):
        yield


def number(region="410883", birth="19900101", sequence="123"):
    first17 = region + birth + sequence
    return first17 + check_character(first17)


GOOD = number()
WITH_X = next(n for n in (number(sequence=f"{i:03}") for i in range(1, 999)) if n.endswith("X"))

ACCEPTED = [
    # what was written                         number     doubts
    (GOOD, GOOD, ()),
    (f" {GOOD[:6]} {GOOD[6:14]} {GOOD[14:]} ", GOOD, ()),
    (f"{GOOD[:6]}-{GOOD[6:14]}-{GOOD[14:]}", GOOD, ()),
    (f"'{GOOD}", GOOD, ()),
    (f"\u200b{GOOD}\ufeff", GOOD, ()),
    (GOOD.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)}), GOOD, ()),
    (WITH_X.lower(), WITH_X, ()),
    (WITH_X[:-1] + "Ｘ", WITH_X, ()),
    (int(GOOD), GOOD, ()),
    ("11010519491231002X", "11010519491231002X", ()),
    (number("990000"), number("990000"), ()),
    (number("660000"), number("660000"), (Doubt.UNKNOWN_REGION,)),
    (number("410871"), number("410871"), ()),
    ("410883900101123", number(), (Doubt.OLD_FORM,)),
    (410883900101123.0, number(), (Doubt.OLD_FORM,)),
]


@pytest.mark.parametrize(("written", "kept", "doubts"), ACCEPTED)
def test_accepted(written, kept, doubts):
    parsed = resident_id(written)
    assert (parsed.number, parsed.doubts) == (kept, doubts)


REFUSED = [
    ("", REASON_EMPTY),
    (None, REASON_EMPTY),
    ("　", REASON_EMPTY),
    (GOOD[:-1], "18 characters"),
    (GOOD + "1", "18 characters"),
    ("X" + GOOD[1:], "18 characters"),
    (number()[:17] + ("0" if GOOD[17] != "0" else "1"), REASON_CHECK_DIGIT),
    (number(birth="19900231"), "not in the calendar"),
    (number(birth="20270101"), "in the future"),
    (number(birth="18010101"), "too long ago"),
    # Excel keeps 15 digits
    (float(GOOD), REASON_ROUNDED),
    ("4.10883E+17", REASON_ROUNDED),
    ("4,10883e+17", REASON_ROUNDED),
    ("4.10883199001011E+17", REASON_ROUNDED),
    (int(GOOD) // 1000 * 1000, REASON_ROUNDED),
    (GOOD[:15] + "000", REASON_ROUNDED),
    (1.5, REASON_ROUNDED),
]


@pytest.mark.parametrize(("written", "reason"), REFUSED)
def test_refused(written, reason):
    with pytest.raises(InvalidIdentifier) as refusal:
        resident_id(written)
    assert str(reason) in str(refusal.value)
    assert refusal.value.kind == "resident_id"
    assert GOOD not in str(refusal.value)


def test_a_number_that_ends_in_000_and_fits_is_kept_with_a_doubt():
    """One in eleven rounded numbers fits by chance; a few real numbers end so too."""
    candidates = (number(birth=f"1990{month:02}01", sequence=f"{s}00") for month in range(1, 13) for s in range(1, 10))
    real = next(candidate for candidate in candidates if candidate.endswith("000"))
    assert resident_id(real).doubts == (Doubt.LOOKS_ROUNDED,)


HOLDERS = [
    ("410883", Holder.RESIDENT),
    ("810000", Holder.HONG_KONG),
    ("820000", Holder.MACAU),
    ("830000", Holder.TAIWAN),
    ("911840", Holder.FOREIGN),
]


@pytest.mark.parametrize(("region", "holder"), HOLDERS)
def test_what_a_number_says(region, holder):
    man, woman = resident_id(number(region, sequence="123")), resident_id(number(region, sequence="124"))
    assert (man.sex, woman.sex) == (Sex.MALE, Sex.FEMALE)
    assert man.birth_date == date(1990, 1, 1)
    assert (man.region, man.holder, man.doubts) == (region, holder, ())


def test_a_list_of_known_regions_can_be_given():
    assert resident_id(GOOD, regions={"410883"}).doubts == ()
    assert resident_id(GOOD, regions={"410882"}).doubts == (Doubt.UNKNOWN_REGION,)


def test_the_centenarians_of_the_old_form_were_born_in_the_19th_century():
    assert resident_id("410883950101998").birth_date == date(1895, 1, 1)


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_permit(region):
    assert residence_permit(number(region)).region == region


def test_another_number_is_no_residence_permit():
    with pytest.raises(InvalidIdentifier, match="810000, 820000 or 830000"):
        residence_permit(GOOD)


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_words(doubt):
    assert len(str(doubt.text)) > 20


COUNTIES = ("410811", "410883", "450226", "140403", "410871")


@pytest.mark.parametrize("region", COUNTIES)
def test_people_born_before_their_county_was_renamed_are_accepted(region):
    """A check of county code against birth year refused six in ten of such numbers."""
    for year in range(1935, 2026):
        assert resident_id(number(region, f"{year}0615")).doubts == ()


valid_numbers = st.builds(
    lambda region, birth, sequence: number(region, birth.strftime("%Y%m%d"), f"{sequence:03}"),
    st.sampled_from(COUNTIES),
    st.dates(date(1900, 1, 1), date(2026, 11, 20)),
    st.integers(1, 999),
)


@given(valid_numbers)
def test_generated_numbers_round_trip(valid):
    assert resident_id(valid).number == valid


@given(valid_numbers, st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(valid, place, shift):
    wrong = valid[:place] + str((int(valid[place]) + shift) % 10) + valid[place + 1 :]
    with pytest.raises(InvalidIdentifier):
        resident_id(wrong)


@given(valid_numbers, st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(valid, place):
    assume(valid[place] != valid[place + 1])
    swapped = valid[:place] + valid[place + 1] + valid[place] + valid[place + 2 :]
    with pytest.raises(InvalidIdentifier):
        resident_id(swapped)
