"""When a risk area may be lowered: the pack's rule, the clock and what restarted it, and a checklist with its facts.

Pure: pack and facts in, checklist out. The clock of an area runs from the last infection among its people; a contact
who was brought to quarantine from there and becomes a case restarts it too (see the pack's `zone.release.all_of`).
Nothing of this is stored: it is counted anew from the cases each time somebody looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop as _

from fangxian.core.policy import Pack
from fangxian.systems.risk_areas.words import Level

CLEAR = _("No new infection for %(days)s days")
CONTACTS = _("Close contacts from here: last contact more than %(days)s days ago, and negative")
ROUND = _("Everybody here negative in one round within the last %(days)s days")
OTHERS = _("No lockdown or control zone is left in the county")


@dataclass(frozen=True)
class Infection:
    """A case among the people of an area: its number, the day it was known, whether quarantined as a contact before."""

    number: str
    day: date
    was_transferred: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of an area on a day.

    declared_on: since when it is managed; standing_since: since when it stands at its level; came_from: the level
    before, "" for none. contacts: the last contact of each close contact still followed; contacts_negative: how many of
    them have a negative result since. residents, negative, positive: people and the round of the last days.
    others_standing: lockdown and control zones left in the county.
    """

    today: date
    level: str
    declared_on: date
    standing_since: date
    came_from: str = ""
    infections: tuple[Infection, ...] = ()
    contacts: tuple[date, ...] = ()
    contacts_negative: int = 0
    residents: int = 0
    negative: int = 0
    positive: int = 0
    others_standing: int = 0


@dataclass(frozen=True)
class Step:
    """What the pack asks before an area goes from its level to the next one; None or 0: not asked."""

    to: str
    rule: str
    clear_days: int = 0
    contact_days: int | None = None
    round_within_days: int | None = None
    no_others: bool = False


@dataclass(frozen=True)
class Check:
    """One line of the checklist: message id and its values, whether it holds, and the day from which it will."""

    label: str
    values: dict[str, Any]
    holds: bool
    facts: dict[str, Any]
    from_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept with a proposal."""
        day = self.from_on.isoformat() if self.from_on else ""
        return {"label": self.label, "values": self.values, "holds": self.holds, "facts": self.facts, "from": day}


@dataclass(frozen=True)
class Tick:
    """What started or restarted the clock: a day, the case, and whether a transferred contact became it."""

    day: date
    number: str
    was_transferred: bool
    restarted: bool


@dataclass(frozen=True)
class Lowering:
    """To which level, by which rule, whether now, from which day at the earliest (None: not foreseeable)."""

    step: Step
    checks: tuple[Check, ...]
    clock: tuple[Tick, ...]
    clock_from: date

    @property
    def allowed(self) -> bool:
        """Whether everything holds."""
        return all(check.holds for check in self.checks)

    @property
    def earliest(self) -> date | None:
        """The first day on which what only time can bring holds."""
        return max((check.from_on for check in self.checks if check.from_on), default=None)


def next_step(level: str, came_from: str, pack: Pack) -> Step | None:
    """The way down from a level by the rules of a pack; None where the pack says nothing."""
    return next((step for way in WAYS if (step := way(level, came_from, pack))), None)


def lowering(facts: Facts, pack: Pack) -> Lowering | None:
    """Whether an area may be lowered today, and why or why not; None where the pack knows no way down."""
    step = next_step(facts.level, facts.came_from, pack)
    if step is None:
        return None
    clock = ticks(facts)
    return Lowering(step, tuple(_checks(step, facts, clock)), clock, _clock_from(facts, clock))


def ticks(facts: Facts) -> tuple[Tick, ...]:
    """Every infection in order, and which of them set the clock back after the area was declared."""
    ordered = sorted(facts.infections, key=lambda one: (one.day, one.number))
    return tuple(
        Tick(one.day, one.number, one.was_transferred, one.day > facts.declared_on and number > 0)
        for number, one in enumerate(ordered)
    )


def _clock_from(facts: Facts, clock: Iterable[Tick]) -> date:
    last = max((tick.day for tick in clock), default=facts.declared_on)
    return max(last, facts.standing_since) if facts.came_from else last


def _checks(step: Step, facts: Facts, clock: tuple[Tick, ...]) -> Iterable[Check]:
    began = _clock_from(facts, clock)
    if step.clear_days:
        due = began + timedelta(days=step.clear_days)
        last = clock[-1].number if clock else ""
        told = {"since": began.isoformat(), "days": (facts.today - began).days, "case": last}
        yield Check(CLEAR, {"days": step.clear_days}, facts.today >= due, told, due)
    if step.contact_days is not None:
        latest = max(facts.contacts, default=None)
        over = latest + timedelta(days=step.contact_days + 1) if latest else None
        all_negative = facts.contacts_negative >= len(facts.contacts)
        told = {"contacts": len(facts.contacts), "negative": facts.contacts_negative,
                "last": latest.isoformat() if latest else ""}  # fmt: skip
        yield Check(
            CONTACTS, {"days": step.contact_days}, all_negative and (over is None or facts.today >= over), told, over
        )
    if step.round_within_days is not None:
        whole = facts.negative >= facts.residents > 0 and not facts.positive
        told = {"residents": facts.residents, "negative": facts.negative, "positive": facts.positive}
        yield Check(ROUND, {"days": step.round_within_days}, whole, told)
    if step.no_others:
        yield Check(OTHERS, {}, facts.others_standing == 0, {"zones": facts.others_standing})


def _zone(level: str, came_from: str, pack: Pack) -> Step | None:
    if level == Level.PRECAUTION and "zone.precaution.measure" in pack.rules:
        return Step(Level.LIFTED, "zone.precaution.measure", no_others=True)
    for here, there, key in STAGED:
        if level == here and key in pack.rules:
            return Step(there, key, int(pack.number(key)))
    if level not in (Level.LOCKDOWN, Level.CONTROL, Level.ALERT) or "zone.release.all_of" not in pack.rules:
        return None
    asked = pack.table("zone.release.all_of")
    return Step(
        Level.LIFTED, "zone.release.all_of", int(asked["clear_days"]), int(asked["contact_days"]),
        int(asked["clear_round_within_days"]),
    )  # fmt: skip


def _level(level: str, came_from: str, pack: Pack) -> Step | None:
    within = pack.get("riskarea.clear_round_within_days")
    for here, before, there, key, with_round in DOWN:
        if level == here and before in ("", came_from) and key in pack.rules:
            return Step(there, key, int(pack.number(key)), round_within_days=within if with_round else None)
    return None


def _county(level: str, came_from: str, pack: Pack) -> Step | None:
    """The county as the unit: no case for so many days."""
    rule = pack.get("riskarea.low")
    if level in (Level.HIGH, Level.MEDIUM) and isinstance(rule, dict) and "clear_days" in rule:
        return Step(Level.LOW, "riskarea.low", int(rule["clear_days"]))
    return None


STAGED = (
    (Level.CONTROL, Level.ALERT, "zone.control.to_alert_days"),
    (Level.ALERT, Level.LIFTED, "zone.alert.to_lifted_days"),
)
#: level, level before ("" for any), next level, rule with the days, whether a clear round is asked for
DOWN = (
    (Level.HIGH, "", Level.LOW, "riskarea.high.to_low_days", False),
    (Level.HIGH, "", Level.MEDIUM, "riskarea.high.to_medium_days", True),
    (Level.MEDIUM, Level.HIGH, Level.LOW, "riskarea.high.medium_to_low_days", False),
    (Level.MEDIUM, "", Level.LOW, "riskarea.medium.to_low_days", True),
)
WAYS = (_zone, _level, _county)
