"""How long what is there will last: used at a steady rate, what expires first first; what expires unused is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fangxian.systems.supplies.words import RateBasis, label_of, unit_of

FOREVER = None


@dataclass(frozen=True)
class Lot:
    """A quantity that may be used through a day; None where it does not expire."""

    quantity: int
    expires_on: date | None


@dataclass(frozen=True)
class Lasting:
    """For how many whole days it lasts (None: nothing is used), and how much of it expires unused until then."""

    days: int | None
    wasted: float


@dataclass(frozen=True)
class Rate:
    """How much a day is used, and how that is known."""

    a_day: float
    basis: RateBasis


@dataclass(frozen=True)
class Row:
    """One item of an area: what may be used, what has expired, what must be there, how fast it goes, until when."""

    item: str
    stock: int
    expired: int
    expiring: int
    minimum: int
    rate: Rate
    days_left: int | None
    runs_out_on: date | None
    spoils: int
    is_short: bool
    cost_a_day: float

    @property
    def label(self) -> str:
        """The item in the reader's language."""
        return label_of(self.item)

    @property
    def unit(self) -> str:
        """What one of it is called."""
        return str(unit_of(self.item))

    @property
    def missing(self) -> int:
        """How much is missing to the minimum."""
        return max(self.minimum - self.stock, 0)


def lasting(lots: Iterable[Lot], a_day: float, today: date) -> Lasting:
    """Live through the lots in the order in which they expire.

    A lot that expires on a day may be used on that day; lots that have expired are none. Exact for a steady rate: at
    every moment the lot that expires first is the one that is used.
    """
    usable = [lot for lot in lots if lot.expires_on is None or lot.expires_on >= today]
    if a_day <= 0:
        return Lasting(FOREVER if usable else 0, 0.0)
    at, wasted = 0.0, 0.0
    for lot in sorted(usable, key=lambda one: one.expires_on or date.max):
        until = float("inf") if lot.expires_on is None else (lot.expires_on - today).days + 1
        used = min(float(lot.quantity), max(until - at, 0.0) * a_day)
        at += used / a_day
        wasted += lot.quantity - used
    return Lasting(int(at + 1e-9), wasted)


def rate(*, used: int, over_days: int, norm: float, least_days: int) -> Rate:
    """From use where enough days are known, else from the work that is planned."""
    if over_days >= least_days and used:
        return Rate(used / over_days, RateBasis.USE)
    if norm > 0:
        return Rate(norm, RateBasis.NORM)
    return Rate(0.0, RateBasis.USE if over_days >= least_days else RateBasis.NONE)


def day_after(days: int | None, today: date) -> date | None:
    """The day on which it runs out."""
    return None if days is None else today + timedelta(days=min(days, 36_500))
