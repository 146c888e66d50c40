"""What one cell of a line list says: None when it says nothing; one nobody can read raises with the reason."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fangxian.core.identity import normalise
from fangxian.registers.tidy import tidy

#: how lists write that they do not know
NOTHING = frozenset(
    {"", "na", "n/a", "nan", "null", "nil", ".", "?", "-", "--", "unknown", "unk", "不详", "未知", "无"}
)
SEXES: Mapping[str, str] = {
    **dict.fromkeys(("m", "male", "man", "男"), "MALE"),
    **dict.fromkeys(("f", "female", "woman", "女"), "FEMALE"),
}
OUTCOMES: Mapping[str, str] = {
    **dict.fromkeys(("dead", "death", "died", "deceased", "fatal", "死亡"), "DECEASED"),
    **dict.fromkeys(("recover", "recovered", "discharged", "cured", "治愈", "出院", "痊愈"), "RECOVERED"),
    **dict.fromkeys(("alive", "ill", "hospitalised", "hospitalized", "在院", "治疗中"), "NO_OUTCOME"),
}
OLDEST = 130
_NO_SYMPTOMS = frozenset({"none", "no", "asymptomatic", "无症状"})
_AGE = re.compile(r"^(\d+(?:\.\d+)?)\s*(y|yr|yrs|years?|岁|m|mo|months?|个?月|d|days?|天)?$")
_PARTS = {"m": 12.0, "个": 12.0, "月": 12.0, "d": 365.25, "天": 365.25}
_DAY = forms.DateField()


def text(cell: Any) -> str | None:
    """The words of a cell, in one spelling; whole numbers without “.0”."""
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    words = normalise(str(cell)) if cell is not None else ""
    return None if words.casefold() in NOTHING else words


def day(cell: Any) -> date | None:
    """A day: ISO, `8-Jun-14`, `2015年6月8日`, 20150608, or as Excel counts days. Day/month order is never guessed."""
    words = text(cell)
    if words is None:
        return None
    found = tidy(_DAY, cell if isinstance(cell, int | float | date) else words)
    if isinstance(found, datetime):
        return found.date()
    if isinstance(found, date):
        return found
    raise ValidationError(_("“%(text)s” is not a date.") % {"text": words[:40]})


def age(cell: Any) -> float | None:
    """Age in years; months and days are parts of a year."""
    words = text(cell)
    if words is None:
        return None
    found = _AGE.match(words.casefold().strip("~约"))
    years = float(found[1]) / _PARTS.get((found[2] or "y")[0], 1.0) if found else OLDEST + 1
    if years > OLDEST:
        raise ValidationError(_("“%(text)s” is not an age.") % {"text": words[:40]})
    return round(years, 3)


def sex(cell: Any) -> str | None:
    """MALE or FEMALE."""
    return _word(cell, SEXES, _("“%(text)s” is not a sex."))


def outcome(cell: Any) -> str | None:
    """How the illness ended, in our words."""
    return _word(cell, OUTCOMES, _("“%(text)s” is not an outcome."))


def symptomatic(cell: Any) -> bool | None:
    """Whether there are symptoms: words for symptoms mean yes, words for none mean no."""
    words = text(cell)
    return None if words is None else words.casefold() not in _NO_SYMPTOMS


def died(cell: Any) -> date | bool | None:
    """A day of death, or yes and no."""
    words = text(cell)
    if words is not None and words.casefold() in ("yes", "true", "是", "dead", "died"):
        return True
    if words is not None and words.casefold() in ("no", "false", "否", "alive", "0"):
        return False
    return day(cell)


def midnight(on: date | None) -> datetime | None:
    """A day known only as a day, as the time it begins where the platform runs."""
    return timezone.make_aware(datetime.combine(on, time.min)) if on else None


def _word(cell: Any, words: Mapping[str, str], complaint: str) -> str | None:
    said = text(cell)
    if said is None:
        return None
    if said.casefold() not in words:
        raise ValidationError(complaint % {"text": said[:40]})
    return words[said.casefold()]
