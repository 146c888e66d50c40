"""The month a visit's id was made in: where its row is kept while it is hot.

A UUIDv7 begins with the millisecond it was made. So a visit that is sent again comes into the same month's rows by
its id alone, whatever the clocks say by then, and one unique index a month keeps it from being stored twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from .rows import Visit

OTHER = "other"
"""Ids of no plausible month: a broken clock must not make a new file a month for a thousand years."""
FIRST_YEAR, LAST_YEAR = 2020, 2099


def bounds(month: str) -> tuple[bytes, bytes]:
    """The six bytes with which the ids of a month ("2022-03") begin: [first, one past the last)."""
    year, number = map(int, month.split("-"))
    following = (year + number // 12, number % 12 + 1)
    return _prefix(year, number), _prefix(*following)


def ended_before(month: str, second: int) -> bool:
    """Whether a month was over at a moment; the other ids have no end."""
    return month != OTHER and int.from_bytes(bounds(month)[1], "big") <= second * 1000


def month_of(visit_id: bytes) -> str:
    """ "2022-03" for most, "other" for ids that were made at no time of ours."""
    if not EARLIEST <= visit_id[:6] < LATEST:
        return OTHER
    return f"{datetime.fromtimestamp(int.from_bytes(visit_id[:6], 'big') // 1000, UTC):%Y-%m}"


def by_month(batches: Sequence[Sequence[Visit]]) -> dict[str, list[tuple[int, Sequence[Visit]]]]:
    """The rows of some batches by month, each with the number of its batch. Nearly always there is one month."""
    found: dict[str, list[tuple[int, Sequence[Visit]]]] = {}
    for number, batch in enumerate(batches):
        ids = [row.visit_id for row in batch]
        months = {month_of(min(ids)), month_of(max(ids))} if ids else set()
        if len(months) > 1 or OTHER in months:
            months = {month_of(visit_id) for visit_id in ids}
        for month in sorted(months):
            some = batch if len(months) == 1 else [row for row in batch if month_of(row.visit_id) == month]
            found.setdefault(month, []).append((number, some))
    return found


def _prefix(year: int, month: int) -> bytes:
    return (int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * 1000).to_bytes(6, "big")


EARLIEST, LATEST = _prefix(FIRST_YEAR, 1), _prefix(LAST_YEAR + 1, 1)
