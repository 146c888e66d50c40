"""What the packs say about drills: who owes one in which period, and the clock of a reaction."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from fangxian.core import policy
from fangxian.core.policy import MissingRule, Pack
from fangxian.core.policy.files import ANY_DISEASE

CYCLE = "drills.cycle"
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Period:
    """A part of the calendar in which one drill is owed: first day, and the first day after it."""

    begin: date
    end: date

    @property
    def key(self) -> str:
        """The same for every reader: `2026-11-01`."""
        return self.begin.isoformat()

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - timedelta(days=1)

    @property
    def over_at(self) -> datetime:
        """The moment the period is over."""
        return timezone.make_aware(datetime.combine(self.end, time.min))

    @property
    def before(self) -> "Period":
        """The period of the same length before this one."""
        months = (self.end.year - self.begin.year) * 12 + self.end.month - self.begin.month
        return period(self.begin - timedelta(days=1), months)


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area; the rules about drills themselves name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def cycles(pack: Pack) -> dict[str, int]:
    """How many months a kind of area has for one drill."""
    return {kind: MONTHS[word] for kind, word in pack.table(CYCLE).items()}


def period(day: date, months: int) -> Period:
    """The part of the calendar of that many months (a divisor of twelve) a day lies in."""
    first = (day.month - 1) // months * months
    begin, after = date(day.year, first + 1, 1), first + months
    return Period(begin, date(day.year + after // 12, after % 12 + 1, 1))


def remind_before(pack: Pack) -> timedelta:
    """How long before the end of the period the task goes out."""
    return pack.duration("drills.remind_days")


def time_to_evaluate(pack: Pack) -> timedelta:
    """How long a copy may be there."""
    return pack.duration("drills.evaluate_hours")


def allowed(pack: Pack, clock: str) -> timedelta | None:
    """How long a reaction may take; None where the pack in force knows no such clock, and so none is kept."""
    try:
        return pack.duration(clock)
    except MissingRule:
        return None
