"""Which zone a place, code or point falls into on a day: pure, so that pages, checkpoints and jobs agree.

    zones = selectors.in_force(at)
    match = level_of(zones, "410882001", at)                      # a stay known by a code
    match = level_of(zones, "410882001003", day, point=(34.91, 112.79))   # and by a point
    if match: match.level, match.zone.name, match.how

A code falls into a zone whose code is the same or above it (codes are prefixes). A zone drawn as a shape is matched
by a point alone: who is only known to have been in the village around a building may have been inside, and `possible`
says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from fangxian.core.areas import covers
from fangxian.core.clock import day_of
from fangxian.systems.risk_areas.shapes import Shape

Point = tuple[float, float]
"""Latitude, longitude in degrees."""


@dataclass(frozen=True)
class Zone:
    """A version of a risk area, as it counts from `starts_at` to before `ends_at` (None: until changed).

    rank: how grave the level is by the pack, 0 the least. gravity: as which of HIGH, MEDIUM and LOW the pack treats
    who comes from there. managed: whether the pack asks anything of who was there. codes: national area codes wholly
    inside. shape: what lies inside a line; `lies_in` is the code around it. building: inside `lies_in`, as addresses
    write it. declared_at: since when the area has been managed without a break. look_back_days: how long before that a
    stay counts.
    """

    area_id: UUID
    version_id: UUID
    name: str
    disease: str
    level: str
    rank: int
    managed: bool
    codes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None
    declared_at: datetime
    look_back_days: int
    shape: Shape | None = None
    lies_in: str = ""
    building: str = ""
    pack: str = ""
    gravity: str = ""

    def holds(self, on: date | datetime) -> bool:
        """Whether it is in force at a moment, or at any moment of a local day."""
        begin, end = span_of(on)
        return self.starts_at < end and (self.ends_at is None or self.ends_at > begin)

    @property
    def counts_from(self) -> datetime:
        """The first moment a stay counts: local midnight `look_back_days` before the area was declared."""
        day = day_of(self.declared_at) - timedelta(days=self.look_back_days)
        return midnight(day)


@dataclass(frozen=True)
class Match:
    """A zone, and how it was met: by `code` or inside its `shape`."""

    zone: Zone
    how: str

    @property
    def level(self) -> str:
        """The level of the zone."""
        return self.zone.level


def level_of(zones: Iterable[Zone], code: str, on: date | datetime, point: Point | None = None) -> Match | None:
    """The gravest zone a code or point falls into at a moment, or on a local day; None for none.

    Of equal levels the narrower one: a shape before a code, a longer code before a shorter one, then the later one.
    """
    matches = [(zone, how) for zone in zones if zone.holds(on) and (how := _how(zone, code, point))]
    best = max(matches, key=lambda found: (found[0].rank, *_narrowness(*found, code), found[0].starts_at), default=None)
    return Match(*best) if best else None


def possible(zones: Iterable[Zone], code: str, on: date | datetime) -> list[Zone]:
    """Zones that lie inside a code without filling it: who was there may have been in one. The gravest first.

    Somebody from a county of which one street is a risk area, or from the village around a closed building, is to be
    asked where exactly.
    """
    found = [zone for zone in zones if zone.holds(on) and not _how(zone, code, None) and _lies_inside(zone, code)]
    return sorted(found, key=lambda zone: (-zone.rank, zone.name))


def span_of(on: date | datetime) -> tuple[datetime, datetime]:
    """A moment as the shortest span, a day from local midnight to the next."""
    if isinstance(on, datetime):
        return on, on + timedelta(microseconds=1)
    return midnight(on), midnight(on + timedelta(days=1))


def midnight(day: date) -> datetime:
    """The beginning of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _how(zone: Zone, code: str, point: Point | None) -> str:
    if point is not None and zone.shape is not None and zone.shape.contains(*point):
        return "shape"
    return "code" if code and any(covers(own, code) for own in zone.codes) else ""


def _narrowness(zone: Zone, how: str, code: str) -> tuple[int, int]:
    covering = [len(own) for own in zone.codes if covers(own, code)] if how == "code" else []
    return (how == "shape", max(covering, default=0))


def _lies_inside(zone: Zone, code: str) -> bool:
    """Whether some of the zone lies below the code, or around it: a drawn zone also below its own surroundings."""
    drawn = zone.lies_in and (covers(code, zone.lies_in) or covers(zone.lies_in, code))
    return bool(code) and bool(drawn or any(covers(code, own) for own in zone.codes))
