"""What a laboratory's word on a tube means, as plain functions: no database, no clock of their own.

A result is never silently wrong: it needs a registered sample, it cannot be older than the sample or lie in the
future, and a second word on the same tube is either the same (harmless) or a contradiction (both are held).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from fangxian.systems.testing.models import LabAccident, LabResult

Kind = LabAccident.Kind
Value, State = LabResult.Value, LabResult.State
STANDING = frozenset({State.IN_FORCE, State.HELD})
#: a laboratory's clock may run ahead of ours by this much
CLOCK_SKEW = timedelta(minutes=10)
#: how laboratories write their findings
SPELLINGS = {
    Value.NEGATIVE: ("negative", "neg", "n", "-", "0", "阴性", "阴", "未检出", "not detected"),
    Value.POSITIVE: ("positive", "pos", "p", "+", "1", "阳性", "阳", "检出", "detected"),
    Value.INDETERMINATE: ("indeterminate", "inconclusive", "可疑", "灰区", "不确定", "弱阳性待复核"),
}
_READ = {spelling: value for value, spellings in SPELLINGS.items() for spelling in spellings}


class Verdict(StrEnum):
    """What to do with a laboratory's word."""

    NEW = "NEW"
    SAME = "SAME"
    CONTRADICTS = "CONTRADICTS"


@dataclass(frozen=True)
class Word:
    """One finding as the laboratory gives it."""

    value: str
    tested_at: datetime
    laboratory: str


@dataclass(frozen=True)
class TubeFacts:
    """What is known of the tube: how many samples it holds, when the last was taken, and how it was handed over.

    `laboratory` is where its batch went, if it was in one; `received_at` when that laboratory took it in.
    """

    samples: int
    last_sampled_at: datetime | None
    laboratory: str = ""
    received_at: datetime | None = None
    is_lost: bool = False


@dataclass(frozen=True)
class Objection:
    """Why a finding cannot be taken: the field, the sentence, the kind of accident it is."""

    field: str
    reason: Any
    kind: str


def read_value(text: str) -> str | None:
    """The finding a laboratory's spelling stands for; None when nobody can say (never guessed)."""
    return _READ.get(str(text).strip().lower())


def refusal(word: Word, tube: TubeFacts, at: datetime) -> Objection | None:
    """Why a finding cannot be taken at all; None when it can."""
    if tube.samples == 0:
        reason = _("No sample is registered in this tube: register who was sampled first.")
        return Objection("tube", reason, Kind.RESULT_EMPTY_TUBE)
    if tube.is_lost:
        reason = _("This tube was declared lost: say first that it was found.")
        return Objection("tube", reason, Kind.RESULT_OF_LOST_TUBE)
    if tube.laboratory and tube.laboratory != word.laboratory:
        reason = _("This tube was handed over to another laboratory.")
        return Objection("laboratory", reason, Kind.RESULT_OTHER_LABORATORY)
    return _wrong_time(word, tube, at)


def _wrong_time(word: Word, tube: TubeFacts, at: datetime) -> Objection | None:
    """Dates that were moved: each hand-over comes after the one before. Laboratories write minutes, so those count."""
    if tube.last_sampled_at and word.tested_at < _minute(tube.last_sampled_at):
        return Objection("tested_at", _("Tested before the sample was taken."), Kind.RESULT_BEFORE_SAMPLE)
    if tube.received_at and word.tested_at < _minute(tube.received_at):
        reason = _("Tested before the laboratory received the tube.")
        return Objection("tested_at", reason, Kind.RESULT_BEFORE_RECEIPT)
    if word.tested_at > at + CLOCK_SKEW:
        return Objection("tested_at", _("The time of the test lies in the future."), Kind.RESULT_IN_FUTURE)
    return None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def oddities(verdict: Verdict, other: LabResult | None, tube: TubeFacts, source: str) -> list[str]:
    """What is odd about a finding that is taken, or known already: kinds of accidents."""
    found = [Kind.RESULT_CONTRADICTS.value] if verdict == Verdict.CONTRADICTS else []
    if verdict == Verdict.SAME and other is not None and other.state not in STANDING:
        found.append(Kind.RESULT_AFTER_WITHDRAWAL)
    elif verdict == Verdict.SAME and other is not None and other.source != source:
        found.append(Kind.RESULT_TWO_WAYS)
    if verdict != Verdict.SAME and tube.laboratory and tube.received_at is None:
        found.append(Kind.RESULT_BEFORE_RECEIPT)
    return found


def judge(word: Word, known: Iterable[LabResult]) -> tuple[Verdict, LabResult | None]:
    """Compare a finding with the stored results of the same tube and disease.

    The same value as one that stands is the same result. So is the very word that was rejected or withdrawn before:
    a laboratory that sends its file again does not reopen what two persons decided. Any other value contradicts.
    """
    known = list(known)
    standing = [result for result in known if result.state in STANDING]
    for result in standing:
        if result.value == word.value:
            return Verdict.SAME, result
    for result in known:
        if _says_the_same(result, word):
            return Verdict.SAME, result
    return (Verdict.CONTRADICTS, standing[0]) if standing else (Verdict.NEW, None)


def _says_the_same(result: LabResult, word: Word) -> bool:
    return (result.value, result.tested_at, result.laboratory) == (word.value, word.tested_at, word.laboratory)
