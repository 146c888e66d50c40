"""Where a person stands in a round, from the tubes they gave samples into. Plain functions: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fangxian.systems.testing.models.results import LabResult
from fangxian.systems.testing.models.roster import MemberState

Value = LabResult.Value
#: a tube's word that names nobody yet, or says nothing sure: whoever is in it gives a sample of their own
UNSURE = frozenset({Value.POSITIVE, Value.INDETERMINATE})


@dataclass(frozen=True)
class Given:
    """One sample of a person: whether it was alone in its tube, when it was taken, and the result in force, if any.

    A held (contradictory) result is no word yet. Samples in lost tubes were never given.
    """

    single: bool
    sampled_at: datetime
    word: str | None = None


def state_of(samples: Iterable[Given]) -> MemberState:
    """The person's state: each rule before the next.

    1. no sample: missing
    2. a positive sample of their own: positive; no later tube takes that away, only a correction of the result does
    3. in a positive or unsure tube, and no negative sample of their own taken since: to be sampled singly
    4. a tube without a word: pending
    5. otherwise negative
    """
    given = list(samples)
    if not given:
        return MemberState.MISSING
    if any(one.single and one.word == Value.POSITIVE for one in given):
        return MemberState.POSITIVE
    doubted = [one.sampled_at for one in given if one.word in UNSURE]
    cleared = [one.sampled_at for one in given if one.single and one.word == Value.NEGATIVE]
    if doubted and not any(moment >= max(doubted) for moment in cleared):
        return MemberState.RECALL
    return MemberState.PENDING if any(one.word is None for one in given) else MemberState.NEGATIVE
