"""The end of a day: what every figure counted is put down and stays, so that “since yesterday” has one meaning.

The hour is the pack's. What stood (open tasks, contacts being followed) is kept with the ids of its rows, so that the
difference can say which rows came and went; what happened on the day is known by its date and needs none.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fangxian.core import policy
from fangxian.core.clock import now, today
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.situation import counting, figures
from fangxian.systems.situation.changes import CELL
from fangxian.systems.situation.figures import Figure, Span
from fangxian.systems.situation.models import ClosedDay, DayCount

MOST_IDS = 50_000
"""Of a figure with more rows only the number is kept: a difference of so many is read off the registers."""
BATCH = 1_000
BYTES = 16


def closes_at(day: date) -> datetime:
    """The moment the figures of a day are put down."""
    hour = int(policy.pack(disease=ANY_DISEASE).number("situation.closing_hour"))
    return timezone.make_aware(datetime.combine(day, time.min) + timedelta(hours=hour))


def due() -> date | None:
    """The last day that is over and not closed; days nobody was there to close are not invented afterwards."""
    day = today()
    while closes_at(day) > now():
        day -= timedelta(days=1)
    return None if ClosedDay.objects.filter(day__gte=day).exists() else day


def close_due() -> date | None:
    """Close the day that is over; the day closed, or None."""
    day = due()
    return close(day) if day else None


def close(day: date) -> date | None:
    """Put the figures of a day down once; None where somebody was faster."""
    at = closes_at(day)
    span = Span(figures.span_of(day).starts_at, min(figures.span_of(day).ends_at, at), at)
    found = [row for figure in figures.catalogue() for row in _of(figure, span, day)]
    with transaction.atomic():
        _closed, is_new = ClosedDay.objects.get_or_create(day=day, defaults={"closed_at": now()})
        if not is_new:
            return None
        DayCount.objects.bulk_create(found, batch_size=BATCH)
    return day


def forget() -> int:
    """Drop the ids of days that nobody compares with any more; their numbers stay. Returns how many counts."""
    keep = int(policy.pack(disease=ANY_DISEASE).number("situation.rows_days"))
    before = today() - timedelta(days=keep)
    return DayCount.objects.filter(day__lt=before, ids__isnull=False).update(ids=None)


def packed(ids: Iterable[UUID]) -> bytes:
    """Ids as bytes, in order."""
    return b"".join(sorted(one.bytes for one in ids))


def unpacked(kept: bytes) -> set[UUID]:
    """The ids again."""
    return {UUID(bytes=bytes(kept[start : start + BYTES])) for start in range(0, len(kept), BYTES)}


def _of(figure: Figure, span: Span, day: date) -> list[DayCount]:
    numbers = counting.count(figure, span)
    if figure.flow or sum(numbers.values()) > MOST_IDS:
        return [DayCount(day=day, figure=figure.key, cell=cell, value=n) for cell, n in numbers.items()]
    cells: dict[str, list[UUID]] = defaultdict(list)
    for area, pk in figure.rows(span).values_list("area_id", "pk"):
        cells[area[:CELL]].append(pk)
    return [
        DayCount(day=day, figure=figure.key, cell=cell, value=len(ids), ids=packed(ids)) for cell, ids in cells.items()
    ]
