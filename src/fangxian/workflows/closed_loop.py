"""The closed loop of a person, from the first landing to the proof of release.

Read downwards: an arrival is judged by its travel history (`on_arrival`), pushed from the place of landing to the home
area, and where a rule holds its plan is opened (`open_loop`): stages, tests, and the chain of links in which one ends
where the next begins. Every few minutes `look` takes in what was really done, hands down what is next and what was
missed; the command's clock hands up what is overdue. When the last link is done the loop is completed, with its
completeness beside the word. A new pack changes open plans only after its difference was seen (`loop/replanning.py`).

Running any step again is harmless: each compares what is wanted with what is stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from fangxian.core import jobs, policy, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.core.reasons import stated
from fangxian.systems.arrivals import declaring, looping
from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals import services as arrival_services
from fangxian.systems.arrivals.announcements import arrivals_changed
from fangxian.systems.arrivals.models import Arrival, Loop
from fangxian.systems.arrivals.words import Category
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import selectors as quarantine_selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import Transfer
from fangxian.systems.testing import services as testing
from fangxian.workflows.loop import carrying, categories, chasing, plans, rules
from fangxian.workflows.loop.chain import Clocks
from fangxian.workflows.loop.rules import Trip

__all__ = ["Wanted", "close_loop", "close_loops", "look", "on_arrival", "open_loop", "open_loops"]

WHY = carrying.WHY


@dataclass(frozen=True)
class Wanted:
    """A loop somebody asks for.

    rule: prefix of a rule with stages (`traveller.high`, `contact.close`), or the key of the stages themselves.
    because: what a person has to be told: {place, from, until, zone, level, category …}, plain values.
    subject_id: the arrival, contact, match …; there is one open loop a subject.
    begins: the first day of the plan. opened_at: when the clock of the first link started (now).
    served_days: days of entry quarantine another city has carried out. restart: the first day was wrong or counts anew
    (corrected arrival, infection in the room beside); otherwise an open loop keeps its first day.
    """

    person: Person
    rule: str
    subject_id: UUID
    area: Area
    begins: date
    pack: Pack
    because: dict[str, Any] = field(default_factory=dict)
    present_area: Area | None = None
    opened_at: datetime | None = None
    served_days: int = 0
    restart: bool = False


# --- 1. somebody has come ---


@receiver(arrivals_changed)
def follow_arrivals(sender: Any, arrival_ids: list[UUID], by: Any, **_named: Any) -> None:
    """Queue the judging of arrivals, in the transaction that recorded them: neither is ever without the other."""
    for arrival_id in arrival_ids:
        jobs.enqueue("arrivals.judge", by=by, key=str(arrival_id), arrival_id=str(arrival_id))


@jobs.job("arrivals.judge")
def judge_job(job: jobs.Job, arrival_id: str) -> dict[str, str]:
    """The judging as a job; judged again, nothing changes."""
    loop = on_arrival(arrival_id=UUID(arrival_id), by=job.created_by)
    return {"loop": str(loop.pk) if loop else ""}


def on_arrival(*, arrival_id: UUID, by: Any) -> Loop | None:
    """Judge an arrival, push it to landing and home, open what its rule asks for; returns the loop, if there is one."""
    with scope.everywhere(WHY):
        arrival = arrivals.arrival(arrival_id)
        declaring.follow_arrival(arrival=arrival, by=by)
        stays = arrivals.stays_of([arrival_id])[arrival_id]
        pack = policy.pack(disease=arrival.disease, area_code=arrival.area_id, on=arrival.arrived_on)
        judged = categories.judge(arrival, stays, categories.zones_for([arrival]), pack)
        prefix = rules.prefix_for(judged.category, pack)
        arrival = _keep(arrival, judged, prefix, pack, by)
        if arrival.state == Arrival.State.NOT_COME:
            return _nothing_left(arrival)
        chasing.push(arrival, by=by)
        _landing_test(arrival, pack, by)
        if not prefix or arrival.landed_at is None:
            return None
        return _loop_of(arrival, judged, prefix, pack, by)


def _keep(arrival: Arrival, judged: categories.Judgement, prefix: str, pack: Pack, by: Any) -> Arrival:
    landed = arrival.landed_at
    return arrival_services.judged(
        by=by, arrival=arrival, category=judged.category, rule=prefix, pack=pack.version, because=judged.why,
        check_due_at=landed and landed + pack.duration("arrival.first_check_hours"),
        receive_due_at=landed and landed + pack.duration("arrival.receive_hours"),
    )  # fmt: skip


def _nothing_left(arrival: Arrival) -> None:
    chasing.withdraw(chasing.ARRIVAL, [arrival.pk])


def _landing_test(arrival: Arrival, pack: Pack, by: Any) -> None:
    """The test at the landing where the rules ask for one, as a duty of that day."""
    declared = arrivals.declared_on(arrival)
    due = rules.landing_test_due(Trip(arrival.arrived_on, arrival.landed_at, arrival.tested_at, declared), pack)
    rows = []
    if due is not None and arrival.checked_at is None:
        rows.append(
            testing.PlannedTest(
                arrival.person, arrival.disease, arrival.arrived_on, 1, "landing", arrival.pk, arrival.area,
                "arrival.landing_test", pack.version,
            )
        )  # fmt: skip
    if arrivals.loop_of(arrival.pk) is None and not arrival.checked_at:
        testing.plan_duties(rows, by=by, subjects={arrival.pk})


def _loop_of(arrival: Arrival, judged: categories.Judgement, prefix: str, pack: Pack, by: Any) -> Loop | None:
    served = arrivals.days_served(arrival) if judged.category == Category.RELEASED else 0
    landed = arrival.landed_at or now()
    wanted = Wanted(
        arrival.person, prefix, arrival.pk, arrival.area, max(arrival.arrived_on, timezone.localdate(landed)), pack,
        {**judged.why, "category": judged.category}, arrival.present_area, landed, served, restart=True,
    )  # fmt: skip
    made = open_loops([wanted], by=by)
    return made[0] if made else None


# --- 2. a plan is opened ---


def open_loop(
    *, by: Any, person_id: UUID, rule: str, because: dict[str, Any], subject_id: UUID, area_code: str, begins: date,
    pack: Pack, present_area: Area | None = None, opened_at: datetime | None = None, served_days: int = 0,
) -> Loop | None:  # fmt: skip
    """Open the loop of one person by a rule of a pack, or bring the open one up to it; None where nothing is asked.

    Raises MissingRule when the pack has no such rule, Person.DoesNotExist for nobody.
    """
    with scope.everywhere(WHY):
        person = people.person(person_id)
        area = Area.objects.get(code=area_code)
        wanted = Wanted(person, rule, subject_id, area, begins, pack, because, present_area, opened_at, served_days)
        made = open_loops([wanted], by=by)
    return made[0] if made else None


def open_loops(wanted: Iterable[Wanted], *, by: Any) -> list[Loop]:
    """The same for many, set-based: plans, stays, tests, rides, tasks. Loops whose plan has no stage are not opened.

    Asked for again the open loop is the answer; its days stay counted from when it began. What was completed for the
    same subject by the same rule is not begun again.
    """
    wanted = list(wanted)
    with scope.everywhere(WHY):
        known = looping.of_subjects(one.subject_id for one in wanted)
        fresh, changed, same = [], [], []
        for one in wanted:
            loop = known.get(one.subject_id)
            if loop is not None and loop.rule == _prefix(one.rule) and not _moved(loop, one):
                same.append(loop)
            elif loop is not None and loop.state == Loop.State.OPEN:
                changed.append(_planned(loop, one))
            elif (made := _planned(_new(one), one)).stages:
                fresh.append(made)
        looping.open_many(by=by, loops=fresh)
        looping.replan_many(by=by, loops=changed)
        carry_out([*fresh, *changed, *(loop for loop in same if loop.state == Loop.State.OPEN)], by=by)
    return [*fresh, *changed, *same]


def carry_out(loops: Sequence[Loop], *, by: Any) -> None:
    """Stays, tests, rides and tasks as the plans say, and the plans as the facts say."""
    if not loops:
        return
    carrying.book(loops, by=by)
    carrying.plan_tests(loops, by=by)
    _carry(loops, at=now(), by=by)


def _new(one: Wanted) -> Loop:
    return Loop(
        person=one.person, area=one.area, present_area=one.present_area or one.area, subject_id=one.subject_id,
        disease=one.pack.disease, opened_at=one.opened_at or now(), begins_on=one.begins, ends_on=one.begins,
    )  # fmt: skip


def _planned(loop: Loop, one: Wanted) -> Loop:
    prefix = _prefix(one.rule)
    begins = one.begins if one.restart else min(one.begins, loop.begins_on)
    plan = rules.plan_for(prefix, one.pack, begins=begins, served_days=one.served_days)
    written = plans.write(plan, one.pack, opened_at=loop.opened_at, begins=begins)
    loop.rule, loop.pack, loop.pack_on = prefix, one.pack.version, one.pack.on
    loop.because = {**one.because, "served_days": one.served_days}
    loop.begins_on, loop.ends_on = begins, written.ends_on
    loop.stages, loop.tests, loop.links = written.stages, written.tests, written.links
    return loop


def _moved(loop: Loop, one: Wanted) -> bool:
    """Whether the days are to be counted anew. Another pack alone does not do that: it is a replan."""
    return one.restart and loop.state == Loop.State.OPEN and loop.begins_on != one.begins


def _prefix(rule: str) -> str:
    for ending in (".isolation", ".management"):
        rule = rule.removesuffix(ending)
    return rule


# --- 3. it is carried out ---


def look(*, at: datetime | None = None, by: Any = None) -> dict[str, int]:
    """Take in what was done in all open loops, hand down what is next or missed; returns how many loops moved."""
    at = at or now()
    moved = 0
    with scope.everywhere(WHY):
        for loops in arrivals.open_loops():
            moved += _carry(loops, at=at, by=by)
    return {"loops_moved": moved}


def _carry(loops: Sequence[Loop], *, at: datetime, by: Any) -> int:
    changed = carrying.carry_on(loops, at=at)
    looping.carry_many(by=by, loops=changed)
    open_ = [loop for loop in loops if loop.state == Loop.State.OPEN]
    over = [loop.pk for loop in loops if loop.state != Loop.State.OPEN]
    if open_:
        ahead = max(_pack_of(loop).duration("loop.task_ahead_hours") for loop in open_[:1])
        carrying.order_rides(open_, by=by, at=at, ahead=ahead)
        chasing.hand_down(open_, at=at, by=by)
    chasing.withdraw(chasing.LOOP, over)
    return len(changed)


def refresh(loop: Loop, *, by: Any = None) -> Loop:
    """Bring one loop to now, for the page that shows it."""
    with scope.everywhere(WHY):
        if loop.state == Loop.State.OPEN:
            _carry([loop], at=now(), by=by)
    return loop


# --- 4. it ends ---


def close_loop(*, by: Any, subject_id: UUID, reason: str) -> int:
    """End an open loop whose reason is gone: stays, tests, rides and tasks end with it; returns how many ended.

    For stories only: the zone was lifted, the arrival was a mistake, two officers granted an appeal. What was done
    stays on record.
    """
    return close_loops(by=by, subject_ids=[subject_id], reason=reason)


def close_loops(*, by: Any, subject_ids: Iterable[UUID], reason: str) -> int:
    """The same for everybody whose reason is gone at once, set-based; those without an open loop are passed over."""
    with scope.everywhere(WHY):
        found = list(looping.of_subjects(subject_ids, open_only=True).values())
        for loops in carrying.batches(found):
            _end(loops, stated(reason), by)
    return len(found)


def _end(loops: Sequence[Loop], reason: str, by: Any) -> None:
    """End some loops in one transaction: none of them is half over."""
    ids = [loop.subject_id for loop in loops]
    with transaction.atomic():
        stays = [stay for found in quarantine_selectors.stays_for(ids, open_only=True).values() for stay in found]
        quarantine.cancel_many(stays=stays, by=by, reason=reason)
        for ride in (ride for found in quarantine_selectors.transfers_for(ids).values() for ride in found):
            if ride.state in Transfer.WAITING:
                quarantine.cancel_transfer(transfer=ride, by=by, reason=reason)
        testing.cancel_duties(by=by, subject_ids=ids, reason=reason)
        for loop in loops:
            loop.state, loop.closed_at, loop.reason = Loop.State.CLOSED, now(), reason[:200]
            loop.next_kind, loop.next_due_at = "", None
        looping.close_many(by=by, loops=loops)
        chasing.withdraw(chasing.LOOP, [loop.pk for loop in loops])


def _pack_of(loop: Loop) -> Pack:
    mode = policy.mode_of(loop.pack)  # a plan keeps the rules of the mode it was made in
    return policy.pack(disease=loop.disease, area_code=loop.area_id, on=loop.pack_on, mode=mode)


def clocks_of(loop: Loop) -> Clocks:
    """The clocks a loop was planned with."""
    return Clocks.of(_pack_of(loop))
