"""Every identifier that is not a resident number, as tables."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from fangxian.core import clock
from fangxian.core.identity import (
    PARSERS,
    Doubt,
    InvalidIdentifier,
    PassportType,
    PlateKind,
    Sex,
    container,
    foreign_permanent_id,
    mobile,
    normalise,
    organisation_code,
    passport,
    phone,
    plate,
)
from fangxian.core.identity.gb11643 import check_character


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(datetime(2026, 11, 21, 4, tzinfo=UTC)):
        yield


NORMALISED = [
    ("ＡＢＣ１２３", "ABC123"),
    ("  张　 三\n", "张 三"),
    ("张\u200b三\ufeff", "张三"),
    ("a\x00b", "ab"),
    ("e\u200b\u0301", "é"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "kept"), NORMALISED)
def test_normalise(written, kept):
    assert normalise(written) == kept


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    once = normalise(text)
    assert normalise(once) == once


CARD = "911840199001011234"[:17]
CARD += check_character(CARD)

ACCEPTED = [
    # kind, written, kept
    ("foreign_permanent_id", CARD, CARD),
    ("foreign_permanent_id", "usa3100 900101 12", "USA310090010112"),
    ("passport", "e 1234 5678", "E12345678"),
    ("passport", "AB-123456", "AB123456"),
    ("organisation_code", "91110000600037341l", "91110000600037341L"),
    ("organisation_code", "９１１１０００0600037341L", "91110000600037341L"),
    ("mobile", "138 1234 1234", "13812341234"),
    ("mobile", "+86-138-1234-1234", "13812341234"),
    ("mobile", "0086 19912341234", "19912341234"),
    ("mobile", "8613812341234", "13812341234"),
    ("mobile", "１３８１２３４１２３４", "13812341234"),
    ("mobile", 13812341234.0, "13812341234"),
    ("mobile", 13812341234, "13812341234"),
    ("phone", "13812341234", "13812341234"),
    ("phone", "0391-8123456", "0391-8123456"),
    ("phone", "(0391) 8123456", "0391-8123456"),
    ("phone", "03918123456转12", "0391-8123456-12"),
    ("phone", "0391-8123456-12", "0391-8123456-12"),
    ("phone", "+86 10 8123 4567", "010-81234567"),
    ("phone", "021-81234567 ext.8", "021-81234567-8"),
    ("container", "csqu 305438-3", "CSQU3054383"),
    ("container", "CSQU3054383", "CSQU3054383"),
]


@pytest.mark.parametrize(("kind", "written", "kept"), ACCEPTED)
def test_accepted_and_stable(kind, written, kept):
    assert PARSERS[kind](written).number == kept
    assert PARSERS[kind](kept).number == kept


REFUSED = [
    ("foreign_permanent_id", CARD[:17] + "?", "18 characters"),
    ("foreign_permanent_id", CARD[:3] + "1" + CARD[4:], "check digit"),
    ("foreign_permanent_id", "11010519491231002X", "begins with 9"),
    ("foreign_permanent_id", "USA310090023112", "not in the calendar"),
    ("passport", "E123", "5 to 15"),
    ("passport", "ABCDEFG", "5 to 15"),
    ("passport", "1.2E+08", "rounded"),
    ("organisation_code", "91110000600037341M", "check digit"),
    ("organisation_code", "911100006000373000", "rounded"),
    ("organisation_code", "911100006000373", "old licence"),
    ("organisation_code", "9111000060003734", "18 characters"),
    ("organisation_code", "91110000O00037341L", "without I, O, S, V and Z"),
    ("mobile", "12812341234", "13 to 19"),
    ("mobile", "1381234123", "13 to 19"),
    ("mobile", "138123412345", "13 to 19"),
    ("mobile", "1.38E+10", "rounded"),
    ("mobile", "", "Nothing"),
    ("phone", "8123456", "area code"),
    ("phone", "0391-812345", "area code"),
    ("phone", "12812341234", "area code"),
    ("container", "CSQU3054384", "check digit"),
    ("container", "CSQX3054383", "4 letters"),
    ("container", "CSQU305438", "4 letters"),
    ("plate", "豫A1234", "civil plate"),
    ("plate", "豫I12345", "civil plate"),
    ("plate", "军A12345", "civil plate"),
    ("plate", "A12345", "civil plate"),
    ("plate", "豫H1234567", "civil plate"),
    ("plate", "豫HL12345", "civil plate"),
]


@pytest.mark.parametrize(("kind", "written", "reason"), REFUSED)
def test_refused_with_a_reason(kind, written, reason):
    with pytest.raises(InvalidIdentifier) as refusal:
        PARSERS[kind](written)
    assert reason in str(refusal.value)


PLATES = [
    ("豫H12345", "豫H12345", PlateKind.ORDINARY),
    ("豫h·a1b2c", "豫HA1B2C", PlateKind.ORDINARY),
    (" 晋D-99999 ", "晋D99999", PlateKind.ORDINARY),
    ("桂B．１２３４５", "桂B12345", PlateKind.ORDINARY),
    ("豫HD12345", "豫HD12345", PlateKind.NEW_ENERGY_SMALL),
    ("豫HFA1234", "豫HFA1234", PlateKind.NEW_ENERGY_SMALL),
    ("豫H12345D", "豫H12345D", PlateKind.NEW_ENERGY_LARGE),
    ("豫H1234挂", "豫H1234挂", PlateKind.TRAILER),
    ("豫H1234学", "豫H1234学", PlateKind.LEARNER),
    ("豫H1234警", "豫H1234警", PlateKind.POLICE),
    ("粤Z1234港", "粤Z1234港", PlateKind.HONG_KONG),
    ("粤Z1234澳", "粤Z1234澳", PlateKind.MACAU),
]


@pytest.mark.parametrize(("written", "kept", "kind"), PLATES)
def test_plates(written, kept, kind):
    parsed = plate(written)
    assert (parsed.number, parsed.kind, parsed.city, parsed.doubts) == (kept, kind, kept[:2], ())


def test_letters_that_plates_do_not_use_are_read_as_digits_and_said():
    parsed = plate("豫HO2I45")
    assert (parsed.number, parsed.doubts) == ("豫H02145", (Doubt.LETTER_READ_AS_DIGIT,))


PASSPORTS = [
    ("E12345678", "CHN", PassportType.ORDINARY),
    ("EA1234567", "cn", PassportType.ORDINARY),
    ("G12345678", "CHN", PassportType.ORDINARY),
    ("PE1234567", "CHN", PassportType.PUBLIC_AFFAIRS),
    ("SE1234567", "CHN", PassportType.SERVICE),
    ("DE1234567", "CHN", PassportType.DIPLOMATIC),
    ("M12345678", "KOR", PassportType.UNKNOWN),
    ("M12345678", "", PassportType.UNKNOWN),
]


@pytest.mark.parametrize(("number", "issuer", "type_"), PASSPORTS)
def test_passports(number, issuer, type_):
    parsed = passport(number, issuer=issuer)
    assert (parsed.number, parsed.type, parsed.issuer) == (number, type_, issuer.upper())
    assert parsed.doubts == (Doubt.NO_CHECK_DIGIT,)


def test_the_type_of_a_foreign_passport_is_what_was_said():
    assert passport("M12345678", issuer="KOR", type=PassportType.SERVICE).type is PassportType.SERVICE


def test_an_unknown_chinese_series_is_refused():
    with pytest.raises(InvalidIdentifier, match="begin with E, G, P, S or D"):
        passport("X12345678", issuer="CHN")


def test_the_two_forms_of_the_foreigners_card():
    new, old, young = (
        foreign_permanent_id(CARD),
        foreign_permanent_id("USA310090010112"),
        foreign_permanent_id("KOR310009010112"),
    )
    assert (new.country, new.birth_date, new.sex, new.doubts) == ("840", date(1990, 1, 1), Sex.MALE, ())
    assert (old.country, old.birth_date, old.sex) == ("USA", date(1990, 1, 1), None)
    assert old.doubts == (Doubt.NO_CHECK_DIGIT,)
    assert young.birth_date == date(2009, 1, 1)


def test_the_parts_of_an_organisation_code():
    parsed = organisation_code("91110000600037341L")
    assert (parsed.authority, parsed.region, parsed.organisation) == ("91", "110000", "600037341")


def test_the_parts_of_a_container_number():
    assert (container("CSQU3054383").owner, container("CSQU3054383").category) == ("CSQ", "U")


def test_mobile_and_landline_are_told_apart():
    assert (mobile("13812341234").is_mobile, phone("0391-8123456").is_mobile) == (True, False)


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.integers(0, 10**8 - 1), st.text(ALPHABET, min_size=9, max_size=9), st.integers(0, 17), st.integers(1, 9))
def test_every_single_wrong_digit_of_an_organisation_code_is_caught(head, body, place, shift):
    first17 = f"{head:08}{body}"
    valid = first17 + uscc.calc_check_digit(first17 + "0")
    assert organisation_code(valid).number == valid
    wrong = ALPHABET[(ALPHABET.index(valid[place]) + shift) % (10 if place < 8 else 31)]
    with pytest.raises(InvalidIdentifier):
        organisation_code(valid[:place] + wrong + valid[place + 1 :])
