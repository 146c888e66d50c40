"""What the budget held back: kept in the result of the night's job, shown for a week, raised by whoever says why."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.jobs import Job
from fangxian.core.officers import Officer
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.subjects import name_of
from fangxian.systems.surveillance.words import FeedChannel, SignalMethod
from fangxian.workflows.warning.night import JOB, Night

KEPT = 20
"""Findings of a county a night keeps, the least likely ones; all of them are counted."""
SHOWN = timedelta(days=7)
"""As long as the budget's own week: what was held back in it may be raised."""
NIGHTS = 60
"""Newest runs looked through."""
DAYS = ("first_on", "period_on")


@dataclass(frozen=True)
class Held:
    """One finding the budget held back.

    job_id, number  where it stands: the night's job, and its place in the result
    as_of           the night's day
    """

    job_id: UUID
    number: int
    as_of: date
    found: Found

    @property
    def title(self) -> str:
        """What it is about, in the reader's language."""
        return name_of(self.found.disease) or str(FeedChannel(self.found.channel).label)

    @property
    def method(self) -> str:
        """What found it, in words."""
        return str(SignalMethod(self.found.method).label)


def line(one: Found) -> dict[str, Any]:
    """A statistical finding as a job's result keeps it: plain values, days as text, the area by its code."""
    plain = {each.name: getattr(one, each.name) for each in fields(one) if each.name != "subject_id"}
    days = {name: plain[name] and plain[name].isoformat() for name in DAYS}
    words = {name: str(plain[name]) for name in ("kind", "method", "channel")}
    return {**plain, **days, **words, "area": one.area.code}


def keep(night: Night, *, by: Officer | None, area_code: str = "") -> Job:
    """Keep a night that ran outside the queue, such as on the console, as its job would have been kept: done."""
    payload = {"as_of": night.as_of.isoformat(), "area_code": area_code}
    return Job.objects.create(
        kind=JOB, payload=payload, state=Job.State.DONE, result=night.as_dict(), created_by=by, finished_at=now()
    )


def held_back() -> list[Held]:
    """What was held back lately in the areas of the scope in force and has no card since, the least likely first; of
    several nights the newest speaks, and of several runs of a night the last. Three queries."""
    lately = Job.objects.filter(kind=JOB, state=Job.State.DONE, created_at__gte=now() - SHOWN)
    runs = reversed(lately.order_by("-created_at", "-pk")[:NIGHTS])
    told = [(job, number, one) for job in runs for number, one in _lines(job)]
    areas = scope.areas_in_scope().in_bulk({one["area"] for _job, _number, one in told})
    here = [_held(job, number, one, areas[one["area"]]) for job, number, one in told if one["area"] in areas]
    newest = {one.found.key: one for one in sorted(here, key=lambda one: one.as_of)}
    since = min((one.as_of for one in here), default=date.max)
    seen = selectors.keys_seen(areas, since)
    return sorted((one for key, one in newest.items() if key not in seen), key=lambda one: (one.found.p, one.found.key))


def held_of(job_id: UUID, number: int) -> Held:
    """One of them by where it stands; raises DoesNotExist where there is none in the scope in force."""
    job = Job.objects.get(pk=job_id, kind=JOB)
    told = dict(_lines(job)).get(number)
    if told is None:
        raise Job.DoesNotExist
    return _held(job, number, told, scope.areas_in_scope().get(code=told["area"]))


def raise_held(*, held: Held, by: Officer, reason: str) -> Signal:
    """It becomes a card of its night; refusals as `services.raise_held` says."""
    return services.raise_held(held=held.found, as_of=held.as_of, by=by, reason=reason)


def _lines(job: Job) -> Iterator[tuple[int, dict[str, Any]]]:
    return enumerate(job.result.get("held", []))


def _held(job: Job, number: int, told: dict[str, Any], area: Area) -> Held:
    days = {name: told[name] and date.fromisoformat(told[name]) for name in DAYS}
    return Held(job.pk, number, date.fromisoformat(job.result["as_of"]), Found(**{**told, **days, "area": area}))
