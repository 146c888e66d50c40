"""Carrying a loop out: stays, tests, rides and tasks follow the plan; what was really done comes back as facts.

Everything here is set-based and may be run again: what is wanted is compared with what is there.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from fangxian.core import scope
from fangxian.systems.arrivals import looping
from fangxian.systems.arrivals.models import Loop
from fangxian.systems.quarantine import selectors as quarantine_selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import DailyCheck, Stay, Transfer
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing import services as testing_services
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows.loop import chain, plans
from fangxian.workflows.response.plan import CENTRAL, HOME

PLACES = {CENTRAL: Stay.Place.CENTRAL, HOME: Stay.Place.HOME}
DESTINATIONS = {Transfer.Destination.SITE: CENTRAL, Transfer.Destination.HOME: HOME}
WHY = "a closed loop follows the person into whatever area they are in"
BATCH = 2_000


def book(loops: Sequence[Loop], *, by: Any) -> quarantine.Booking:
    """A stay for each stage somebody is held in; stays of stages that are gone are cancelled."""
    needs = [need for loop in loops for need in _needs(loop)]
    booking = quarantine.book(by=by, needs=needs)
    wanted = {need.key for need in needs}
    for part in batches(loops):
        open_ = quarantine_selectors.stays_for([loop.subject_id for loop in part], open_only=True, bare=True)
        unwanted = [stay for stays in open_.values() for stay in stays if (stay.subject_id, stay.place) not in wanted]
        quarantine.cancel_many(stays=unwanted, by=by, reason=gettext("The plan asks for it no more."))
    return booking


def plan_tests(loops: Sequence[Loop], *, by: Any) -> dict[str, int]:
    """Test duties by the days of each plan; returns how many were added, kept and cancelled."""
    total: dict[str, int] = defaultdict(int)
    for part in batches(loops):
        rows = [row for loop in part for row in _duties(loop)]
        made = testing_services.plan_duties(rows, by=by, subjects={loop.subject_id for loop in part})
        for name, count in made.counts.items():
            total[name] += count
    return dict(total)


def order_rides(loops: Iterable[Loop], *, by: Any, at: datetime, ahead: timedelta) -> int:
    """A ride for each loop whose next link leads to a site and begins soon; returns how many were ordered now.

    Without a room nobody can be brought anywhere yet: the task says so, and the next look orders it. The way home is
    a task of the grid worker, who confirms the coming; a ride for it is ordered by whoever needs a vehicle.
    """
    soon = [(loop, link) for loop in loops if (link := _next_ride(loop, at + ahead))]
    ids = [loop.subject_id for loop, _link in soon]
    there, stays = quarantine_selectors.transfers_for(ids), quarantine_selectors.stays_for(ids, open_only=True)
    return sum(_order(loop, link, stays[loop.subject_id], there[loop.subject_id], by) for loop, link in soon)


def carry_on(loops: Sequence[Loop], *, at: datetime) -> list[Loop]:
    """Bring loops to a moment by what was really done; returns those that have changed, not saved yet."""
    changed = []
    for part in batches(loops):
        ids = [loop.subject_id for loop in part]
        stays, rides = quarantine_selectors.stays_for(ids, bare=True), quarantine_selectors.transfers_for(ids)
        checked, tested = _checked_days(part, at), _tests_done(ids)
        for loop in part:
            before = {name: getattr(loop, name) for name in looping.PROGRESS}
            _carry(loop, facts(loop, stays[loop.subject_id], rides[loop.subject_id], at), at)
            _count(loop, checked.get(loop.person_id, set()), tested[loop.subject_id], timezone.localdate(at))
            if any(getattr(loop, name) != value for name, value in before.items()):
                changed.append(loop)
    return changed


def facts(
    loop: Loop, stays: Iterable[Stay], rides: Iterable[Transfer], at: datetime
) -> dict[tuple[str, str], datetime]:
    """When each link was really done, by kind and place. Who is checked in has come, whoever brought them."""
    done: dict[tuple[str, str], datetime] = {}
    for stay in stays:
        place = _PLACE_OF[stay.place]
        if stay.checked_in_at:
            done[chain.TRANSFER, place] = done[chain.RECEPTION, place] = stay.checked_in_at
        if stay.released_at and stay.state == Stay.State.RELEASED and place == _last_held(loop):
            done[chain.RELEASE, ""] = stay.released_at
    for ride in rides:
        if ride.received_at and ride.destination in DESTINATIONS:
            done[chain.TRANSFER, DESTINATIONS[ride.destination]] = ride.received_at
    if loop.stages and loop.stages[-1]["place"] not in chain.HELD:
        over = chain.midnight(loop.ends_on + timedelta(days=1))
        done |= {(chain.RELEASE, ""): over} if at >= over else {}
    return done


def missing_days(loop: Loop, checked: set[date], until: date) -> list[date]:
    """Days of the stages before `until` on which nobody has seen the person."""
    return [day for day in _days(loop) if day < until and day not in checked]


def checked_days(loops: Sequence[Loop]) -> dict[UUID, set[date]]:
    """For each person the days with at least one check at which they were seen."""
    return _checked_days(loops, None)


def batches(loops: Sequence[Loop]) -> Iterable[Sequence[Loop]]:
    """The loops in parts that fit into one query."""
    return (loops[start : start + BATCH] for start in range(0, len(loops), BATCH))


_PLACE_OF = {stay: place for place, stay in PLACES.items()}


def _needs(loop: Loop) -> list[quarantine.Need]:
    return [
        quarantine.Need(
            loop.person, loop.area, one.starts_on, one.ends_on, loop.subject_id, PLACES[one.place], one.rule, loop.pack
        )
        for one in plans.stretches(loop)
        if one.place in PLACES
    ]


def _duties(loop: Loop) -> list[testing_services.PlannedTest]:
    return [
        testing_services.PlannedTest(
            loop.person, loop.disease, one.due_on, one.day, one.stage, loop.subject_id, loop.area, one.rule, loop.pack
        )
        for one in plans.tests(loop)
    ]


def _next_ride(loop: Loop, until: datetime) -> chain.Link | None:
    link = chain.following(loop.links)
    if link is None or (link["kind"], link["place"]) != (chain.TRANSFER, CENTRAL):
        return None
    return link if chain.moment(link["starts_at"]) <= until else None


def _order(loop: Loop, link: chain.Link, stays: list[Stay], there: list[Transfer], by: Any) -> bool:
    stay = next((stay for stay in stays if stay.place == Stay.Place.CENTRAL), None)
    known = any(ride.destination == Transfer.Destination.SITE and ride.state in _GOING for ride in there)
    if stay is None or stay.room_id is None or known:
        return False
    try:
        quarantine.order_transfer(
            by=by,
            person=loop.person,
            area=loop.present_area or loop.area,
            stay=stay,
            rule=stay.rule,
            pack=loop.pack,
            subject_id=loop.subject_id,
            due_at=chain.moment(link["due_at"]),
        )
    except ValidationError:  # on another way already, for another reason: that ride is the fact
        return False
    return True


_GOING = {*Transfer.OPEN, Transfer.State.RECEIVED}


def _carry(loop: Loop, done: dict[tuple[str, str], datetime], at: datetime) -> None:
    loop.links = chain.carry(loop.links, done, at=at)
    upcoming = chain.following(loop.links)
    loop.next_kind = upcoming["kind"] if upcoming else ""
    loop.next_due_at = chain.moment(upcoming["due_at"]) if upcoming else None
    loop.missed, loop.gap_minutes = chain.missed(loop.links), chain.gap_minutes(loop.links, at=at)
    if upcoming is None:
        loop.state, loop.closed_at = Loop.State.COMPLETED, chain.moment(loop.links[-1]["done_at"])


def _count(loop: Loop, checked: set[date], tested: set[date], today: date) -> None:
    """What is owed up to yesterday; of a completed loop, all of it."""
    until = loop.ends_on + timedelta(days=1) if loop.state == Loop.State.COMPLETED else today
    owed = [day for day in _days(loop) if day < until]
    tests = [one.due_on for one in plans.tests(loop) if one.due_on < until]
    loop.days_owed, loop.days_checked = len(owed), len(checked.intersection(owed))
    loop.tests_owed, loop.tests_done = len(tests), len(tested.intersection(tests))


def _days(loop: Loop) -> list[date]:
    return [
        one.starts_on + timedelta(days=number)
        for one in plans.stretches(loop)
        for number in range((one.ends_on - one.starts_on).days + 1)
    ]


def _last_held(loop: Loop) -> str:
    held = [place for place in plans.places(loop.stages) if place in chain.HELD]
    return held[-1] if held else ""


def _checked_days(loops: Sequence[Loop], at: datetime | None) -> dict[UUID, set[date]]:
    if not loops:
        return {}
    with scope.everywhere(WHY):
        since = min(loop.begins_on for loop in loops)
        seen = quarantine_selectors.checks_of({loop.person_id for loop in loops}, since=since)
    return {
        person: {check.day for check in checks if check.status == DailyCheck.Status.COOPERATIVE}
        for person, checks in seen.items()
    }


def _tests_done(subject_ids: Sequence[UUID]) -> dict[UUID, set[date]]:
    done: dict[UUID, set[date]] = defaultdict(set)
    rows = testing.duties_of(subject_ids).filter(state=TestDuty.State.DONE).order_by()
    for subject, day in rows.values_list("subject_id", "due_on"):
        done[subject].add(day)
    return done
