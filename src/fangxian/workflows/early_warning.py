"""One night of early warning, from the counts of a county to the few cards that deserve a phone call.

Read downwards: `warn` takes a day and an area and goes county by county (`_county`). The systems' own rows become
panels (`warehouse/panels.py`); every series is judged by the best method its history allows (`warning/series.py`); what
is unlikely enough becomes one candidate a place (`warning/candidates.py`), and the budget keeps the least likely
(`_within_budget`). Rules (`warning/by_rule.py`) and silent feeds (`warning/silence.py`) are never throttled. All of it
becomes cards, or lengthens the ones that are there. A feed that speaks again ends its card.

A card nobody answered in time becomes a task (`chase`). A card may be handed over to somebody as a task (`hand_over`),
or become an event (`become_event`); a verdict that is taken back takes back the tasks nobody has done yet.

The same day again says the same: cards are known by area, subject, kind, rule and place.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, scope
from fangxian.core.areas import Area, code_range, county_of
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.policy import Pack
from fangxian.core.roles import DutyOfficer, Investigator
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.models import Event
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.surveillance import rules, selectors, services
from fangxian.systems.surveillance.announcements import taken_back
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.words import SignalKind
from fangxian.warehouse import panels
from fangxian.workflows.warning.by_rule import by_rule
from fangxian.workflows.warning.candidates import Candidate, candidates
from fangxian.workflows.warning.series import Look, looks, monthly_look, weekly_looks
from fangxian.workflows.warning.silence import silent

JOB = "surveillance.night"
WHY = "early warning looks at every county of an area, and a card belongs to whoever answers there"
WEEK = timedelta(days=7)
Progress = Callable[[int, int, str], None]

LATE = gettext_noop("Answer a signal of early warning: %(where)s")
LATE_HOW = gettext_noop("Raised %(since)s in %(where)s, counted %(observed)s. The time to answer is over.")
LOOK = gettext_noop("Look into a signal of early warning: %(where)s")
LOOK_HOW = gettext_noop("%(where)s: counted %(observed)s since %(since)s. Say what you found: %(note)s")


@dataclass
class Night:
    """What a run did; counts of cards and of what it looked at.

    withheld  candidates the budget did not let through
    """

    as_of: date
    areas: int = 0
    series: int = 0
    candidates: int = 0
    withheld: int = 0
    raised: int = 0
    extended: int = 0
    quiet: int = 0
    ended: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    signals: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For a job's result and the console."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


def warn(*, as_of: date, by: Officer | None, area_code: str = "", progress: Progress | None = None) -> Night:
    """Look at a day in an area and everything below it, county by county; returns what was raised.

    as_of  the last day that counts: what was known by its end
    Raises nothing for a county without data: it is simply silent. Source: requirements A1 and C12.
    """
    night = Night(as_of)
    with scope.everywhere(WHY):
        units = _units(area_code)
        for number, unit in enumerate(units, start=1):
            _county(unit, night, by)
            if progress:
                progress(number, len(units), unit)
    return night


def look(*, as_of: date | None = None, by: Officer | None = None) -> int:
    """Only the rules, for cases that became known since; cheap enough for every few minutes. Returns the new cards.

    Runs inside a scope that reaches everywhere.
    """
    day = as_of or today()
    raised = services.raise_signals(found=by_rule("", day), as_of=day, by=by)
    return len(raised.new)


def _units(area_code: str) -> list[str]:
    """The counties of an area, and areas above with feeds of their own."""
    low, high = code_range(area_code)
    counties = Area.objects.filter(code__gte=low, code__lt=high, kind="county").order_by("code")
    above = {feed.area_id for feed in selectors.feeds(area_code) if len(feed.area_id) < panels.COUNTY}
    return [*sorted(above), *counties.values_list("code", flat=True)] or [area_code]


def _county(code: str, night: Night, by: Officer | None) -> None:
    """Panels, methods, budget, rules, silence, cards: one unit of the night."""
    as_of, pack = night.as_of, rules.pack_of(code, night.as_of)
    seen = _seen(code, as_of, pack)
    likely = candidates(seen, pack)
    areas = Area.objects.in_bulk([one.look.area_code for one in likely])
    statistical = [_found(one, areas[one.look.area_code]) for one in likely if one.look.area_code in areas]
    kept = _within_budget(code, statistical, as_of, pack)
    own = len(code) >= panels.COUNTY
    silences = [one for one in silent(code, as_of) if own or one.area.code == code]
    found = [*kept, *(by_rule(code, as_of) if own else []), *silences]
    raised = services.raise_signals(found=found, as_of=as_of, by=by)
    night.areas += 1
    night.series += len(seen)
    night.candidates += len(likely)
    night.withheld += len(statistical) - len(kept)
    night.raised += len(raised.new)
    night.extended += len(raised.extended)
    night.quiet += len(raised.quiet)
    night.ended += _spoke_again(code, silences, as_of, by)
    for signal in raised.new:
        night.by_kind[signal.kind] = night.by_kind.get(signal.kind, 0) + 1
        night.signals.append(_line(signal))


def _seen(code: str, as_of: date, pack: Pack) -> list[Look]:
    """A look at every series of a county; of an area above, only at its own feeds."""
    first = as_of - timedelta(days=int(pack.number("warning.history_days")) - 1)
    found: list[Look] = []
    for channelled in panels.channels(code, first, as_of, pack):
        found += looks(channelled, pack)
    for feed, panel in panels.weekly_feeds(code, as_of):
        found += weekly_looks(feed.channel, panel, pack)
    for monthly in panels.monthly_feeds(code, as_of):
        found += monthly_look(monthly, panels.subject_of(monthly.feed, pack), pack)
    return [one for one in found if len(code) >= panels.COUNTY or one.area_code == code]


def _found(one: Candidate, area: Area) -> Found:
    seen = one.look
    return Found(
        area=area, kind=SignalKind.STATISTICAL, method=one.method,
        channel=seen.channel, disease=seen.subject, first_on=seen.first_on, observed=seen.observed,
        expected=_number(seen.expected[-1]), bound=_number(seen.bound[-1]), p=one.p,
        recurrence_days=seen.recurrence_days, series=seen.drawn(), others=one.told(),
    )  # fmt: skip


def _within_budget(code: str, found: list[Found], as_of: date, pack: Pack) -> list[Found]:
    """The least likely new ones the week's budget still has room for; those that have a card already pass."""
    spent = selectors.raised_since(code, as_of - WEEK, as_of)
    left = int(pack.number("warning.budget_per_week")) - spent
    kept = []
    for one in found:
        if services.has_card(one, as_of):
            kept.append(one)
        elif left > 0:
            kept.append(one)
            left -= 1
    return kept


def _spoke_again(code: str, silences: Iterable[Found], as_of: date, by: Officer | None) -> int:
    """Cards of feeds that are not silent any more end by themselves."""
    still = {one.key for one in silences}
    over = [row for row in selectors.open_silences(code) if services.key_of(row) not in still]
    seen = [row for row in over if row.last_on <= as_of]  # an earlier day run again knows nothing of a later one
    own = [row for row in seen if len(code) >= panels.COUNTY or row.area_id == code]
    return services.end_signals(signals=own, by=by)


@jobs.job(JOB)
def night_job(job: jobs.Job, as_of: str, area_code: str = "") -> dict[str, Any]:
    """A night as a job, with progress county by county."""
    return warn(
        as_of=date.fromisoformat(as_of), by=job.created_by, area_code=area_code, progress=job.progress
    ).as_dict()


def queue_night() -> bool:
    """Queue the run of yesterday once, from the hour of the pack on: the figures of a day come in the next morning.

    Returns whether it was queued now.
    """
    if timezone.localtime(now()).hour < rules.pack_of("").number("warning.run_from_hour"):
        return False
    day = (today() - timedelta(days=1)).isoformat()
    return jobs.enqueue_once(JOB, by=None, key=day, as_of=day) is not None


def chase() -> int:
    """Cards nobody has answered in time become a task of the county's duty officer; returns how many are new.

    Runs inside a scope that reaches everywhere.
    """
    late = list(selectors.overdue()[:500])
    known = tasks.for_subjects(Signal._meta.label_lower, [signal.pk for signal in late])
    new = [signal for signal in late if not known.get(signal.pk)]
    for signal in new:
        command.hand_down(
            by=None, key=f"signal-late:{signal.pk}", area=county_of(signal.area_id) or signal.area, title=LATE,
            instructions=LATE_HOW, params=_params(signal), role=DutyOfficer.key, priority=Task.Priority.HIGH,
            due_at=now() + rules.time_to_answer(rules.pack_of(signal.area_id), signal.kind), subject=signal,
        )  # fmt: skip
    return len(new)


def hand_over(*, signal: Signal, by: Officer, note: str = "", role: str = Investigator.key) -> Task:
    """Somebody goes and looks: one task a signal, for a role of the county; a second call gives the stored one.

    Raises Refused for whoever may not answer the signal.
    """
    require(by, Permission.SURVEILLANCE_WRITE, signal.area_id)
    with scope.everywhere(WHY):
        return command.hand_down(
            by=by, key=f"signal:{signal.pk}", area=county_of(signal.area_id) or signal.area, title=LOOK,
            instructions=LOOK_HOW, params={**_params(signal), "note": note.strip() or "—"}, role=role,
            priority=Task.Priority.HIGH, due_at=max(signal.due_at, now()), subject=signal,
        )  # fmt: skip


def become_event(*, signal: Signal, by: Officer, name: str = "") -> Event:
    """The signal is an event from now on, with its disease and its first day; a second call gives the stored one.

    Raises Refused for whoever may not open events there.
    """
    require(by, Permission.CASES_WRITE, signal.area_id)
    called = (name.strip() or _("%(what)s, %(where)s, %(day)s") % {
        "what": signal.title, "where": signal.where or signal.area.name, "day": signal.first_on.isoformat(),
    })[:80]  # fmt: skip
    event = cases.open_event(by=by, area=signal.area, name=called, disease=_disease(signal),
                             status=Event.Status.SIGNAL, started_on=signal.first_on)  # fmt: skip
    services.link_event(signal=signal, by=by, event_id=event.pk)
    return event


@receiver(taken_back)
def follow_taken_back(sender: Any, card: Signal, by: Officer | None, **_named: Any) -> None:
    """The verdict was wrong: what was handed over because of it and nobody has done yet is withdrawn."""
    with scope.everywhere(WHY):
        made = tasks.for_subject(Signal._meta.label_lower, card.pk)
        open_ = [task for task in made if task.status in Task.OPEN and (task.key or "").startswith("signal:")]
        if open_:
            command.withdraw_many(tasks=open_, by=by, reason=_("The verdict on the signal was taken back."))


def _disease(signal: Signal) -> str:
    """An event has a disease; a syndrome has none yet."""
    return "unknown" if signal.disease.startswith("s:") or not signal.disease else signal.disease


def _params(signal: Signal) -> dict[str, Any]:
    return {
        "what": signal.title, "where": signal.where or signal.area.name, "since": signal.first_on.isoformat(),
        "observed": f"{signal.observed:g}",
    }  # fmt: skip


def _line(signal: Signal) -> dict[str, Any]:
    """One new card for the console: what, where, by what, how unusual."""
    return {
        "id": str(signal.pk), "area": signal.area_id, "disease": signal.disease, "kind": signal.kind,
        "method": signal.method, "rule": signal.rule, "channel": signal.channel, "where": signal.where,
        "observed": signal.observed, "expected": signal.expected, "bound": signal.bound, "p": signal.p,
    }  # fmt: skip


def _number(value: float) -> float | None:
    return None if value != value or value in (float("inf"), float("-inf")) else round(float(value), 3)
