"""One night of early warning, from the counts of a county to the few cards that deserve a phone call.

Read downwards: `warn` takes a day and an area and goes county by county (`_county`). The systems' own rows become
panels (`warehouse/panels.py`); every series is judged by the best method its history allows (`warning/series.py`); what
is unlikely enough becomes one candidate a place (`warning/candidates.py`); cases are scanned for clusters in place and
time (`warning/space.py`); what belongs together, or on a card that is under way, is put there (`warning/filing.py`);
and the budget keeps the least likely (`warning/budget.py`). Rules (`warning/by_rule.py`) and
silent feeds (`warning/silence.py`) are never throttled. All of it becomes cards, or lengthens the ones that are there.
A feed that speaks again ends its card. What the budget held back stays with the night's job, and somebody may raise it
(`warning/held.py`). What follows a card stands in `warning/answering.py`, and how a notice reaches
the public in `warning/to_the_public.py`.

The same day again says the same: cards are known by area, subject, kind, rule and place.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from fangxian.core import jobs, scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.surveillance import rules, selectors, services
from fangxian.warehouse import panels
from fangxian.workflows.warning import to_the_public  # noqa: F401  (listens to notices that are delivered)
from fangxian.workflows.warning.answering import become_event, chase, hand_over
from fangxian.workflows.warning.budget import within_budget
from fangxian.workflows.warning.by_rule import by_rule
from fangxian.workflows.warning.candidates import candidates
from fangxian.workflows.warning.filing import filed_findings, found_in_series, line_of
from fangxian.workflows.warning.held import KEPT, held_back, held_of, keep, line, raise_held
from fangxian.workflows.warning.night import JOB, Night
from fangxian.workflows.warning.series import Look, looks, monthly_look, weekly_looks
from fangxian.workflows.warning.silence import silent, spoke_again
from fangxian.workflows.warning.space import clusters, found_in_space

__all__ = [
    "JOB", "Night", "become_event", "chase", "hand_over", "held_back", "held_of", "keep", "look", "queue_night",
    "raise_held", "warn",
]  # fmt: skip

WHY = "early warning looks at every county of an area, and a card belongs to whoever answers there"
STEPS = 3
"""Parts of a county's night: its series, its places, its cards."""
Progress = Callable[[int, int, str], None]
"""Told how many steps of how many are done, and in which county."""


def warn(*, as_of: date, by: Officer | None, area_code: str = "", progress: Progress | None = None) -> Night:
    """Look at a day in an area and everything below it, county by county; returns what was raised.

    as_of  the last day that counts: what was known by its end
    Raises nothing for a county without data: it is simply silent. Source: requirements A1 and C12.
    """
    night, tell = Night(as_of), progress or _silent
    with scope.everywhere(WHY):
        units = _units(area_code)
        for number, unit in enumerate(units):
            done = number * STEPS
            _county(unit, night, by, lambda step, d=done, u=unit: tell(d + step, len(units) * STEPS, u))
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


def _county(code: str, night: Night, by: Officer | None, done: Callable[[int], None]) -> None:
    """Panels, methods, places, budget, rules, silence, cards: one unit of the night."""
    as_of, pack = night.as_of, rules.pack_of(code, night.as_of)
    own = len(code) >= panels.COUNTY
    seen = _seen(code, as_of, pack)
    likely = candidates(seen, pack)
    done(1)
    near = clusters(code, as_of, pack) if own else []
    done(2)
    filed = filed_findings(code, [*found_in_series(likely), *found_in_space(near, as_of)], as_of, pack)
    kept = within_budget(code, filed.cards, as_of, pack)
    silences = [one for one in silent(code, as_of) if own or one.area.code == code]
    found = [*kept, *(by_rule(code, as_of) if own else []), *silences]
    night.add(services.raise_signals(found=found, as_of=as_of, by=by))
    for one, signal in filed.joins:
        services.join_signal(signal=signal, lines=[line_of(one), *one.others], as_of=as_of, by=by)
    night.joined += len(filed.joins)
    held = [one for one in filed.cards if one not in kept]
    _count(night, len(seen), len(likely), len(near), len(held))
    night.held += [line(one) for one in held[:KEPT]]
    night.ended += spoke_again(code, silences, as_of, by)
    done(3)


def _count(night: Night, series: int, candidates: int, clusters: int, withheld: int) -> None:
    night.areas += 1
    night.series += series
    night.candidates += candidates
    night.clusters += clusters
    night.withheld += withheld


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
    return [one for one in found if len(code) >= panels.COUNTY or one.seen.area == code]


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


def _silent(done: int, total: int, unit: str) -> None:
    """Nobody is watching."""
