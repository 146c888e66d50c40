"""The ledgers of quarantine: checks are judged whichever way they come; stays are only read."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian.registers import site as registers
from tests.unit.quarantine.conftest import day


@pytest.fixture
def values(people):
    (person,) = people(1)
    return {"area": person.area, "person": person, "day": day(1), "slot": "AM", "temperature": Decimal("38.1")}


def test_a_check_is_judged_and_judged_again(values):
    register = registers.get("quarantine.dailycheck")

    check = register.write(by=None, values=register.clean_row(values))
    corrected = register.write(by=None, values={"temperature": Decimal("36.6")}, record=check, base_version=1)

    assert (check.fever, corrected.fever) == (True, False)
    with pytest.raises(ValidationError):
        register.clean_row({**values, "temperature": None})


def test_stays_are_written_by_booking_only(officer):
    register = registers.get("quarantine.stay")

    assert register.read_only
    assert not register.may(officer("duty_officer"), "write")
    assert register.may(officer("duty_officer"), "read")
