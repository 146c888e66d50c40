"""A risk area is published or changed: everybody it may concern is looked at anew.

Read downwards: a publication queues the run (`follow_publication`); the run (`reevaluate`) looks who lives, stayed,
passed or checked in there within the days that count, compares that with whom the area concerned before, keeps who is
newly affected, who is judged differently, who stays and who is released, each with the evidence and the rule, and then
opens or closes closed loops, test duties and tasks. `preview` says the same before anything is published and writes
nothing. `judge` answers for one journey.

Running it again is harmless: every step compares what is wanted with what is stored. So a correction is another run
over the area as it now stands, its record shows the difference, and a job that died is simply run again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from fangxian.core import jobs, scope
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person
from fangxian.systems.risk_areas import affected, concerned, selectors
from fangxian.systems.risk_areas.announcements import published
from fangxian.systems.risk_areas.matching import Match, Point, Zone, level_of, possible
from fangxian.systems.risk_areas.models import Evaluation, RiskAreaVersion
from fangxian.systems.risk_areas.words import Level
from fangxian.workflows.risk_areas.deciding import Compared, compare, concerns, in_time
from fangxian.workflows.risk_areas.following import follow_up
from fangxian.workflows.risk_areas.gathering import Gathered, gather

WHY = "a risk area concerns people wherever they live"
CHUNK = 500
JOB = "risk_areas.reevaluate"
AGAIN = Evaluation.Trigger.AGAIN
"""What an officer gives as the trigger who asks for another look."""
NOT_MANAGED = _("The area was lifted, or stands at a level that asks for nothing.")
WITHDRAWN = _("The publication was withdrawn.")
OUTSIDE = _("No evidence lies in the area and time as they now stand.")
Progress = Callable[[int, int, str], None]
T = TypeVar("T")


class Stay(Protocol):
    """A stay as told: national code of any length, first and last day; latitude and longitude where known."""

    code: str
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Judgement:
    """What a travel history means: the gravest level and its zone, or "" and None; why, a line a stay that counts.

    possible: zones the history may touch, told too roughly to say: somebody has to ask.
    """

    level: str = ""
    zone: Zone | None = None
    why: tuple[dict[str, Any], ...] = ()
    possible: tuple[Zone, ...] = ()


@dataclass
class Seen:
    """What a look at an area found: the zone as it stands (None: nobody is managed), whom it concerns, the difference.

    `compared` holds rows of people the area concerned before. unknown: persons of the visit log nobody has on record.
    """

    zone: Zone | None
    gathered: Gathered | None
    compared: Compared
    people: dict[UUID, Person] = field(default_factory=dict)
    unknown: int = 0

    @property
    def read(self) -> dict[str, Any]:
        """What was read for it, in numbers."""
        return {**(self.gathered.read if self.gathered else {}), "unknown": self.unknown}


def judge(stays: Iterable[Stay], at: datetime | None = None) -> Judgement:
    """The gravest zone a travel history falls into at a moment (now), managed or not.

    A stay counts from the first day of the zone's window until the moment, and no longer ago than the zone looks back.
    """
    moment = at or now()
    told, zones = list(stays), selectors.in_force(moment)
    hits = [(match, stay) for zone in zones for stay in told if (match := _met(zone, stay, moment))]
    maybe = {zone.version_id: zone for stay in told for zone in possible(zones, stay.code, moment)
             if _in_window(zone, stay, moment)}  # fmt: skip
    if not hits:
        return Judgement(possible=tuple(maybe.values()))
    best = hits[0][0].zone  # zones come with the gravest first
    why = tuple(
        {"zone": match.zone.name, "level": match.level, "how": match.how, "code": stay.code,
         "from": stay.from_on.isoformat(), "until": stay.until_on.isoformat(), "version": str(match.zone.version_id)}
        for match, stay in hits
    )  # fmt: skip
    return Judgement(best.level, best, why, tuple(maybe.values()))


def preview(version: RiskAreaVersion, at: datetime | None = None) -> Seen:
    """Whom a proposal would concern and release if it were published now; nothing is written.

    A proposal for a later day is judged as of that day, by what is known now.
    """
    moment = max(at or now(), version.from_at)
    with scope.everywhere(WHY):
        return _look(version.risk_area_id, moment, instead=[selectors.as_if_published(version)])


def reevaluate(
    *, by: Officer | None, version_id: UUID, trigger: str = Evaluation.Trigger.AGAIN, run_id: UUID | None = None,
    progress: Progress | None = None,
) -> Evaluation:  # fmt: skip
    """Look at everybody the area of a version may concern, as the area stands now, and do what follows.

    run_id: a run that was begun and not finished. Raises RiskAreaVersion.DoesNotExist for no such version.
    """
    told, steps = progress or (lambda done, total, message: None), []
    with scope.everywhere(WHY):
        run = concerned.evaluation(run_id) if run_id else _begin(version_id, trigger, by)
        seen = _timed(steps, "look", lambda: _look(run.risk_area_id, run.judged_at))
        _timed(steps, "keep", lambda: _keep(run, seen, told, by))
        followed = _timed(steps, "follow", lambda: follow_up(run, by=by, at=run.judged_at))
        return affected.finish(run=run, by=by, read=seen.read, steps=steps, followed=followed.as_json())


@jobs.job(JOB)
def reevaluate_job(job, version_id: str, trigger: str) -> dict[str, Any]:
    """The run as a job: whoever takes it up again goes on with the same run."""
    if "run" not in job.checkpoint:
        with scope.everywhere(WHY):
            run = _begin(UUID(version_id), trigger, job.created_by)
        job.save_checkpoint(run=str(run.pk))
    done = reevaluate(
        by=job.created_by, version_id=UUID(version_id), trigger=trigger, run_id=UUID(job.checkpoint["run"]),
        progress=job.progress,
    )  # fmt: skip
    return {"evaluation": str(done.pk), "new": done.new, "changed": done.changed, "released": done.released}


@receiver(published)
def follow_publication(sender, versions: list[RiskAreaVersion], by: Officer | None, **_named: Any) -> None:
    """Queue the run of every area published about, in the transaction of the publication."""
    triggers = Evaluation.Trigger
    for version in versions:
        trigger = triggers.CORRECTED if version.corrects_id else triggers.PUBLISHED
        jobs.enqueue(JOB, by=by, key=str(version.risk_area_id), version_id=str(version.pk), trigger=trigger)


def begun_or_ended() -> int:
    """Queue a run for every area a version of which began or ended since it was last looked at; returns how many.

    A level published for tomorrow begins without anybody doing anything; the rounds call this.
    """
    with scope.everywhere(WHY):
        due = selectors.due_areas(now())
        for version in due:
            jobs.enqueue(JOB, by=None, key=str(version.risk_area_id), version_id=str(version.pk),
                         trigger=Evaluation.Trigger.AGAIN)  # fmt: skip
    return len(due)


def _begin(version_id: UUID, trigger: str, by: Officer | None) -> Evaluation:
    """A run over the area of a version, under the version that holds now."""
    at = now()
    version = selectors.standing_version(selectors.version(version_id).risk_area_id, at)
    return affected.begin(by=by, version=version, trigger=trigger, at=at)


def _look(risk_area_id: UUID, at: datetime, instead: Iterable[RiskAreaVersion] = ()) -> Seen:
    """Whom an area concerns at a moment, against whom it concerned before."""
    zone, pack = selectors.zone_at(risk_area_id, at, instead)
    stored = {row.person_id: row for row in concerned.active(risk_area_id)}
    if zone is None or not zone.managed:
        return Seen(zone, None, compare({}, stored))
    order = [str(kind) for kind in pack.items("riskarea.sources")]
    found = gather(zone, at, order)
    wanted = in_time(concerns(found.pieces, zone, order), stored, at=timezone.localdate(at), days=zone.look_back_days)
    known = people.by_ids(wanted)
    counted = {person: concern for person, concern in wanted.items() if person in known}
    return Seen(zone, found, compare(counted, stored), known, len(wanted) - len(counted))


def _keep(run: Evaluation, seen: Seen, told: Progress, by: Officer | None) -> None:
    """Write the difference, some people at a time; each part is whole, so that a run may stop between any two."""
    compared, pack = seen.compared, seen.zone.pack if seen.zone else ""
    why = _why(run, seen)
    work: list[tuple[Callable[..., Any], list[Any]]] = [
        (lambda part: affected.concern(run=run, by=by, found=part, people=seen.people, pack=pack), compared.new),
        (lambda part: affected.judge_anew(run=run, by=by, pairs=part, people=seen.people, pack=pack), compared.changed),
        (lambda part: affected.add_evidence(by=by, pairs=part), compared.grown),
        (lambda part: affected.end(run=run, by=by, rows=part, ended=affected.Ended.RELEASED, why=why),
         compared.released),
    ]  # fmt: skip
    total, done = sum(len(rows) for _write, rows in work), 0
    for write, rows in work:
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            with transaction.atomic():
                write(part)
            done += len(part)
            told(done, total, "keep")


def _why(run: Evaluation, seen: Seen) -> str:
    """Why people are released by a run."""
    if seen.zone is not None and seen.zone.managed:
        return OUTSIDE
    version = run.version_of_area
    return WITHDRAWN if version.level == Level.WITHDRAWN else NOT_MANAGED


def _met(zone: Zone, stay: Stay, at: datetime) -> Match | None:
    """How a stay met one zone; None when it did not, or not within the days that count."""
    return level_of([zone], stay.code, at, _point(stay)) if _in_window(zone, stay, at) else None


def _in_window(zone: Zone, stay: Stay, at: datetime) -> bool:
    day = timezone.localdate(at)
    first = max(timezone.localdate(zone.counts_from), day - timedelta(days=zone.look_back_days))
    return stay.until_on >= first and stay.from_on <= day


def _point(stay: Stay) -> Point | None:
    latitude, longitude = getattr(stay, "latitude", None), getattr(stay, "longitude", None)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _timed(steps: list[dict[str, Any]], name: str, work: Callable[[], T]) -> T:
    started = perf_counter()
    done = work()
    steps.append({"step": name, "seconds": round(perf_counter() - started, 4)})
    return done
