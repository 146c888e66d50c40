"""What stands out about a passage by what was looked at on the spot, and what the rules advise; no list is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from fangxian.core import policy
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.checkpoints.words import CodeState, Decision, Direction, Striking, gravest_first

STRICTNESS = {
    Decision.LET_THROUGH: 0, Decision.REFERRED: 1, Decision.TURNED_BACK: 2, Decision.HELD: 3,
}  # fmt: skip
_CODES = {
    CodeState.RED: Striking.RED_CODE, CodeState.YELLOW: Striking.YELLOW_CODE, CodeState.NONE: Striking.NO_CODE,
}  # fmt: skip


class Looked(Protocol):
    """What is known of one person who was looked at."""

    code_state: str
    temperature: Decimal | None
    test_hours: int | None


@dataclass(frozen=True)
class Rules:
    """The rules of a point on a day, and the pack they come from."""

    fever_c: Decimal
    test_within_hours: int
    advice: Mapping[str, str]
    pack: str


def rules(area_code: str, on: date) -> Rules:
    """The rules in force in an area."""
    pack = policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on)
    said = pack.provenance("checkpoint.advice")
    return Rules(
        Decimal(str(pack.number("checkpoint.fever_c"))), int(pack.number("checkpoint.test_within_hours")),
        pack.table("checkpoint.advice"), f"{said.pack}@{said.version}"[:120],
    )  # fmt: skip


def kept_for(area_code: str, on: date) -> timedelta:
    """How long passages of an area are kept."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on).duration("retention.passages_days")


def reasons(direction: str, people: Iterable[Looked], held: Rules) -> list[str]:
    """What stands out about anybody of them, the gravest first. A test is asked of whoever comes in and was asked."""
    found: set[str] = set()
    for one in people:
        if one.code_state in _CODES:
            found.add(_CODES[CodeState(one.code_state)])
        if one.temperature is not None and one.temperature >= held.fever_c:
            found.add(Striking.FEVER)
        if direction == Direction.IN and _lacks_test(one, held):
            found.add(Striking.TEST_MISSING)
    return gravest_first(found)


def advised(found: Iterable[str], held: Rules) -> str:
    """The strictest advice for these reasons."""
    advice = (Decision(held.advice[reason]) for reason in found if reason in held.advice)
    return max(advice, key=STRICTNESS.__getitem__, default=Decision.LET_THROUGH)


def departs(decision: str, advice: str) -> bool:
    """Whether somebody was treated more mildly than advised."""
    return STRICTNESS[Decision(decision)] < STRICTNESS[Decision(advice)]


def apply(passage: Any, found: Iterable[str], held: Rules) -> None:
    """Set what follows from the reasons; an exception stays open until somebody says what became of it."""
    passage.reasons = gravest_first(found)
    passage.gravest = passage.reasons[0] if passage.reasons else ""
    passage.advised = advised(passage.reasons, held)
    passage.rule = held.pack
    passage.is_open = bool(passage.reasons) and passage.decision != Decision.TURNED_BACK and not passage.settled_at


def _lacks_test(one: Looked, held: Rules) -> bool:
    """A test nobody asked for is not missing: 0 hours means that it was asked for and there is none."""
    if not held.test_within_hours or one.test_hours is None:
        return False
    return one.test_hours == 0 or one.test_hours > held.test_within_hours
