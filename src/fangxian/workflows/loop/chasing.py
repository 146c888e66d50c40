"""The tasks of loops and arrivals: one for the next link, one for each day nobody looked, one for each missed test.

Every task has its due time from the pack; the command's clock hands it up when it is overdue. A task whose matter is
settled is taken back; keys make the same task once.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core import policy, records
from fangxian.core.areas import Area
from fangxian.core.clock import now, shown
from fangxian.core.policy import Pack
from fangxian.systems.arrivals.models import Arrival, Loop
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.people import selectors as people
from fangxian.workflows.loop import carrying, chain, plans

LOOP, ARRIVAL = "arrivals.loop", "arrivals.arrival"
TITLES = {
    (chain.TRANSFER, "central"): _("Bring %(name)s to quarantine"),
    (chain.RECEPTION, "central"): _("Take %(name)s in at the quarantine site"),
    (chain.TRANSFER, "home"): _("Bring %(name)s home, point to point"),
    (chain.RECEPTION, "home"): _("Confirm that %(name)s is at home"),
    (chain.RELEASE, ""): _("Release %(name)s with a proof"),
}
INSTRUCTIONS = _(
    "Closed loop by the rule %(rule)s, until %(until)s. Tests on: %(tests)s. The person is never nobody's: this link "
    "ends when the next one has taken them over."
)
KINDS = {chain.TRANSFER: Task.Kind.CONTACT_TRANSFER}
UNSEEN = _("Nobody has checked %(name)s on %(day)s: go and see")
UNSEEN_TEXT = _("Temperature and symptoms are owed every day until %(until)s. Enter what you find, also “not found”.")
UNTESTED = _("The test of %(name)s on %(day)s was missed: take it now")
UNTESTED_TEXT = _("The rule %(rule)s asks for a test on that day. Without it the release waits.")
LANDING = _("Check %(name)s at the landing: temperature, papers, test")
LANDING_TEXT = _(
    "Comes from %(from)s by %(means)s, lives in %(home)s. Look at once, take a test where there is none, and the home "
    "area has the record."
)
RECEIVE = _("Receive %(name)s, who comes from %(from)s")
RECEIVE_TEXT = _("Landed in %(landed)s. Confirm that the person has come home, and explain the rule: %(rule)s.")
AWAITED = _("Has %(name)s come? Announced for %(day)s, from %(from)s")
AWAITED_TEXT = _(
    "Enter it when the person is here. If nobody comes, call and enter why: put off, somewhere else, not to be reached."
)
SETTLED = _("Settled: see the closed loop.")


def hand_down(loops: Sequence[Loop], *, at: datetime, by: Any = None) -> int:
    """Hand down what open loops ask for at a moment and take back what is settled; returns how many are new."""
    loops = list(loops)
    workers, counties = people.workers_of({loop.area_id for loop in loops}), _counties(loops)
    checked = carrying.checked_days(loops)
    wanted: list[Task] = []
    for loop in loops:
        pack = _pack(loop)
        ahead = pack.duration("loop.task_ahead_hours")
        wanted += _link_task(loop, workers, counties[loop.area_id], at + ahead)
        wanted += _unseen(loop, pack, checked.get(loop.person_id, set()), at, workers)
        wanted += _untested(loop, pack, at, workers)
    commanding = {loop.pk: counties[loop.area_id] for loop in loops}
    for task in wanted:
        task.from_area = commanding[task.subject_id]  # type: ignore[index]  # every task here is about a loop
    outcome = command.hand_down_many(by=by, tasks=wanted)
    _refresh_due(outcome.kept, {task.key: task for task in wanted})
    _take_back(LOOP, [loop.pk for loop in loops], {task.key for task in wanted})
    return len(outcome.new)


def remind(task: Task, *, by: Any) -> Task:
    """Put an open task on top of its holder's list; that it was asked for again stays on record."""
    if task.status not in Task.OPEN:
        raise ValidationError(gettext("This task is not open any more."))
    moment = shown(now())
    reminded = {"reminded": int(task.params.get("reminded", 0)) + 1, "reminded_at": moment}
    return records.change(
        task, by=by, action="command.task.reminded", priority=Task.Priority.HIGH,
        params={**task.params, **reminded},
    )  # fmt: skip


def withdraw(kind: str, ids: Iterable[UUID]) -> int:
    """Take back every open task about loops or arrivals that need none any more."""
    return _take_back(kind, list(ids), set())


def push(arrival: Arrival, *, by: Any) -> int:
    """The landing's own task, and the home's: both areas see both. Returns how many are new."""
    worker = people.workers_of([arrival.area_id])[arrival.area_id]
    wanted = []
    if arrival.state == Arrival.State.EXPECTED:
        wanted.append(_awaited(arrival, worker))
    if arrival.checked_at is None and arrival.state in Arrival.OPEN and arrival.landed_at:
        wanted.append(_landing(arrival))
    if arrival.received_at is None and arrival.state in Arrival.OPEN and arrival.landed_at:
        wanted.append(_home(arrival, worker))
    new = command.hand_down_many(by=by, tasks=wanted).new
    _take_back(ARRIVAL, [arrival.pk], {task.key for task in wanted})
    return len(new)


def _link_task(loop: Loop, workers: dict[str, Any], county: Area, until: datetime) -> list[Task]:
    link = chain.following(loop.links)
    if link is None or link["kind"] == chain.STAGE or chain.moment(link["starts_at"]) > until:
        return []
    if (link["kind"], link["place"]) not in TITLES:
        return []
    central = _is_central(loop, link)
    title, due = TITLES[link["kind"], link["place"]], chain.moment(link["due_at"])
    kind = KINDS.get(link["kind"], Task.Kind.CONTACT_FOLLOW_UP)
    at_county = {"area": county, "role": "duty_officer", "officer": None}
    holder = at_county if central else _worker(loop, workers)
    key = f"loop:{loop.pk}:{link['kind']}:{link['place']}"
    return [_task(loop, key, title, INSTRUCTIONS, due, kind=kind, holder=holder)]


def _unseen(loop: Loop, pack: Pack, checked: set[date], at: datetime, workers: dict[str, Any]) -> list[Task]:
    """A task for yesterday only: who was not seen on older days is with the level above by now."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    if yesterday not in carrying.missing_days(loop, checked, yesterday + timedelta(days=1)):
        return []
    due = chain.midnight(yesterday + timedelta(days=1)) + pack.duration("loop.check_grace_hours")
    key, day = f"loop:{loop.pk}:check:{yesterday}", {"day": yesterday.isoformat()}
    return [_task(loop, key, UNSEEN, UNSEEN_TEXT, due, holder=_worker(loop, workers), params=day)]


def _untested(loop: Loop, pack: Pack, at: datetime, workers: dict[str, Any]) -> list[Task]:
    yesterday = timezone.localdate(at) - timedelta(days=1)
    if loop.tests_done >= loop.tests_owed or not any(one.due_on == yesterday for one in plans.tests(loop)):
        return []
    due = chain.midnight(yesterday + timedelta(days=1)) + pack.duration("loop.check_grace_hours")
    key, day = f"loop:{loop.pk}:test:{yesterday}", {"day": yesterday.isoformat()}
    kind = Task.Kind.SAMPLE_COLLECTION
    return [_task(loop, key, UNTESTED, UNTESTED_TEXT, due, kind=kind, holder=_worker(loop, workers), params=day)]


def _task(
    loop: Loop, key: str, title: str, instructions: str, due: datetime, *, kind: str = Task.Kind.CONTACT_FOLLOW_UP,
    holder: dict[str, Any], params: dict[str, str] | None = None,
) -> Task:  # fmt: skip
    words = {
        "name": loop.person.name, "until": loop.ends_on.isoformat(), "rule": loop.rule,
        "tests": "、".join(one["on"] for one in loop.tests) or "–",
    }  # fmt: skip
    return Task(
        key=key, kind=kind, title=title, instructions=instructions, params=words | (params or {}),
        person=loop.person, subject_kind=LOOP, subject_id=loop.pk, due_at=due, priority=Task.Priority.HIGH,
        address=_address(loop.person), **holder,
    )  # fmt: skip


def _landing(arrival: Arrival) -> Task:
    return Task(
        key=f"arrival:{arrival.pk}:landing", kind=Task.Kind.GENERAL, title=LANDING, instructions=LANDING_TEXT,
        params=_words(arrival), person=arrival.person, subject_kind=ARRIVAL, subject_id=arrival.pk,
        area=arrival.present_area or arrival.area, from_area=arrival.area, role="township_officer",
        due_at=arrival.check_due_at, priority=Task.Priority.HIGH,
    )  # fmt: skip


def _home(arrival: Arrival, worker: Any) -> Task:
    return Task(
        key=f"arrival:{arrival.pk}:home", kind=Task.Kind.CONTACT_FOLLOW_UP, title=RECEIVE, instructions=RECEIVE_TEXT,
        params=_words(arrival), person=arrival.person, subject_kind=ARRIVAL, subject_id=arrival.pk, area=arrival.area,
        from_area=arrival.present_area or arrival.area, role="grid_worker" if worker else "township_officer",
        officer=worker, due_at=arrival.receive_due_at, address=_address(arrival.person),
    )  # fmt: skip


def _awaited(arrival: Arrival, worker: Any) -> Task:
    """Whoever is expected is asked after from the evening of the day on; the clock hands it up like any other task."""
    pack = policy.pack(disease=arrival.disease, area_code=arrival.area_id, on=arrival.arrived_on)
    due = chain.midnight(arrival.arrived_on + timedelta(days=1)) + pack.duration("arrival.receive_hours")
    return Task(
        key=f"arrival:{arrival.pk}:awaited", kind=Task.Kind.CONTACT_FOLLOW_UP, title=AWAITED,
        instructions=AWAITED_TEXT, params={**_words(arrival), "day": arrival.arrived_on.isoformat()},
        person=arrival.person, subject_kind=ARRIVAL, subject_id=arrival.pk, area=arrival.area,
        from_area=arrival.present_area or arrival.area, role="grid_worker" if worker else "township_officer",
        officer=worker, due_at=due, address=_address(arrival.person),
    )  # fmt: skip


def _words(arrival: Arrival) -> dict[str, str]:
    return {
        "name": arrival.person.name,
        "from": arrival.because.get("place") or "–",
        "means": f"{arrival.get_means_display()} {arrival.carrier}".strip(),
        "home": str(arrival.area),
        "landed": str(arrival.present_area or arrival.area),
        "rule": arrival.rule or "–",
    }


def _refresh_due(kept: Iterable[Task], wanted: dict[str | None, Task]) -> None:
    """The clock of a link moves when the link before was done early or the plan has changed; its task follows."""
    moved = []
    for task in kept:
        fresh = wanted[task.key]
        if task.status in Task.OPEN and task.due_at != fresh.due_at:
            task.due_at, task.params, task.escalated_at = fresh.due_at, fresh.params, None
            moved.append(task)
    records.save_many(moved, ["due_at", "params", "escalated_at"], by=None, action="command.tasks.replanned")


def _take_back(kind: str, ids: Sequence[UUID], wanted: set[str | None]) -> int:
    settled = [
        task.pk
        for part in batched(ids, carrying.BATCH)
        for tasks in command_selectors.for_subjects(kind, part).values()
        for task in tasks
        if task.status in Task.OPEN and task.key not in wanted
    ]
    return command.withdraw_many(tasks=command_selectors.by_ids(settled), by=None, reason=gettext(SETTLED))


def batched(ids: Sequence[UUID], size: int) -> Iterable[list[UUID]]:
    """Ids in parts that fit into one query."""
    rest = iter(ids)
    while part := list(islice(rest, size)):
        yield part


def _is_central(loop: Loop, link: chain.Link) -> bool:
    """Whether the site or the county does it: a way into quarantine, and a release out of it."""
    if link["kind"] == chain.RELEASE:
        held = [place for place in plans.places(loop.stages) if place in chain.HELD]
        return bool(held) and held[-1] == "central"
    return link["place"] == "central"


def _worker(loop: Loop, workers: dict[str, Any]) -> dict[str, Any]:
    worker = workers.get(loop.area_id)
    return {"area": loop.area, "role": "grid_worker" if worker else "township_officer", "officer": worker}


def _counties(loops: Iterable[Loop]) -> dict[str, Area]:
    """The county (or functional zone) of each loop's area in one query; the area itself above county level."""
    areas = {loop.area_id: loop.area for loop in loops}
    prefixes = {code[:length] for code in areas for length in range(1, len(code) + 1)}
    kinds = [Area.Kind.COUNTY, Area.Kind.ZONE]
    found = {area.pk: area for area in Area.objects.filter(code__in=prefixes, kind__in=kinds)}
    return {code: _nearest(found, code) or area for code, area in areas.items()}


def _nearest(found: dict[str, Area], code: str) -> Area | None:
    above = (code[:length] for length in range(len(code), 0, -1))
    return next((found[prefix] for prefix in above if prefix in found), None)


def _pack(loop: Loop) -> Pack:
    mode = policy.mode_of(loop.pack)  # a plan keeps the rules of the mode it was made in
    return policy.pack(disease=loop.disease, area_code=loop.area_id, on=loop.pack_on, mode=mode)


def _address(person: Any) -> str:
    if person.address:
        return person.address.reveal()
    return person.household.address.reveal() if person.household_id else ""
