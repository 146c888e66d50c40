"""What follows from what was entered."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.areas import Area
from fangxian.core.fields import Secret
from fangxian.systems.people import derived
from fangxian.systems.people.models import Person

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def number(first17: str) -> str:
    return first17 + derived.identity.gb11643.check_character(first17)


MAN = number("41088319800517123")
WOMAN = number("41088319800517124")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("张伟", "zw"),
        ("欧阳丽娜", "oyln"),
        ("单田芳", "stf"),
        ("尉迟恭", "ycg"),
        ("买买提·吐尔逊", "mmttex"),
        ("Anna  Lee", "al"),
        ("", ""),
    ],
)
def test_initials_read_the_surname_as_a_surname(name, initials):
    assert derived.initials(name) == initials


def test_a_resident_number_gives_paper_birth_date_and_sex():
    done = derived.complete({"name": " 张  伟 ", "id_number": f" {MAN.lower()}", "phone": "+86 138-0000-1234"})

    assert done == {
        "name": "张 伟",
        "initials": "zw",
        "id_number": MAN,
        "id_type": Person.IdType.RESIDENT,
        "sex": Person.Sex.MALE,
        "birth_date": date(1980, 5, 17),
        "phone": "13800001234",
    }


@pytest.mark.parametrize(
    ("first17", "paper"),
    [("81000019800517123", Person.IdType.PERMIT), ("91103119800517123", Person.IdType.FOREIGN)],
)
def test_the_number_says_which_paper_it_is(first17, paper):
    assert derived.complete({"id_number": number(first17)})["id_type"] == paper


def test_an_old_foreign_card_says_nothing_about_sex():
    done = derived.complete({"id_number": "USA110080051712", "id_type": Person.IdType.FOREIGN, "sex": "FEMALE"})

    assert (done["sex"], done["birth_date"]) == ("FEMALE", date(1980, 5, 17))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"id_number": MAN, "sex": "FEMALE"}, "sex"),
        ({"id_number": WOMAN, "sex": "MALE"}, "sex"),
        ({"id_number": MAN, "birth_date": date(1980, 5, 18)}, "birth_date"),
        ({"id_number": MAN[:-1] + ("1" if MAN[-1] != "1" else "2")}, "id_number"),
        ({"id_number": 410883198005171230}, "id_number"),
        ({"id_number": "!", "id_type": "PASSPORT"}, "id_number"),
        ({"id_number": MAN, "id_type": "NONE"}, "id_number"),
        ({"phone": "12345"}, "phone"),
    ],
)
def test_what_contradicts_itself_is_refused_by_field(values, field):
    with pytest.raises(ValidationError) as error:
        derived.complete(values)

    assert [*error.value.error_dict] == [field]


def test_what_agrees_is_not_refused():
    done = derived.complete({"id_number": MAN, "sex": "MALE", "birth_date": date(1980, 5, 17)})

    assert done["id_number"] == MAN


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"id_type": "RESIDENT"}, {"id_type": "RESIDENT"}),
        ({"id_type": "NONE", "id_number": ""}, {"id_type": "NONE", "id_number": ""}),
        ({"id_type": "PASSPORT", "id_number": "e1234 5678"}, {"id_type": "PASSPORT", "id_number": "E12345678"}),
        ({"id_type": "TEMPORARY", "id_number": "t 7"}, {"id_type": "TEMPORARY", "id_number": "T7"}),
        ({"id_type": "TEMPORARY"}, {"id_type": "TEMPORARY"}),
        ({"phone": ""}, {"phone": ""}),
    ],
)
def test_other_papers(values, expected):
    assert derived.complete(values) == expected


def test_people_without_papers_get_a_number_that_stays_the_same():
    values = {"id_type": "TEMPORARY", "area": Area(code="410883001212")}

    done = derived.complete(values, person_id=ID)

    assert done["id_number"] == "T41088302099A8057"
    assert derived.complete(done, person_id=ID) == done


def test_a_secret_is_read_like_plain_text():
    secret = Secret(MAN, kind="id", aad="people.person.id_number")

    assert derived.complete({"id_number": secret})["id_number"] == MAN


@pytest.mark.parametrize(
    ("written", "number"),
    [(MAN.lower(), MAN), ("USA110080051712", "USA110080051712"), ("e-12345678", "E12345678"), ("", ""), (None, "")],
)
def test_numbers_are_looked_up_in_one_spelling(written, number):
    assert derived.normal_number(written) == number


def test_the_old_15_digits_find_the_18():
    assert derived.normal_number("410883800517123") == MAN


@pytest.mark.parametrize(("written", "phone"), [("138 0000 1234", "13800001234"), ("12", "")])
def test_phones_are_looked_up_in_one_spelling(written, phone):
    assert derived.normal_phone(written) == phone
