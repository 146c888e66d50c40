"""What a card says in words, for its page and for the papers made of it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.subjects import name_of
from fangxian.systems.surveillance.words import FeedChannel, FeedStep, SignalKind, SignalMethod
from fangxian.workflows.warning import ruling

NEVER, YEARS = 100_000, 730
"""Days from which chance is no explanation any more, and from which years are easier to read than days."""


def unusual(signal: Signal) -> str:
    """How unusual it is, in a sentence."""
    if signal.kind == SignalKind.SILENCE:
        days = f"{signal.observed:g}"
        return _("Nothing was reported for %(days)s days. Silence is not zero: ask whoever reports.") % {"days": days}
    if signal.kind == SignalKind.RULE:
        return ruling.counted(signal)
    words = {"counted": f"{signal.observed:g}", "expected": f"{signal.expected or 0:.1f}", "often": _often(signal)}
    return _("%(counted)s counted where %(expected)s were expected; as much comes by chance %(often)s.") % words


def other_channels(signal: Signal) -> list[dict[str, Any]]:
    """The other channels with their words; of silent pharmacies their names."""
    return [_told(signal, one) for one in signal.others]


def _told(signal: Signal, line: dict[str, Any]) -> dict[str, Any]:
    """One line: its subject stands with the channel, and its area beside it, only where they are not the card's."""
    channel = str(dict(FeedChannel.choices).get(line.get("channel", ""), ""))
    subject = line.get("disease", signal.disease)
    elsewhere = line.get("area", signal.area_id) != signal.area_id
    return {
        **line, "channel": channel if subject == signal.disease else f"{channel} ({name_of(subject)})",
        "method": dict(SignalMethod.choices).get(line.get("method", ""), ""),
        "area": line["area"] if elsewhere else "",
    }  # fmt: skip


def period(day: str, step: str) -> str:
    """A day of a curve as a table names it: a month by its month, a week by its first day."""
    if step == FeedStep.MONTH:
        return day[:7]
    return _("week of %(day)s") % {"day": day} if step == FeedStep.WEEK else day


def since(signal: Signal) -> date:
    """The first day it stands for."""
    return min(signal.first_on, signal.period_on or signal.first_on)


def _often(signal: Signal) -> str:
    """Once in how long, in words."""
    days = signal.recurrence_days or 0
    if days >= NEVER:
        return _("practically never")
    if days >= YEARS:
        return _("once in %(number)s years") % {"number": round(days / 365)}
    return _("once in %(number)s days") % {"number": max(1, round(days))}
