"""Restarted clocks: what one infected guest does to the days of others, kept in step with the result behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from fangxian.core import records
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.booking import redate
from fangxian.systems.quarantine.models import ClockRestart, Stay

_IN_FORCE = ClockRestart.State.IN_FORCE
_KEPT = ("via", "exposed_on", "until", "rule", "pack")


@dataclass(frozen=True)
class Restart:
    """One stay that has to be counted anew: how exposed, when last, until when now, by which rule of which pack."""

    stay: Stay
    infected: Person
    via: str
    exposed_on: date
    until: date
    rule: str
    pack: str


@dataclass
class Restarted:
    """What a run changed."""

    new: list[ClockRestart]
    changed: list[ClockRestart]
    withdrawn: list[ClockRestart]
    moved: list[Stay]

    @property
    def counts(self) -> dict[str, int]:
        """The same in numbers."""
        return {name: len(rows) for name, rows in vars(self).items()}


def sync_restarts(*, by: Officer | None, result_id: UUID, wanted: Iterable[Restart], reason: str) -> Restarted:
    """Make these the restarts of a result: new, kept, changed, or withdrawn with a reason; then count the days anew.

    Said again it changes nothing. Nobody's stay ever becomes shorter than its plan.
    """
    rows = {row.stay.pk: row for row in wanted}
    with transaction.atomic():
        mine = ClockRestart.unscoped.select_for_update(of=("self",)).filter(result_id=result_id, state=_IN_FORCE)
        stored = {row.stay_id: row for row in mine.select_related("stay", "area")}
        gone = [row for key, row in stored.items() if key not in rows]
        changed = [
            _updated(stored[key], row) for key, row in rows.items() if key in stored and _differs(stored[key], row)
        ]
        new = [_made(row, result_id) for key, row in rows.items() if key not in stored]
        records.create_many(ClockRestart, new, by=by, action="quarantine.clocks.restarted")
        records.save_many(changed, list(_KEPT), by=by, action="quarantine.clocks.corrected")
        if gone:
            end = {"state": ClockRestart.State.WITHDRAWN, "reason": stated(reason)}
            records.change_many(gone, by=by, action="quarantine.clocks.withdrawn", **end)
        moved = count_anew(by=by, stay_ids={row.stay_id for row in (*new, *changed, *gone)})
    return Restarted(new, changed, gone, moved)


def count_anew(*, by: Officer | None, stay_ids: Iterable[UUID]) -> list[Stay]:
    """Give open stays the days that plan and restarts in force ask for, and the stay at home after them; what moved."""
    stays = list(Stay.unscoped.filter(pk__in=set(stay_ids), state__in=Stay.OPEN).select_related("area", "person"))
    until: dict[UUID, date] = {}
    for stay_id, day in ClockRestart.unscoped.filter(stay__in=stays, state=_IN_FORCE).values_list("stay_id", "until"):
        until[stay_id] = max(day, until.get(stay_id, day))
    dates, shifts = {}, {}
    for stay in stays:
        planned = stay.planned_until or stay.ends_on
        ends = max(planned, until.get(stay.pk, planned))
        dates[stay.pk] = (stay.starts_on, ends)
        shifts[stay.subject_id or stay.person_id] = ends - planned
    return redate(by=by, dates=dates | _after(shifts))


def _after(shifts: dict[UUID, timedelta]) -> dict[UUID, tuple[date, date]]:
    """Stays at home that follow: they begin the day after, and last as long as they were planned."""
    home = Stay.unscoped.filter(place=Stay.Place.HOME, state=Stay.State.BOOKED)
    by_reason = home.filter(subject_id__in=shifts)
    by_person = home.filter(subject_id=None, person_id__in=shifts)
    dates = {}
    for stay in [*by_reason, *by_person]:
        ends = (stay.planned_until or stay.ends_on) + shifts[stay.subject_id or stay.person_id]
        dates[stay.pk] = (ends - (stay.ends_on - stay.starts_on), ends)
    return dates


def _differs(stored: ClockRestart, row: Restart) -> bool:
    return any(getattr(stored, name) != getattr(row, name) for name in _KEPT)


def _updated(stored: ClockRestart, row: Restart) -> ClockRestart:
    for name in _KEPT:
        setattr(stored, name, getattr(row, name))
    return stored


def _made(row: Restart, result_id: UUID) -> ClockRestart:
    stay = row.stay
    return ClockRestart(
        area_id=stay.area_id, present_area_id=stay.present_area_id, stay=stay, infected=row.infected,
        result_id=result_id, via=row.via, exposed_on=row.exposed_on, was_until=stay.ends_on, until=row.until,
        rule=row.rule, pack=row.pack,
    )  # fmt: skip
