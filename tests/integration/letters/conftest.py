"""Two commands of one installation: Mengzhou asks, Qinyang answers."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.core.identity.gb11643 import check_character
from fangxian.systems.cases import services as cases
from fangxian.systems.people import services as people
from fangxian.workflows import letter_of_assistance

MORNING = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
VILLAGE, NEIGHBOUR = "410883001212", "410882001201"
FIRST_17 = ("41088219900101001", "41088219900101003", "41088219900101005")
NUMBERS = tuple(digits + check_character(digits) for digits in FIRST_17)


@pytest.fixture
def two(officer):
    """Officers of both, a case of Mengzhou, three people of Qinyang; at 08:00 on 2022-03-15."""
    with clock.frozen(MORNING), scope.everywhere("test"):
        yield people_of(officer)


def people_of(officer) -> SimpleNamespace:
    """Officers of both, a case, three people of the other county."""
    case = cases.open_case(
        by=None, person=person("甲", VILLAGE), disease="covid19", positive_at=MORNING, sampled_at=MORNING
    )
    named = enumerate(zip("戊己庚", NUMBERS, strict=True))
    return SimpleNamespace(
        investigator=officer("investigator"), second=officer("duty_officer"),
        there=officer("duty_officer", area="410882"), worker=officer("grid_worker", area=NEIGHBOUR), case=case,
        guests=[person(name, NEIGHBOUR, id_number=number, phone=f"1380000000{at}") for at, (name, number) in named],
    )  # fmt: skip


def person(name: str, code: str, **values):
    return people.add_person(by=None, area=Area.objects.get(code=code), name=name, **values)


def ask(two, guests=None, **values):
    return letter_of_assistance.ask(
        by=two.investigator, people=guests or two.guests, about=two.case, because="同乘一车", **values
    )


def change(record, **values):
    return records.change(record, by=None, action="test.changed", **values)
