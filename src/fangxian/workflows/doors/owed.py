"""What is owed today to the people of a cell: checks, tests to be reminded of, arrivals to be confirmed, tasks."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.quarantine.models import DailyCheck, Stay
from fangxian.systems.testing import selectors as testing

SEEN = DailyCheck.Status.COOPERATIVE


@dataclass
class Owed:
    """What one person is owed today.

    stay: an open stay in quarantine, whether at home or elsewhere. slots: mornings and evenings (AM, PM) nobody has
    looked at yet, of a person at home. last: the latest temperature (°C) before today's open check. tests: days due.
    """

    stay: Stay | None = None
    slots: list[str] = field(default_factory=list)
    done: dict[str, str] = field(default_factory=dict)
    last: Decimal | None = None
    tests: list = field(default_factory=list)
    is_reminded: bool = False
    arrivals: list = field(default_factory=list)
    tasks: list = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything is left to do."""
        open_tests = bool(self.tests) and not self.is_reminded
        return bool(self.slots or open_tests or self.arrivals or self.tasks)

    def take(self, tasks: Iterable[Any]) -> None:
        """Keep the tasks about the person; whether an arrival has come is asked once, not by its task again."""
        asked = {row.pk for row in self.arrivals}
        self.tasks = [task for task in tasks if task.subject_id not in asked]


def of_cell(code: str, on: date, person_ids: list[UUID], reminded: set[str]) -> dict[UUID, Owed]:
    """What is owed in a cell on a day, by person: six queries whatever the number of people."""
    found: dict[UUID, Owed] = defaultdict(Owed)
    for stay in quarantine.open_stays(code):
        if stay.starts_on <= on:
            found[stay.person_id].stay = stay
    for slot in DailyCheck.Slot:
        for stay in quarantine.due_checks(code, on, slot):
            if stay.place == Stay.Place.HOME:
                found[stay.person_id].slots.append(slot.value)
    _add_checks(found, on)
    for duty in testing.due(on):
        found[duty.person_id].tests.append(duty)
        found[duty.person_id].is_reminded = str(duty.pk) in reminded
    for arrival in arrivals.in_area(code).filter(state__in=Arrival.OPEN):
        found[arrival.person_id].arrivals.append(arrival)
    return found


def _add_checks(found: dict[UUID, Owed], on: date) -> None:
    """The latest temperature of everybody who is followed, and what was found today: one query."""
    followed = [person for person, due in found.items() if due.stay]
    for person, rows in quarantine.checks_of(followed, since=on - timedelta(days=2)).items():
        for check in rows:
            if check.temperature is not None:
                found[person].last = check.temperature
            if check.day == on:
                found[person].done[check.slot] = _shown(check)


def _shown(check: DailyCheck) -> str:
    return str(check.temperature) if check.status == SEEN else str(check.status)


def by_person(rows: Iterable[Any], key: Callable[[Any], UUID | None]) -> dict[UUID | None, list[Any]]:
    """Rows by whom they are about; None for those about nobody."""
    found: dict[UUID | None, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
