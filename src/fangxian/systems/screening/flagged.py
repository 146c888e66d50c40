"""Flagged scans: kept whatever they were, counted by reason, and gone with the visits of their day."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.screening.models import FlaggedScan, Place
from fangxian.systems.screening.plausible import Attempt


def keep(attempts: Iterable[Attempt]) -> int:
    """Store attempts in one commit; how many were new. Sending one again is harmless: its id is made on the device."""
    rows = list(attempts)
    with transaction.atomic():
        before = FlaggedScan.unscoped.filter(pk__in=[row.id for row in rows]).count()
        there = {place.pk.bytes: place for place in Place.unscoped.filter(pk__in=_places(rows))}
        known = set(Area.objects.filter(code__in={row.area for row in rows}).values_list("code", flat=True))
        made = [_row(row, there.get(row.place or b""), known) for row in rows]
        FlaggedScan.unscoped.bulk_create(made, ignore_conflicts=True)
    return len({row.id for row in rows}) - before


def counts(since: datetime) -> dict[str, int]:
    """How many flagged scans inside the scope, by reason, most frequent first."""
    found = FlaggedScan.objects.filter(scanned_at__gte=since).values_list("reason").annotate(rows=Count("pk"))
    return dict(sorted(found, key=lambda pair: -pair[1]))


def drop_before(moment: datetime) -> int:
    """Delete attempts scanned or received before a moment, as the visits of that time are; how many there were."""
    old = FlaggedScan.unscoped.filter(scanned_at__lt=moment) | FlaggedScan.unscoped.filter(created_at__lt=moment)
    return old.delete()[0]


def erase(person: UUID) -> int:
    """Delete a person's attempts; how many there were."""
    return FlaggedScan.unscoped.filter(person=person).delete()[0]


def _places(rows: list[Attempt]) -> list[UUID]:
    return [UUID(bytes=row.place) for row in rows if row.place is not None]


def _row(row: Attempt, place: Place | None, known: set[str]) -> FlaggedScan:
    return FlaggedScan(
        id=row.id,
        area_id=row.area if row.area in known else _somewhere(place),
        reason=row.reason,
        place=place,
        place_area_id=place.area_id if place else None,
        device=row.device[:80],
        device_at=None if row.device_at is None else datetime.fromtimestamp(row.device_at, UTC),
        scanned_at=datetime.fromtimestamp(row.scanned_at, UTC),
        digest=row.digest,
        person=row.person,
        created_at=now(),
        source=Source.INGEST,
    )


def _somewhere(place: Place | None) -> str:
    """Whose it is when the device's area is no area of ours: the place's, else the whole installation's."""
    if place is not None:
        return place.area_id
    return Area.objects.filter(parent__isnull=True).order_by("code").values_list("code", flat=True)[0]
