"""Writing down what the lists say about passages and passengers; the lists themselves are asked by a story."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fangxian.core import audit
from fangxian.core.clock import now, today
from fangxian.systems.checkpoints import judging
from fangxian.systems.checkpoints.models import Passage, Passenger
from fangxian.systems.checkpoints.words import gravest_first

_FIELDS = ["reasons", "because", "gravest", "advised", "rule", "is_open", "judged_at", "person"]


def note(*, passages: Iterable[Passage], found: Mapping[UUID, list[dict[str, Any]]], on_spot: Mapping[UUID, list[str]],
         persons: Mapping[UUID, UUID]) -> list[Passage]:  # fmt: skip
    """Set what was found for each passage beside what was seen on the spot; gives those that stand out by a list.

    `found`: passage → [{"reason", …what it was found by}]. The lists were asked for all of them, also for those without
    an entry; asking again changes nothing else.
    """
    rows, at = list(passages), now()
    for row in rows:
        row.because = found.get(row.pk, [])
        row.judged_at, row.person_id = at, persons.get(row.pk)
        every = [*on_spot.get(row.pk, ()), *(one["reason"] for one in row.because)]
        judging.apply(row, every, judging.rules(row.area_id, today()))
    Passage.unscoped.bulk_update(rows, _FIELDS, batch_size=200)
    striking = [row for row in rows if row.because]
    if striking:
        audit.write(
            "checkpoints.passages.matched", by=None, area=striking[0].area, detail={"exceptions": len(striking)}
        )
    return striking


def note_passengers(*, passengers: Iterable[Passenger], found: Mapping[UUID, list[dict[str, Any]]],
                    persons: Mapping[UUID, UUID]) -> list[Passenger]:  # fmt: skip
    """The same for people on a manifest."""
    rows, at = list(passengers), now()
    for row in rows:
        row.because = found.get(row.pk, [])
        row.judged_at, row.person_id = at, persons.get(row.pk)
        row.reasons = gravest_first(one["reason"] for one in row.because)
        row.gravest = row.reasons[0] if row.reasons else ""
    Passenger.unscoped.bulk_update(rows, ["because", "judged_at", "person", "reasons", "gravest"], batch_size=200)
    striking = [row for row in rows if row.because]
    if striking:
        audit.write("checkpoints.passengers.matched", by=None, area=striking[0].area,
                    detail={"exceptions": len(striking)})  # fmt: skip
    return striking
