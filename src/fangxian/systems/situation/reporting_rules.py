"""What the packs say about reports and assessments: the hour that closes a day, the second signature, the levels."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE

CLOSING, SECOND = "situation.report_closing_hour", "situation.report_second_person"
LEVELS, FOLLOW_UP = "situation.assessment_levels", "situation.assessment_follow_up_hours"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class RiskLevel:
    """How grave a session finds the situation: its key, its names, its place from mild to grave."""

    key: str
    zh: str
    en: str
    tone: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area, in its operating mode; reports name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def closes_at(area_code: str, day: date) -> datetime:
    """The moment a day's report is about: the hour of the pack on that day, local time."""
    hour = int(pack_of(area_code).number(CLOSING))
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(hours=hour)


def last_closed(area_code: str, at: datetime) -> date:
    """The last day whose closing hour has passed."""
    day = timezone.localdate(at)
    return day if closes_at(area_code, day) <= at else day - DAY


def needs_second(area_code: str) -> bool:
    """Whether a report of an area is issued by two."""
    return pack_of(area_code).flag(SECOND)


def levels(area_code: str) -> dict[str, RiskLevel]:
    """The levels a session chooses from, the mildest first."""
    return {one["key"]: RiskLevel(**one) for one in pack_of(area_code).items(LEVELS)}


def level(area_code: str, key: str) -> RiskLevel:
    """One level; raises `ValidationError` for what the pack does not know."""
    known = levels(area_code)
    if key not in known:
        raise ValidationError({"level": _("Choose the level of risk from the list.")})
    return known[key]


def follow_up_due(area_code: str, at: datetime) -> datetime:
    """Until when a follow-up that names no time is done."""
    return at + pack_of(area_code).duration(FOLLOW_UP)
