"""What follows from a re-evaluation: closed loops for who was there, zone measures for who lives there, tasks for both.

A person stands under the gravest area that concerns them, whichever run found it. Every step compares what is wanted
with what is stored, so that running it again changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core import policy
from fangxian.core.areas import county_of
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.arrivals import looping
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.people import selectors as people
from fangxian.systems.risk_areas import affected, concerned, rules, selectors
from fangxian.systems.risk_areas.models import AffectedPerson, Evaluation, RiskAreaVersion
from fangxian.systems.risk_areas.words import Because
from fangxian.systems.testing import services as testing
from fangxian.workflows import closed_loop
from fangxian.workflows.loop.rules import prefix_for

SPACE = UUID("6f3f1c1e-52a5-4a0e-9f1b-6c1d5e1f8a10")
"""Makes the id of what a person's loop is about from disease and person, where no arrival is behind it."""
SUBJECT = "risk_areas.riskarea"
LIFTED = _("Not affected by a risk area any more.")

REACH_TITLE = _("Reach %(name)s, who was in %(zone)s")
REACH = _(
    "%(zone)s is %(level)s from %(since)s. This person was there, last on %(last)s (%(how)s). Check the identity and "
    "the stay, explain the rule and what follows; correct what is wrong."
)
CELL_TITLE = _("%(zone)s: measures for %(people)s people of this cell")
CELL = _(
    "%(level)s from %(since)s. Tell every household what holds: %(measure)s. Tests on days %(tests)s. Bring what is "
    "needed to the door."
)


@dataclass
class Followed:
    """What a run brought about, in numbers."""

    loops_opened: int = 0
    loops_closed: int = 0
    loops_kept: int = 0
    tasks: dict[str, int] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the run's record."""
        return vars(self)


def follow_up(run: Evaluation, *, by: Officer | None, at: datetime) -> Followed:
    """Bring loops, test duties and tasks in line with whom the area of a run now concerns.

    Must run in a scope that sees everybody.
    """
    done = Followed()
    mine = concerned.active(run.risk_area_id)
    touched = {row.person_id for row in mine} | concerned.released_by(run)
    standing = concerned.standing_of(touched)
    _loops(run, standing, touched, done, by=by, at=at)
    done.tests = _tests(run, mine, by=by)
    done.tasks = _tasks(run, mine, standing, by=by, at=at)
    return done


def subject_of(row: AffectedPerson, disease: str) -> UUID:
    """What the loop of a person is about: the arrival that told of the stay, else the person under this disease."""
    told = (piece["ref"] for piece in row.evidence if piece["kind"] == Because.STAY)
    return next((UUID(ref) for ref in told), uuid5(SPACE, f"{disease}:{row.person_id}"))


def leading(rows: Iterable[AffectedPerson], ranks: dict[str, int]) -> AffectedPerson | None:
    """The row a person stands under: the gravest level, then the latest day, then the first found."""
    travelled = [row for row in rows if row.because != Because.RESIDENCE]
    return max(travelled, key=lambda row: (ranks.get(row.level, 0), row.last_on or date.min, row.pk), default=None)


def _loops(
    run: Evaluation, standing: dict[UUID, list[AffectedPerson]], touched: set[UUID], done: Followed, *,
    by: Officer | None, at: datetime,
) -> None:  # fmt: skip
    """Open, keep or close the loop of everybody this run touched, all at once."""
    pack, disease = _pack(run, at), run.risk_area.disease
    ranks, looped = rules.words(pack).ranks, concerned.subjects_of(touched)
    wanted: list[closed_loop.Wanted] = []
    moved: list[AffectedPerson] = []
    over: list[UUID] = []
    running = looping.of_subjects({subject for found in looped.values() for subject in found}, open_only=True)
    for person_id in sorted(touched):
        lead = leading(standing.get(person_id, []), ranks)
        subject = subject_of(lead, disease) if lead else None
        over += sorted((looped.get(person_id, set()) & running.keys()) - {subject})
        rule = prefix_for(traveller(lead.level, pack), pack) if lead else ""
        if lead is None or subject is None or not rule:
            continue
        if lead.subject_id == subject:
            done.loops_kept += 1
            continue
        lead.subject_id = subject
        moved.append(lead)
        wanted.append(_wanted(lead, subject, rule, pack, at))
    done.loops_closed = closed_loop.close_loops(by=by, subject_ids=over, reason=gettext(LIFTED)) if over else 0
    done.loops_opened = len(closed_loop.open_loops(wanted, by=by)) if wanted else 0
    affected.follow(by=by, rows=moved)


def _wanted(lead: AffectedPerson, subject: UUID, rule: str, pack: Pack, at: datetime) -> closed_loop.Wanted:
    """The loop the pack asks for, from today on, with the evidence in words the person is told."""
    first = lead.evidence[0] if lead.evidence else {}
    because = {
        "zone": lead.risk_area.name, "level": lead.level, "category": traveller(lead.level, pack),
        "place": first.get("place") or first.get("code", ""), "from": _day(lead.first_on), "until": _day(lead.last_on),
        "risk_area": str(lead.risk_area_id),
    }  # fmt: skip
    return closed_loop.Wanted(
        lead.person, rule, subject, lead.area, timezone.localdate(at), pack, because, present_area=lead.area
    )


def traveller(level: str, pack: Pack) -> str:
    """As coming from which risk level somebody from a zone is treated."""
    return str(pack.table("riskarea.traveller_as").get(level.lower(), "")).upper()


def _tests(run: Evaluation, mine: list[AffectedPerson], *, by: Officer | None) -> dict[str, int]:
    """Tests of residents on the days of their zone; nobody else's, and none where the pack names no days."""
    version: RiskAreaVersion = run.version_of_area
    pack = selectors.pack_of(version)
    residents = [row for row in mine if row.because == Because.RESIDENCE]
    key = f"zone.{version.level.lower()}.test_days"
    days = pack.days(key) if key in pack.rules else []
    known = people.by_ids(row.person_id for row in residents)
    wanted = [
        testing.PlannedTest(
            known[row.person_id], run.risk_area.disease, version.begins_on + timedelta(days=day - 1), day,
            f"zone.{version.level.lower()}", run.risk_area_id, row.area, key, pack.version,
        )
        for row in residents
        if row.person_id in known
        for day in days
    ]  # fmt: skip
    return testing.plan_duties(wanted, by=by, subjects=[run.risk_area_id]).counts


def _tasks(
    run: Evaluation, mine: list[AffectedPerson], standing: dict[UUID, list[AffectedPerson]], *, by: Officer | None,
    at: datetime,
) -> dict[str, int]:  # fmt: skip
    """One task a person who was there, one a cell whose people live there; others of this area are taken back."""
    pack, zone_level = _pack(run, at), str(run.version_of_area.get_level_display())
    workers = people.workers_of({row.area_id for row in mine})
    reach = [_reach(row, run, workers, pack, zone_level, at) for row in mine if row.because != Because.RESIDENCE]
    by_cell: dict[str, list[AffectedPerson]] = defaultdict(list)
    for row in mine:
        if row.because == Because.RESIDENCE:
            by_cell[row.area_id].append(row)
    cells = [_cell(rows, run, workers, pack, zone_level, at) for rows in by_cell.values()]
    outcome = command.hand_down_many(by=by, tasks=[*reach, *cells], action="risk_areas.tasks.handed_down")
    keys = {task.key for task in (*outcome.new, *outcome.kept)}
    known = command_selectors.open_keys(SUBJECT, run.risk_area_id)
    others = command_selectors.by_ids(pk for pk, key in known if key not in keys)
    withdrawn = command.withdraw_many(tasks=others, by=by, reason=gettext(LIFTED))
    return {"new": len(outcome.new), "kept": len(outcome.kept), "withdrawn": withdrawn}


def _reach(
    row: AffectedPerson, run: Evaluation, workers: dict[str, Officer | None], pack: Pack, level: str, at: datetime
) -> Task:
    params = {
        "name": row.person.name, "zone": run.risk_area.name, "level": level, "last": _day(row.last_on),
        "since": _day(run.version_of_area.begins_on), "how": row.because,
    }  # fmt: skip
    return Task(
        key=f"risk:{row.risk_area_id}:{row.person_id}", title=REACH_TITLE, instructions=REACH, params=params,
        person=row.person, priority=Task.Priority.HIGH, **_common(row, run, workers, pack, at),
    )  # fmt: skip


def _cell(
    rows: list[AffectedPerson], run: Evaluation, workers: dict[str, Officer | None], pack: Pack, level: str,
    at: datetime,
) -> Task:  # fmt: skip
    key = run.version_of_area.level.lower()
    days = pack.get(f"zone.{key}.test_days") or []
    measure = pack.rules.get(f"zone.{key}.measure") or pack.rules.get(f"riskarea.{key}.measure")
    params = {
        "zone": run.risk_area.name, "people": len(rows), "level": level,
        "since": _day(run.version_of_area.begins_on), "measure": measure.value if measure else "–",
        "tests": "、".join(str(day) for day in days) or "–",
    }  # fmt: skip
    return Task(
        key=f"risk:{run.risk_area_id}:cell:{rows[0].area_id}", title=CELL_TITLE, instructions=CELL, params=params,
        priority=Task.Priority.HIGH, **_common(rows[0], run, workers, pack, at),
    )  # fmt: skip


def _common(
    row: AffectedPerson, run: Evaluation, workers: dict[str, Officer | None], pack: Pack, at: datetime
) -> dict[str, Any]:
    worker = workers.get(row.area_id)
    return {
        "kind": Task.Kind.GENERAL, "area": row.area, "from_area": run.area, "officer": worker,
        "role": "grid_worker" if worker else "township_officer", "subject_kind": SUBJECT,
        "subject_id": run.risk_area_id, "due_at": at + pack.duration("riskarea.reach_hours"),
    }  # fmt: skip


def _pack(run: Evaluation, at: datetime) -> Pack:
    county = county_of(run.area_id)
    code = county.code if county else run.area_id
    return policy.pack(disease=run.risk_area.disease, area_code=code, on=timezone.localdate(at))


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"
