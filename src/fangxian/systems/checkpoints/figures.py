"""Figures of a point or a shift: one query over an index, never a count typed by somebody."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from fangxian.core.clock import now
from fangxian.systems.checkpoints.models import Passage, Shift
from fangxian.systems.checkpoints.words import Decision, Direction

COUNTS = {
    "passages": Count("pk"),
    "vehicles": Count("pk", filter=Q(plate_index__isnull=False)),
    "on_foot": Count("pk", filter=Q(plate_index__isnull=True)),
    "people": Sum("people", default=0),
    "inwards": Count("pk", filter=Q(direction=Direction.IN)),
    "exceptions": Count("pk", filter=~Q(gravest="")),
    "turned_back": Count("pk", filter=Q(decision=Decision.TURNED_BACK)),
    "referred": Count("pk", filter=Q(decision=Decision.REFERRED)),
    "held": Count("pk", filter=Q(decision=Decision.HELD)),
}


def between(point_id: Any, since: datetime, until: datetime) -> dict[str, int]:
    """The figures of a point for a time."""
    rows = Passage.objects.filter(point_id=point_id, passed_at__gte=since, passed_at__lt=until)
    return rows.aggregate(**COUNTS)


def by_point(point_ids: list, since: datetime) -> dict[Any, dict[str, int]]:
    """The figures of several points since a moment, one query."""
    rows = Passage.objects.filter(point_id__in=point_ids, passed_at__gte=since)
    return {row.pop("point_id"): row for row in rows.values("point_id").annotate(**COUNTS)}


def open_by_point(point_ids: list) -> dict[Any, int]:
    """Open exceptions of several points, one query."""
    rows = Passage.objects.filter(point_id__in=point_ids, is_open=True).values("point_id").annotate(rows=Count("pk"))
    return {row["point_id"]: row["rows"] for row in rows}


def of_shift(shift: Shift, until: datetime | None = None) -> dict[str, int]:
    """The figures of a shift up to now, with the exceptions of its point that are open."""
    end = until or now() + timedelta(microseconds=1)
    counts = between(shift.point_id, shift.starts_at, max(end, shift.starts_at))
    return {**counts, "open": Passage.objects.filter(point_id=shift.point_id, is_open=True).count()}
