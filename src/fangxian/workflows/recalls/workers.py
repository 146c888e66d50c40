"""How people who handle goods stand: their last test and their last dose, joined by person (requirement K4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.systems.goods import rules, selectors
from fangxian.systems.goods.models import GoodsPlace, Worker
from fangxian.systems.immunization import selectors as immunization
from fangxian.systems.testing import selectors as testing

WHY = "a worker may have been tested and vaccinated anywhere"


@dataclass(frozen=True)
class Status:
    """One person.

    tested_at  when the last sample within the pack's days was taken, None for none
    value      what it gave, as `LabResult.Value`, "" while nothing stands
    dose_on    day of the last valid dose, None for none
    vaccine    which it was
    """

    tested_at: datetime | None = None
    value: str = ""
    dose_on: date | None = None
    vaccine: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether no test within the pack's days is on record."""
        return self.tested_at is None


def statuses(persons: Iterable[UUID], pack: Pack, until: datetime) -> dict[UUID, Status]:
    """The status of each person at a moment; three queries and one a disease, however many people."""
    ids = set(persons)
    with scope.everywhere(WHY):
        tests = {row.person_id: row for row in testing.tested_since(ids, until - rules.worker_tests(pack))}
        doses = {}
        for disease in rules.handler_tests(pack):
            doses |= immunization.last_doses(ids, disease)
    return {pk: _status(tests.get(pk), doses.get(pk)) for pk in ids}


def roster(place: GoodsPlace) -> list[tuple[Worker, Status]]:
    """Who works at a place today and how they stand, those whose test is overdue first."""
    workers = selectors.roster(place)
    known = statuses((row.person_id for row in workers), rules.pack_of(place.area_id), now())
    rows = [(row, known[row.person_id]) for row in workers]
    return sorted(rows, key=lambda pair: (not pair[1].is_overdue, pair[0].job))


def _status(test, dose) -> Status:
    return Status(
        test.sampled_at if test else None, (test.value or "") if test else "", dose.given_on if dose else None,
        dose.vaccine if dose else "",
    )  # fmt: skip
