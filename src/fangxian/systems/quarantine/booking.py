"""Booking: a list of needs becomes stays with rooms, and what is missing is named by day.

Booking the same list again changes nothing. A need that is known (same reason, same kind of place) keeps its stay and
its room; its dates follow the need.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from fangxian.core import records
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.quarantine.assigning import assign_rooms, counties_of, open_in_order
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.quarantine.needs import Key, Need, Note, restarted, together

CHUNK = 5_000
_PLAN = (
    "starts_on", "ends_on", "planned_until", "rule", "pack", "care", "companion_of_id", "unit_id", "room_id",
    "present_area_id", "state",
)  # fmt: skip


@dataclass(frozen=True)
class Shortfall:
    """So many people of a county have no room on a day."""

    county: str
    day: date
    missing: int


@dataclass
class Booking:
    """The stays in the order of the needs, how many are new or changed, the rooms that are missing, what to look at."""

    stays: list[Stay] = field(default_factory=list)
    shortfall: list[Shortfall] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    new: int = 0
    changed: int = 0

    @property
    def waiting(self) -> list[Stay]:
        """Stays without a room."""
        return [stay for stay in self.stays if stay.state == Stay.State.NO_ROOM]


def book(*, by: Officer | None, needs: Iterable[Need], source: str = Source.WORKFLOW) -> Booking:
    """Book all needs at once. Rooms are those of the quarantine sites in the county of each person's area."""
    wanted, notes = together(_merged(needs))
    with transaction.atomic():
        wanted = restarted(wanted)
        known = _known(wanted.values())
        before = {stay.pk: _plan_of(stay) for stay in known.values()}
        stays = {key: _dated(known[key], need) if key in known else _stay(need) for key, need in wanted.items()}
        counties = counties_of({stay.area_id for stay in stays.values()})
        displaced = assign_rooms(stays.values(), counties)  # other people's bookings that had to move
        new = [stay for key, stay in stays.items() if key not in known]
        records.create_many(Stay, new, by=by, action="quarantine.stays.booked", source=source)
        changed = _save([*displaced, *known.values()], before, by=by)
    counties |= counties_of({stay.area_id for stay in displaced})
    shortfall = _shortfall([*stays.values(), *displaced], counties)
    return Booking(list(stays.values()), shortfall, notes, len(new), changed)


def redate(*, by: Officer | None, dates: dict[UUID, tuple[date, date]]) -> list[Stay]:
    """Give open stays other days; whoever was to come into their rooms after them moves or waits. What changed.

    Who is in keeps the day of coming, and a stay that has lasted longer than its new days ends no earlier than today.
    """
    with transaction.atomic():
        rows = Stay.unscoped.select_for_update(of=("self",)).filter(pk__in=dates.keys())
        stays = list(open_in_order(rows))
        before = {stay.pk: _plan_of(stay) for stay in stays}
        for stay in stays:
            starts, ends = dates[stay.pk]
            inside = stay.state == Stay.State.IN
            stay.starts_on = stay.starts_on if inside else starts
            stay.ends_on = max(ends, stay.starts_on, min(today(), stay.ends_on)) if inside else ends
        displaced = assign_rooms(stays, counties_of({stay.area_id for stay in stays}))
        changed = [stay for stay in stays if _plan_of(stay) != before[stay.pk]]
        _save([*displaced, *changed], before, by=by)
    return changed


def book_waiting(*, by: Officer | None, area: Area) -> Booking:
    """Give the rooms that have become free to those who wait for one, the earliest first."""
    low, high = code_range(area.code)
    with transaction.atomic():
        waiting = list(open_in_order(Stay.objects.filter(state=Stay.State.NO_ROOM, area_id__gte=low, area_id__lt=high)))
        counties = counties_of({stay.area_id for stay in waiting})
        before = {stay.pk: _plan_of(stay) for stay in waiting}
        displaced = assign_rooms(waiting, counties)
        changed = _save([*displaced, *waiting], before, by=by)
    return Booking(waiting, _shortfall(waiting, counties), changed=changed)


def _merged(needs: Iterable[Need]) -> dict[Key, Need]:
    """One need a reason and kind of place; a list that names it twice means the whole time."""
    merged: dict[Key, Need] = {}
    for need in needs:
        first = merged.get(need.key)
        if first is not None:
            starts, ends = min(first.starts_on, need.starts_on), max(first.ends_on, need.ends_on)
            need = replace(first, starts_on=starts, ends_on=ends)
        merged[need.key] = need
    return merged


def _known(needs: Iterable[Need]) -> dict[Key, Stay]:
    """Open stays that answer the needs, by key."""
    needs = list(needs)
    subjects = [need.subject_id for need in needs if need.subject_id]
    people = [need.person.pk for need in needs if not need.subject_id]
    found: dict[Key, Stay] = {}
    for condition in [*_in("subject_id", subjects), *_in("person_id", people, subject_id__isnull=True)]:
        for stay in open_in_order(Stay.objects.select_for_update(of=("self",)).filter(condition)):
            found[stay.subject_id or stay.person_id, stay.place] = stay
    return {need.key: found[need.key] for need in needs if need.key in found}


def _in(name: str, ids: list[UUID], **also: object) -> list[Q]:
    return [Q(**{f"{name}__in": ids[start : start + CHUNK]}, **also) for start in range(0, len(ids), CHUNK)]


def _stay(need: Need) -> Stay:
    central = need.place == Stay.Place.CENTRAL
    return Stay(
        person=need.person, area=need.area, present_area=need.area, place=need.place,
        state=Stay.State.NO_ROOM if central else Stay.State.BOOKED, starts_on=need.starts_on, ends_on=need.ends_on,
        planned_until=need.planned_until or need.ends_on, subject_id=need.subject_id, rule=need.rule, pack=need.pack,
        care=need.care, unit_id=need.unit if central else None,
    )  # fmt: skip


def _dated(stay: Stay, need: Need) -> Stay:
    """The plan's dates; who is already in keeps the day of coming, and nobody's stay ends in the past."""
    if stay.state == Stay.State.IN:
        stay.ends_on = max(need.ends_on, stay.starts_on, min(today(), stay.ends_on))
    else:
        stay.starts_on, stay.ends_on = need.starts_on, need.ends_on
    stay.rule, stay.pack = need.rule, need.pack
    stay.planned_until = need.planned_until or need.ends_on
    stay.care = stay.care or need.care
    stay.unit_id = stay.unit_id or (need.unit if stay.place == Stay.Place.CENTRAL else None)
    return stay


def _plan_of(stay: Stay) -> dict[str, object]:
    return {name: getattr(stay, name) for name in _PLAN}


def _save(stays: list[Stay], before: dict[UUID, dict[str, object]], *, by: Officer | None) -> int:
    """Write what has changed; stays of which the same fields change (a plan lengthened for hundreds) in one go."""
    groups: dict[tuple[str, ...], list[Stay]] = defaultdict(list)
    for stay in stays:
        old = before.get(stay.pk, {})
        groups[tuple(name for name, value in _plan_of(stay).items() if name not in old or old[name] != value)].append(
            stay
        )
    groups.pop((), None)
    for names, group in groups.items():
        _change(group, names, by=by)
    return sum(len(group) for group in groups.values())


def _change(group: list[Stay], names: tuple[str, ...], *, by: Officer | None) -> None:
    """One stay with its own line in the history, several with one line for all."""
    plans = [{name: getattr(stay, name) for name in names} for stay in group]
    if len(group) == 1:
        group[0].version = records.change(group[0], by=by, action="quarantine.stay.rebooked", **plans[0]).version
    elif all(plan == plans[0] for plan in plans):
        records.change_many(group, by=by, action="quarantine.stays.rebooked", **plans[0])
    else:
        records.save_many(group, list(names), by=by, action="quarantine.stays.rebooked")


def _shortfall(stays: Iterable[Stay], counties: dict[str, str]) -> list[Shortfall]:
    """Everybody without a room, counted on each of their days."""
    missing: dict[tuple[str, date], set[UUID]] = defaultdict(set)
    for stay in stays:
        if stay.state == Stay.State.NO_ROOM:
            for number in range((stay.ends_on - stay.starts_on).days + 1):
                missing[counties[stay.area_id], stay.starts_on + timedelta(days=number)].add(stay.person_id)
    return [Shortfall(county, day, len(people)) for (county, day), people in sorted(missing.items())]
