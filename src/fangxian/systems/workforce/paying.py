"""Days of a month that are paid, by category and rate; plain functions of stretches of time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from fangxian.systems.workforce.load import Span, blocks, hours_in


@dataclass(frozen=True)
class Rate:
    """A category of the pack: which kinds of work, yuan a day, and how many hours of it make a day."""

    category: str
    kinds: frozenset[str]
    yuan: Decimal
    hours: float
    pack: str


@dataclass(frozen=True)
class PaidDay:
    """A day of a person: what was worked, which category pays it (the best of those it fulfils), at which rate."""

    day: date
    rate: Rate
    hours: float
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Line:
    """Days of one category at one rate."""

    category: str
    days: int
    yuan: Decimal
    pack: str

    @property
    def amount(self) -> Decimal:
        """What they come to."""
        return self.days * self.yuan


def days_of_month(month: date) -> list[date]:
    """The days of the month that `month` lies in."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=number) for number in range((after - first).days)]


def paid_days(
    spans: Iterable[Span], days: Iterable[date], rates: Callable[[date], list[Rate]], zone: tzinfo
) -> list[PaidDay]:
    """The days that are paid: one category a day, the dearest whose hours are reached; `rates` of a day are dated."""
    kept = list(spans)
    found = (_paid(kept, day, rates(day), zone) for day in days)
    return [one for one in found if one is not None]


def lines(paid: Iterable[PaidDay]) -> list[Line]:
    """Days summed by category, rate and pack, the dearest first."""
    counted: dict[tuple[Decimal, str, str], int] = {}
    for one in paid:
        key = (one.rate.yuan, one.rate.category, one.rate.pack)
        counted[key] = counted.get(key, 0) + 1
    return [Line(category, days, yuan, pack) for (yuan, category, pack), days in sorted(counted.items(), reverse=True)]


def _paid(spans: list[Span], day: date, rates: list[Rate], zone: tzinfo) -> PaidDay | None:
    begins = datetime.combine(day, time.min, zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    here = [one for one in spans if one.starts_at < ends and one.ends_at > begins]
    for rate in sorted(rates, key=lambda one: (-one.yuan, one.category)):
        counted = [one for one in here if one.kind in rate.kinds]
        hours = hours_in(blocks(counted), begins, ends)
        if counted and hours >= rate.hours:
            return PaidDay(day, rate, hours, tuple(counted))
    return None
