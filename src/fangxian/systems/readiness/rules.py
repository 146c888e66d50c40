"""What the packs ask of a community and of a school: criteria with a measure and a threshold, never in code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import get_language

from fangxian.core import policy
from fangxian.core.policy import Pack, Rule
from fangxian.core.policy.files import ANY_DISEASE

CRITERIA, REQUIREMENTS = "epidemic_free.criterion", "school.requirement"
MET = "met"


@dataclass(frozen=True)
class Criterion:
    """One thing the pack asks for.

    key         its name in the pack
    measure     which figure is looked at
    at_least    the figure has to reach this; None: no lower limit
    at_most     the figure may not exceed this; None: no upper limit
    unknown     whether it counts as met where there is no figure (nobody of that age, no round held)
    ends        whether the status ends, or the school closes, when it is broken later
    options     what else the measure is told (days, a group, an item of a checklist)
    """

    key: str
    measure: str
    text: str
    at_least: float | None = None
    at_most: float | None = None
    unknown: bool = False
    ends: bool = True
    unit: str = ""
    source: str = ""
    confidence: str = ""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def holds(self, figure: float | None) -> bool:
        """Whether a figure satisfies it."""
        if figure is None:
            return self.unknown
        return (self.at_least is None or figure >= self.at_least) and (self.at_most is None or figure <= self.at_most)

    @property
    def threshold(self) -> str:
        """The limit as it is written beside a figure."""
        low = f"≥ {self.at_least:g}" if self.at_least is not None else ""
        return low or (f"≤ {self.at_most:g}" if self.at_most is not None else "—")


@dataclass(frozen=True)
class Verdict:
    """A criterion with the figure found; None where there is nothing to be counted.

    known   False where nobody has counted yet: what is not known shows nothing, whatever the pack says of no figure
    """

    criterion: Criterion
    figure: float | None
    known: bool = True

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.known and self.criterion.holds(self.figure)

    def as_json(self) -> dict[str, Any]:
        """What the row keeps of it."""
        return {"key": self.criterion.key, "figure": self.figure, "known": self.known, "met": self.met}


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area; criteria name no disease, their measures may."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def criteria(pack: Pack) -> list[Criterion]:
    """What a community is asked for, in the order of the pack."""
    return _asked(pack, CRITERIA)


def requirements(pack: Pack) -> list[Criterion]:
    """What a school is asked for, in the order of the pack."""
    return _asked(pack, REQUIREMENTS)


def broken(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those that do not hold."""
    return [one for one in verdicts if not one.met]


def ending(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those that do not hold and end what was granted."""
    return [one for one in broken(verdicts) if one.criterion.ends]


def validity(pack: Pack) -> timedelta:
    """How long the status holds."""
    return pack.duration("epidemic_free.valid_days")


def waiting(pack: Pack) -> timedelta:
    """How long after a revocation a community may not apply again."""
    return pack.duration("epidemic_free.again_days")


def least_people(pack: Pack) -> int:
    """A community of fewer people is not named in public."""
    return int(pack.number("epidemic_free.public_least_people"))


def time_to_answer(pack: Pack) -> timedelta:
    """Within which a revocation or a closure is answered."""
    return pack.duration("epidemic_free.answer_hours")


def known_places(pack: Pack) -> dict[str, int]:
    """How many key places of a kind the area says it has; kinds nobody has counted are missing."""
    return {kind: int(count) for kind, count in pack.table("key_places.known").items()}


def _asked(pack: Pack, prefix: str) -> list[Criterion]:
    rules = sorted(pack.under(prefix).items(), key=lambda pair: (pair[1].data.get("order", 0), pair[0]))
    return [_criterion(key.removeprefix(f"{prefix}."), rule) for key, rule in rules if rule.data.get("asked", True)]


def _criterion(key: str, rule: Rule) -> Criterion:
    told = dict(rule.data)
    text = told["zh" if (get_language() or "").startswith("zh") else "en"]
    return Criterion(
        key, told["measure"], text, at_least=told.get("at_least"), at_most=told.get("at_most"),
        unknown=told.get("unknown") == MET, ends=told.get("ends", True), unit=rule.unit, source=rule.source,
        confidence=rule.confidence, options=told,
    )  # fmt: skip
