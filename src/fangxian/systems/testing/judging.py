"""What a laboratory's word on a tube means, as plain functions: no database, no clock of their own.

A result is never silently wrong: it needs a registered sample, it cannot be older than the sample or lie in the
future, and a second word on the same tube is either the same (harmless) or a contradiction (both are held).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from fangxian.systems.testing.models import LabResult

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
    """What is known of the tube: how many samples it holds and when the last of them was taken."""

    samples: int
    last_sampled_at: datetime | None


def read_value(text: str) -> str | None:
    """The finding a laboratory's spelling stands for; None when nobody can say (never guessed)."""
    return _READ.get(str(text).strip().lower())


def refusal(word: Word, tube: TubeFacts, at: datetime):
    """Why a finding cannot be taken at all, as (field, reason); None when it can."""
    if tube.samples == 0:
        return "tube", _("No sample is registered in this tube: register who was sampled first.")
    if tube.last_sampled_at and word.tested_at < tube.last_sampled_at:
        return "tested_at", _("Tested before the sample was taken.")
    if word.tested_at > at + CLOCK_SKEW:
        return "tested_at", _("The time of the test lies in the future.")
    return None


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
