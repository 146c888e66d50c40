"""What the packs say about findings, their ladder, checklists, cycles and duties."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import get_language

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.roles import TownshipOfficer
from fangxian.systems.inspection.words import OWN, Step, higher

RULE = "inspection.rectification_hours"
LADDER = "inspection.ladder"
LISTS = "inspection.checklist"
FILE = "file"


@dataclass(frozen=True)
class Item:
    """One line of a checklist: what is asked, and what a “no” becomes."""

    key: str
    text: str
    topic: str
    severity: str


@dataclass(frozen=True)
class Checklist:
    """A list of the pack: for which kinds of records, what it asks, who mends what it finds."""

    key: str
    name: str
    source: str
    kinds: tuple[str, ...]
    role: str
    items: tuple[Item, ...]


def pack_of(area_code: str) -> Pack:
    """The pack in force for an area; rules of inspection name no disease."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code)


def time_to_mend(pack: Pack, severity: str, origin: str) -> timedelta:
    """How long mending may take; what one found oneself gets the time the pack grants for it."""
    allowed = pack.duration(f"{RULE}.{severity.lower()}")
    return allowed * _own(pack)["time_factor"] if origin in OWN else allowed


def time_when_reopened(pack: Pack) -> timedelta:
    """How long mending may take after a re-check that did not agree."""
    return pack.duration("inspection.reopened_hours")


def time_to_recheck(pack: Pack) -> timedelta:
    """Within which somebody else looks again."""
    return pack.duration("inspection.recheck_hours")


def time_to_decide(pack: Pack) -> timedelta:
    """Within which it is decided what becomes of a finding nobody can mend."""
    return pack.duration("inspection.decision_hours")


def time_to_step_in(pack: Pack) -> timedelta:
    """Within which a step of the ladder is answered."""
    return pack.duration("inspection.step_hours")


def time_to_appeal(pack: Pack) -> timedelta:
    """Within which a decision may be appealed."""
    return pack.duration("inspection.appeal_days")


def memory(pack: Pack) -> timedelta:
    """How far back a finding of the same topic makes this one a repeat."""
    return pack.duration("inspection.repeat_days")


def needs_file(pack: Pack, severity: str) -> bool:
    """Whether words do not do as evidence."""
    return pack.table("inspection.evidence")[severity] == FILE


def clock_steps(pack: Pack, severity: str) -> list[tuple[timedelta, str]]:
    """How long after its time a finding of a severity reaches which step."""
    factor = pack.table("inspection.ladder_factor")[severity]
    return [(timedelta(hours=hours) * factor, step) for step, hours in _by_step(pack, LADDER)]


def step_of_memory(pack: Pack, *, repeats: int, reopened: int, origin: str) -> str:
    """The lowest step a finding may stand on for what was there before it, whatever the clock says."""
    step = Step.OWNER.value
    counted = 0 if origin in OWN and not _own(pack)["repeats_step_up"] else repeats
    for key, times in (("inspection.repeat_steps", counted), ("inspection.reopened_steps", reopened)):
        for reached, least in _by_step(pack, key):
            step = higher(step, reached) if times >= least else step
    return step


def weight(pack: Pack, severity: str, origin: str) -> float:
    """How much a finding counts against a unit."""
    counted = float(pack.table("inspection.severity_weight")[severity])
    return counted * float(_own(pack)["weight"]) if origin in OWN else counted


def checklists(pack: Pack) -> list[Checklist]:
    """All lists in force, in the reader's language."""
    return [_checklist(key.rpartition(".")[2], rule) for key, rule in pack.under(LISTS).items()]


def checklist(pack: Pack, key: str) -> Checklist:
    """One list; raises MissingRule."""
    return _checklist(key, pack.rule(f"{LISTS}.{key}"))


def checklists_for(pack: Pack, kind: str) -> list[Checklist]:
    """The lists that fit a kind of record: those for this very kind, then those for its register, then the others."""
    every = checklists(pack)
    wanted = [lambda one: kind in one.kinds, lambda one: kind.partition(":")[0] in one.kinds, lambda one: not one.kinds]
    return list(dict.fromkeys(one for fits in wanted for one in every if fits(one)))


def cycle(pack: Pack, kind: str) -> timedelta | None:
    """How long a place of a kind (`screening.place:SCHOOL`) may go without a visit; None where none is asked."""
    days = pack.table("inspection.cycle_days").get(kind)
    return timedelta(days=days) if days else None


def cycles(pack: Pack) -> dict[str, timedelta]:
    """All kinds that have to be visited, and how often."""
    return {kind: timedelta(days=days) for kind, days in pack.table("inspection.cycle_days").items()}


def duties(pack: Pack, kind: str) -> list[str]:
    """The duties for which four parties have to be named at a place of a kind."""
    named = pack.table("inspection.duties")
    return list(named.get(kind) or named.get(kind.partition(":")[0]) or [])


def kinds_with_duties(pack: Pack) -> list[str]:
    """The kinds of places for which four parties have to be named."""
    return list(pack.table("inspection.duties"))


def _own(pack: Pack) -> dict[str, Any]:
    return pack.table("inspection.own_findings")


def _by_step(pack: Pack, key: str) -> list[tuple[str, float]]:
    """The steps a rule names with their numbers, the lowest first."""
    table = pack.table(key)
    return [(step.value, float(table[step])) for step in Step if step in table]


def _checklist(key: str, rule: policy.Rule) -> Checklist:
    """The first row says what the list is, the others what it asks."""
    head, *asked = rule.data
    items = tuple(Item(one["key"], _said(one), one["topic"], one.get("severity", head["severity"])) for one in asked)
    role = head.get("role", TownshipOfficer.key)
    return Checklist(key, _said(head), rule.source, tuple(head["kinds"].split()), role, items)


def _said(data: dict[str, Any]) -> str:
    """The text of a list or an item in the reader's language."""
    return data["zh" if (get_language() or "").startswith("zh") else "en"]
