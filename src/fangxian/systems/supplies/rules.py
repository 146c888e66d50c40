"""What the pack says of supplies: how much an area holds, how fast work uses it, how long a request may take."""

from dataclasses import dataclass
from datetime import timedelta

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.supplies.words import SupplyItem


@dataclass(frozen=True)
class Work:
    """A day of the work that is planned: samples to be taken, staff on duty."""

    samples: float = 0.0
    staff: int = 0


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area, by its operating mode; rules of supplies name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def minimum(pack: Pack, item: str, *, people: int, staff: int) -> int:
    """How much an area has to hold: for its people, or for its staff over so many days, whichever is more."""
    by_people = pack.table("supplies.minimum.per_10000").get(item, 0) * people / 10_000
    by_staff = pack.table("supplies.norm.per_staff_day").get(item, 0) * staff * pack.number("supplies.minimum.days")
    return round(max(by_people, by_staff))


def norm(pack: Pack, item: str, work: Work) -> float:
    """How much of an item a day of planned work uses."""
    by_sample = pack.table("supplies.norm.per_sample").get(item, 0) * work.samples
    return by_sample + pack.table("supplies.norm.per_staff_day").get(item, 0) * work.staff


def burn_days(pack: Pack) -> int:
    """Over how many days use is looked at."""
    return int(pack.number("supplies.burn.days"))


def burn_least_days(pack: Pack) -> int:
    """From how many days of use on it says more than the norm."""
    return int(pack.number("supplies.burn.least_days"))


def alert_days(pack: Pack) -> int:
    """What lasts for fewer days is short."""
    return int(pack.number("supplies.alert_days"))


def expiring(pack: Pack) -> timedelta:
    """What expires so soon is named."""
    return pack.duration("supplies.expiring_days")


def plan_days(pack: Pack) -> int:
    """How far ahead planned work is counted."""
    return int(pack.number("supplies.plan_days"))


def time_to(pack: Pack, step: str) -> timedelta:
    """Within which a step of a request is done: agree, dispatch, receive, settle."""
    return pack.duration(f"supplies.{step}_hours")


def price(pack: Pack, item: str) -> float:
    """What one of it costs, in yuan; 0 where nobody said."""
    return float(pack.table("supplies.price").get(item, 0))


def kept(pack: Pack) -> list[str]:
    """The items an area has to hold by the pack."""
    tables = ("supplies.minimum.per_10000", "supplies.norm.per_staff_day")
    return [str(item) for item in SupplyItem.values if any(pack.table(name).get(item) for name in tables)]
