"""How heavily somebody works: hours, nights, days, rest; plain functions of stretches of time.

Work counts by the time it covers, never by rows: two rows over one hour are one hour, and a shift cut in two is the
same shift. So nothing changes when a fact is known from two sources or entered in parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from fangxian.systems.workforce.words import Limit

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
Block = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Span:
    """Somebody at work from when until when; `slug` and `pk` name the row that says so, `where` the place."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    worker: str
    area: str = ""
    where: str = ""
    slug: str = ""
    pk: str = ""

    @property
    def hours(self) -> float:
        """How long."""
        return (self.ends_at - self.starts_at) / HOUR


@dataclass(frozen=True)
class Limits:
    """What the pack allows: hours of a shift (by kind, else for all), of seven days, and so on.

    break_: a pause shorter than this does not end a shift; night: a night counts with `night_hours` worked between the
    two times; day_hours: a day counts as worked with so many hours; loop_kinds: work in a closed loop.
    """

    shift_hours: float
    week_hours: float
    nights: int
    days: int
    rest: timedelta
    loop_days: int
    loop_kinds: frozenset[str]
    break_: timedelta
    night_from: time
    night_until: time
    night_hours: float
    day_hours: float
    kind_hours: tuple[tuple[str, float], ...] = ()

    def longest(self, kinds: Iterable[str]) -> float:
        """How long a shift of these kinds may be: the least any of them allows."""
        own = dict(self.kind_hours)
        return min((own.get(kind, self.shift_hours) for kind in kinds), default=self.shift_hours)


@dataclass(frozen=True)
class Load:
    """The load of one person at a moment; `rest_until`: rest is owed until then, None when none is or at work."""

    at: datetime
    week_hours: float
    shift_hours: float
    shift_limit: float
    nights: int
    days: int
    loop_days: int
    rest_before: float | None
    at_work: bool
    last_end: datetime | None
    rest_until: datetime | None


@dataclass(frozen=True)
class Breach:
    """A limit, what it is at and what it may be."""

    limit: Limit
    value: float
    allowed: float


def blocks(spans: Iterable[Span]) -> list[Block]:
    """The time covered, in order, without overlap; touching times are one."""
    return joined(((span.starts_at, span.ends_at) for span in spans), timedelta(0))


def joined(times: Iterable[Block], pause: timedelta) -> list[Block]:
    """The times in order, those not further apart than a pause taken together."""
    found: list[Block] = []
    for begins, ends in sorted(times):
        if found and begins - found[-1][1] <= pause:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def hours_in(times: Iterable[Block], begins: datetime, ends: datetime) -> float:
    """Hours of the times that lie between two moments."""
    inside = (min(last, ends) - max(first, begins) for first, last in times)
    return sum((part for part in inside if part > timedelta(0)), timedelta(0)) / HOUR


def days_worked(times: Iterable[Block], zone: tzinfo, least: float) -> set[date]:
    """The local days with at least so many hours of work."""
    kept = list(times)
    found = {day for first, last in kept for day in _days(first, last, zone)}
    return {day for day in found if hours_in(kept, *_bounds(day, zone)) >= least}


def until(spans: Iterable[Span], at: datetime) -> list[Span]:
    """What of the spans lies before a moment; one that goes on is cut there."""
    return [
        Span(one.starts_at, min(one.ends_at, at), one.kind, one.worker, one.area, one.where, one.slug, one.pk)
        for one in spans
        if one.starts_at < at
    ]


def load_of(spans: Iterable[Span], at: datetime, limits: Limits, zone: tzinfo) -> Load:
    """The load of one person at a moment from their spans; those of at least the longest limit before it are needed."""
    past = until(spans, at)
    times = blocks(past)
    shifts = joined(times, limits.break_)
    shift = next((one for one in reversed(shifts) if one[1] > at - limits.rest), None)
    last = shifts[-1][1] if shifts else None
    at_work = last is not None and last >= at
    owed = last + limits.rest if last is not None and not at_work else None
    kinds = [one.kind for one in past if shift and one.ends_at > shift[0] and one.starts_at < shift[1]]
    looped = blocks(one for one in past if one.kind in limits.loop_kinds)
    return Load(
        at, hours_in(times, at - WEEK, at), hours_in(times, *shift) if shift else 0.0, limits.longest(kinds),
        _nights(times, at, limits, zone), _running(days_worked(times, zone, limits.day_hours), at, zone),
        _running(days_worked(looped, zone, limits.day_hours), at, zone), _rest_before(shifts, shift), at_work, last,
        owed if owed and owed > at else None,
    )  # fmt: skip


def breaches(load: Load, limits: Limits) -> list[Breach]:
    """The limits a load is over, in the order of `Limit`."""
    rest = limits.rest / HOUR
    asked = (
        (Limit.SHIFT, load.shift_hours, load.shift_limit), (Limit.WEEK, load.week_hours, limits.week_hours),
        (Limit.NIGHTS, load.nights, limits.nights), (Limit.DAYS, load.days, limits.days),
        (Limit.LOOP, load.loop_days, limits.loop_days),
    )  # fmt: skip
    over = [Breach(limit, value, allowed) for limit, value, allowed in asked if value > allowed]
    if load.rest_before is not None and load.rest_before < rest:
        over.append(Breach(Limit.REST, load.rest_before, rest))
    return sorted(over, key=lambda one: list(Limit).index(one.limit))


def _rest_before(shifts: list[Block], shift: Block | None) -> float | None:
    """Hours between the shift that counts and the one before it."""
    number = shifts.index(shift) if shift else 0
    return (shifts[number][0] - shifts[number - 1][1]) / HOUR if number else None


def _nights(times: list[Block], at: datetime, limits: Limits, zone: tzinfo) -> int:
    """Nights of the last seven days that were worked; a night belongs to the day on which it begins."""
    today = at.astimezone(zone).date()
    crosses = timedelta(days=1) if limits.night_until <= limits.night_from else timedelta(0)
    count = 0
    for back in range(8):
        day = today - timedelta(days=back)
        begins = datetime.combine(day, limits.night_from, zone)
        ends = datetime.combine(day + crosses, limits.night_until, zone)
        count += ends > at - WEEK and hours_in(times, max(begins, at - WEEK), ends) >= limits.night_hours
    return count


def _running(days: set[date], at: datetime, zone: tzinfo) -> int:
    """Days in a row up to today; a day that has only begun does not end the row before it."""
    day = at.astimezone(zone).date()
    day = day if day in days else day - timedelta(days=1)
    count = 0
    while day in days:
        count, day = count + 1, day - timedelta(days=1)
    return count


def _days(first: datetime, last: datetime, zone: tzinfo) -> list[date]:
    begins, ends = first.astimezone(zone).date(), last.astimezone(zone).date()
    return [begins + timedelta(days=number) for number in range((ends - begins).days + 1)]


def _bounds(day: date, zone: tzinfo) -> Block:
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)
