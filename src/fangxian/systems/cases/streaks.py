"""The “three none” streak (三无成果): for how many days an area has had no case of the classes its pack names.

Computed from the cases each time it is asked, never typed: a case that is withdrawn never broke it, one whose onset is
dated back broke it then. Which classes and diseases count, on which day a case counts, and whether it counts until it
is over, are rules (`streak.three_none.*`); the default is our own reading, for no text defines the words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, F, Max, Q, QuerySet, Value, When
from django.db.models.fields import DateField
from django.db.models.functions import Coalesce, TruncDate

from fangxian.core import policy
from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.cases.models import Case

CLASSES, DISEASES, DAY, UNTIL = (f"streak.three_none.{name}" for name in ("classes", "diseases", "day", "until"))
OUTCOME = "OUTCOME"
DAYS: Mapping[str, Any] = {
    "ONSET": F("onset_on"), "SAMPLED": TruncDate("sampled_at"), "POSITIVE": TruncDate("positive_at"),
    "REPORTED": TruncDate("reported_at"), "ENTERED": TruncDate("created_at"),
}  # fmt: skip


@dataclass(frozen=True)
class Streak:
    """How long an area has held it. last_on is None, and with it since and days, where no case was ever on record."""

    area_code: str
    on: date
    last_on: date | None
    cases: int
    pack: str

    @property
    def since(self) -> date | None:
        """The first day of the streak: the day after the last case; None while it is broken today."""
        return self.last_on + timedelta(days=1) if self.last_on and self.last_on < self.on else None

    @property
    def days(self) -> int | None:
        """Days held, the asked one included; 0 on a day with a case; None where there is nothing to count from."""
        return max(0, (self.on - self.last_on).days) if self.last_on else None

    @property
    def broken_by(self) -> str:
        """Which cases broke it last, as the list of them is asked for: `day area`."""
        return f"{self.last_on.isoformat()} {self.area_code}" if self.last_on else ""


def rules_of(area_code: str, on: date | None = None) -> Pack:
    """The pack that says what breaks the streak of an area."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on)


def streak(area_code: str, on: date | None = None) -> Streak:
    """The streak of an area and all below it on a day (today)."""
    return streaks([area_code], area_code, on)[area_code]


def streaks(codes: Iterable[str], by: str, on: date | None = None) -> dict[str, Streak]:
    """The streaks of many areas, each with all below it, by the rules of one area; two queries.

    codes: areas inside `by`, which may lie inside each other. Only cases of days up to the asked one count.
    """
    day, codes = on or today(), list(codes)
    pack = rules_of(by, on)
    last = _last_days(_counting(pack, by, day), codes)
    found = _how_many(_counting(pack, by, day), last)
    return {code: Streak(code, day, last[code], found[code], pack.version) for code in codes}


def breaking(day: date, area_code: str) -> Q:
    """The cases that broke the streak of an area on a day."""
    return Q(pk__in=_counting(rules_of(area_code), area_code, today()).filter(counted_on=day).values("pk"))


def _counting(pack: Pack, area_code: str, until: date) -> QuerySet[Case]:
    """Cases that count, each with the day until which it does."""
    low, high = code_range(area_code)
    rows = Case.objects.filter(
        area_id__gte=low, area_id__lt=high, classification__in=pack.items(CLASSES), disease__in=pack.items(DISEASES)
    )
    return rows.order_by().annotate(counted_on=_day(pack, until)).filter(counted_on__lte=until)


def _day(pack: Pack, until: date) -> Any:
    day = Coalesce(*(DAYS[name] for name in (*pack.items(DAY), "ENTERED")), output_field=DateField())
    if pack.get(UNTIL) != OUTCOME:
        return day
    ill = Q(outcome=Case.Outcome.NO_OUTCOME)
    return models.Case(When(ill, then=Value(until)), default=Coalesce("outcome_on", day), output_field=DateField())


def _last_days(rows: QuerySet[Case], codes: list[str]) -> dict[str, date | None]:
    last = dict(rows.values_list("area_id").annotate(last=Max("counted_on")))
    return {code: max((day for area, day in last.items() if area.startswith(code)), default=None) for code in codes}


def _how_many(rows: QuerySet[Case], last: Mapping[str, date | None]) -> dict[str, int]:
    days = {day for day in last.values() if day}
    counts = rows.filter(counted_on__in=days).values_list("area_id", "counted_on").annotate(cases=Count("pk"))
    found = list(counts) if days else []
    return {
        code: sum(cases for area, day, cases in found if day == last[code] and area.startswith(code)) for code in last
    }
