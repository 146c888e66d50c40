"""Drills of the demo county: two held and confirmed, one evaluated and waiting, one planned, one township overdue.

The copies are not made here (a copy of the demo holds the demo); what came out of them goes through the real verbs.
"""

from datetime import date, datetime, timedelta

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.drills import rules, scenarios, selectors, services
from fangxian.systems.drills.models import Drill
from fangxian.systems.drills.scenarios import Scenario
from fangxian.systems.drills.words import LineKind, LineOutcome
from fangxian.workflows import drill as story

HELD = (
    (60, "cold_chain", COUNTY, {"holders_told": 140, "sealed": 200}, "流向追踪较快，货主联系方式不全，已要求补齐。"),
    (32, "school_pool", COUNTY, {"school_answered": 55, "public_word": None}, "对外口径无人牵头，已明确由宣传组负责。"),
    (5, "fever_patient", COUNTY, {"arrived": 155}, ""),
)
"""Days before the demo day, scenario, area, reactions that took other minutes than half their time (None: never), and
the conclusion (empty: evaluated and waiting)."""

PLANNED_IN = 9
FACTOR = 24


def load_drills(staff: Staff) -> None:
    """Hold them in the order of the days, and plan the next."""
    leader, county = staff["duty-officer1"], Area.objects.get(code=COUNTY)
    for days, scenario, code, minutes, conclusion in HELD:
        drill = _held(leader, Area.objects.get(code=code), days, scenarios.get(scenario), minutes)
        if conclusion:
            with clock.frozen(MORNING - timedelta(days=days - 1)):
                chosen = [step.pk for step in selectors.marked(drill)]
                story.confirm(drill=drill, by=staff["duty-officer2"], conclusion=conclusion, chosen=chosen)
    _townships(staff)
    with clock.frozen(MORNING - timedelta(days=2)):
        _plan(leader, county, "isolation_site", (MORNING + timedelta(days=PLANNED_IN)).date())


def _townships(staff: Staff) -> None:
    """Half of the townships held theirs in the quarter; the others still owe it."""
    towns = list(Area.objects.filter(parent_id=COUNTY, kind=Area.Kind.TOWNSHIP).order_by("code"))
    for number, town in enumerate(towns[: len(towns) // 2]):
        drill = _held(staff[f"township-{town.code}"], town, 20 + number, scenarios.get("fever_patient"), {})
        with clock.frozen(MORNING - timedelta(days=19 + number)):
            story.confirm(drill=drill, by=staff["inspector1"], conclusion="各环节按时完成。", chosen=[])


def _plan(by: Officer, area: Area, scenario: str, on: date) -> Drill:
    return services.plan(
        by=by, area=area, scenario=scenario, on=on, leader=by, purpose="检验各环节时限与衔接", source=Source.DEMO
    )


def _held(by: Officer, area: Area, days: int, scenario: Scenario, minutes: dict[str, int | None]) -> Drill:
    """Planned a week before, held on its day from nine o'clock, its copy gone in the evening."""
    begun = MORNING - timedelta(days=days) + timedelta(hours=1)
    with clock.frozen(begun - timedelta(days=7)):
        drill = _plan(by, area, scenario.key, begun.date())
    with clock.frozen(begun):
        services.start(drill=drill, by=by, copy_at="drill-copy", factor=FACTOR)
    with clock.frozen(begun + timedelta(hours=6)):
        lines = _lines(scenario, area, begun, minutes)
        ended = begun + timedelta(minutes=scenario.minutes)
        services.take_in(drill=drill, by=by, lines=lines, begun_at=begun, ended_at=ended)
        return services.destroyed(drill=drill, by=by, files=0, size=0)


def _lines(scenario: Scenario, area: Area, begun: datetime, minutes: dict[str, int | None]) -> list[dict]:
    """What a copy would have handed back: each reaction after half its time, but those that took other minutes."""
    pack = rules.policy.pack(disease=scenario.disease, area_code=area.code)
    played = {one.key: begun + timedelta(minutes=one.minute) for one in scenario.injects}
    lines = [
        {"kind": LineKind.INJECT, "key": one.key, "title_zh": one.text.zh, "title_en": one.text.en,
         "minute": one.minute, "started_at": played[one.key], "observed_at": played[one.key],
         "outcome": LineOutcome.HAPPENED}
        for one in scenario.injects
    ]  # fmt: skip
    for one in scenario.reactions:
        allowed = rules.allowed(pack, one.clock)
        if allowed is not None:
            took = minutes.get(one.key, round(allowed.total_seconds() / 120))
            lines.append(_reaction(one, played[one.after], allowed, took, pack.version))
    return lines


def _reaction(
    one: scenarios.Reaction, began: datetime, allowed: timedelta, took: int | None, version: str
) -> dict[str, object]:
    seen = None if took is None else began + timedelta(minutes=took)
    outcome = (
        LineOutcome.MISSED if seen is None else LineOutcome.IN_TIME if seen <= began + allowed else LineOutcome.LATE
    )
    return {"kind": LineKind.REACTION, "key": one.key, "title_zh": one.text.zh, "title_en": one.text.en,
            "rule": one.clock, "pack": version, "started_at": began, "due_at": began + allowed, "observed_at": seen,
            "outcome": outcome}  # fmt: skip
