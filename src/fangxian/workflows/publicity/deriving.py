"""From risk areas and a pack to advice: pure, so that a page, a snapshot and a test say the same."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from fangxian.core.clock import today
from fangxian.core.policy import Pack, mode_of
from fangxian.systems.risk_areas.matching import Zone
from fangxian.workflows.loop import rules
from fangxian.workflows.loop.categories import AS
from fangxian.workflows.response import plan
from fangxian.workflows.response.plan import ContactPlan

BY_LEVEL, LEAVING = "travel.by_level", "travel.leaving"
FREE, IF_NEEDED, STAY_AWAY = "free", "if_needed", "stay_away"
ORDER = (FREE, IF_NEEDED, STAY_AWAY)
BORDERS = (("province", 2), ("prefecture", 4), ("county", 6))
"""What is left on a journey, with how many characters of a national code name it; the widest first."""


@dataclass(frozen=True)
class Where:
    """One risk area as the advice names it: name, national codes, the local day it has been in force from."""

    name: str
    codes: tuple[str, ...]
    since: str


@dataclass(frozen=True)
class Back:
    """What coming back means by one rule: stages with their days, days of tests (from 1 in their stage), the source."""

    rule: str
    says: str
    stages: tuple[tuple[str, int], ...]
    tests: tuple[tuple[str, int], ...]
    source: str
    confidence: str
    until: str = ""
    tests_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The risk areas of one level: whether to go there, and what coming back from there means (None: nothing)."""

    level: str
    advice: str
    zones: tuple[Where, ...]
    back: Back | None


@dataclass(frozen=True)
class Advice:
    """The advice of an area about a disease on a day; the gravest level first. leaving: by border, one of `ORDER`."""

    area_code: str
    disease: str
    on: date
    leaving: dict[str, str]
    groups: tuple[Group, ...]
    pack: str
    mode: str

    def as_json(self) -> dict[str, Any]:
        """The snapshot a published advice keeps."""
        return {
            "area": self.area_code, "disease": self.disease, "on": self.on.isoformat(), "leaving": self.leaving,
            "groups": [_plain(asdict(group)) for group in self.groups], "pack": self.pack, "mode": self.mode,
        }  # fmt: skip


def derived(area_code: str, disease: str, zones: Iterable[Zone], pack: Pack) -> Advice:
    """The advice from zones in force (the gravest first) and the pack of the area.

    A level the pack knows no word for is none to speak of: its zones are left out.
    """
    by_level, found = pack.table(BY_LEVEL), {}
    for zone in zones:
        if by_level.get(zone.level.lower(), FREE) != FREE:
            found.setdefault(zone.level, []).append(zone)
    groups = tuple(
        Group(level, by_level[level.lower()], tuple(_where(zone) for zone in inside), _back_of(level, pack))
        for level, inside in found.items()
    )
    leaving = {border: str(pack.table(LEAVING).get(border, FREE)) for border, _length in BORDERS}
    return Advice(area_code, disease, today(), leaving, groups, pack.version, mode_of(pack.version))


def back_from(prefix: str, pack: Pack, *, begins: date) -> Back:
    """What a rule asks of who comes back on a day; days of tests also as dates."""
    made = rules.plan_for(prefix, pack, begins=begins)
    rule = pack.rule(plan.stage_rule(prefix, pack))
    stages = tuple((one.place, (one.ends_on - one.starts_on).days + 1) for one in made.stretches)
    return Back(
        rule.key, rule.value, stages, _tests(made), rule.source, rule.confidence,
        made.until.isoformat() if made.until else "", tuple(one.due_on.isoformat() for one in made.tests),
    )  # fmt: skip


def leaving_word(home: str, to: str, pack: Pack) -> str:
    """The advice about leaving the widest border a journey crosses; free inside the county or for an unknown place."""
    told = pack.table(LEAVING)
    crossed = next((border for border, length in BORDERS if to and to[:length] != home[:length]), None)
    return str(told.get(crossed, FREE)) if crossed else FREE


def stricter(one: str, other: str) -> str:
    """The stricter of two words."""
    return max(one, other, key=ORDER.index)


def _back_of(level: str, pack: Pack) -> Back | None:
    category = str(pack.table(AS).get(level.lower()) or "").upper()
    prefix = rules.prefix_for(category, pack) if category else ""
    if not prefix:
        return None
    # a snapshot names days of a stage, no dates: everybody comes back on another day
    found = back_from(prefix, pack, begins=today())
    return Back(found.rule, found.says, found.stages, found.tests, found.source, found.confidence)


def _tests(made: ContactPlan) -> tuple[tuple[str, int], ...]:
    return tuple((one.stage, one.day) for one in made.tests)


def _where(zone: Zone) -> Where:
    return Where(zone.name, tuple(zone.codes or (zone.lies_in,)), timezone.localdate(zone.starts_at).isoformat())


def _plain(value: Any) -> Any:
    """As it comes back from the store: lists instead of tuples."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
