"""What becomes of the rows of a request: visits, attempts, rejections; and the plain way to judge one scan."""

from __future__ import annotations

from dataclasses import dataclass

from fangxian.systems.screening.plausible import Attempt
from fangxian.warehouse.visits import Rejection
from fangxian.warehouse.visits.intake import Rules, impossible, visit_of
from fangxian.warehouse.visits.rows import Visit

from .scans import NoId, Scan, uuid_of


@dataclass
class Judged:
    """Every row of a request is in one of the three; attempts with their number in it."""

    visits: list[Visit]
    attempts: list[tuple[int, Attempt]]
    rejected: list[Rejection]

    def take(self, row: int, outcome: Visit | tuple[str, str]) -> None:
        """Put one judged scan where it belongs."""
        if isinstance(outcome, Visit):
            self.visits.append(outcome)
        else:
            self.rejected.append(Rejection(row, *outcome))


def judged(scan: Scan, place: str, rules: Rules) -> Visit | tuple[str, str]:
    """A scan at a place as the row to store, or field and reason why it cannot be."""
    try:
        visit = visit_of(scan.arrival(uuid_of("place", place)), rules)
    except NoId as error:
        return error.field, "invalid"
    return impossible(visit, rules) or visit
