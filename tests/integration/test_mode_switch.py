"""An area changes its mode: what would change is shown, then done, for whom it concerns and for nobody else."""

from datetime import date, timedelta

import pytest

from fangxian.core import clock, jobs, modes, policy
from fangxian.core.areas import Area
from fangxian.core.modes import FOLLOW, Mode, OperatingMode
from fangxian.core.policy import files
from fangxian.systems.arrivals.models import Loop
from fangxian.systems.command import mode_selectors, selectors
from fangxian.systems.command import modes as verbs
from fangxian.systems.command.models import Task
from fangxian.systems.people import services as people
from fangxian.workflows import closed_loop, mode_switch, rounds

COUNTY, TOWN, CELL, OTHER = "410883", "410883001", "410883001212001", "410883002201"
DAY = date(2022, 3, 15)
WAR = """pack: county-war
disease: covid19
level: general
area: "410883"
modes: [emergency]
name: {zh: 战时, en: War}
valid_from: 2022-01-01
rules:
  - key: contact.close.isolation
    value: 21 central
    data: [{place: central, days: 21}]
    unit: day
    source: notice
    confidence: local
"""


@pytest.fixture(autouse=True)
def _own_pack(monkeypatch, county, everywhere, frozen):
    """The county isolates longer while it is in a state of emergency."""
    own = policy.Store((files.read(WAR, "war.yaml", is_operators=True), *policy.store().packs))
    monkeypatch.setattr(policy, "store", lambda: own)


@pytest.fixture
def declare(officer):
    """Factory: a declaration by one officer, agreed to by another where that is asked for."""
    one, two = officer("duty_officer"), officer("duty_officer")

    def make(mode=Mode.EMERGENCY, code=COUNTY, **values):
        area = Area.objects.get(code=code)
        row = verbs.declare(by=one, area=area, mode=mode, reason="cluster", basis="no. 12", **values)
        return verbs.confirm(declaration=row, by=two) if row.state == "proposed" else row

    return make


@pytest.fixture
def plan():
    """Factory: the open plan of a close contact in an area."""

    def make(code=CELL) -> Loop:
        area = Area.objects.get(code=code)
        who = people.add_person(by=None, area=area, name="旅客", id_type="NONE")
        pack = policy.pack(disease="covid19", area_code=code)
        return closed_loop.open_loop(
            by=None, person_id=who.pk, rule="contact.close", because={}, subject_id=who.pk, area_code=code, begins=DAY,
            pack=pack,
        )  # fmt: skip

    return make


def acknowledging():
    return selectors.open_of_kind(Task.Kind.MODE_SWITCH)


def test_what_would_change_is_seen_before_and_nothing_is_written(plan, officer):
    officer("grid_worker", area=CELL)
    plan(), plan(OTHER)
    ahead = mode_switch.look_ahead(Area.objects.get(code=COUNTY), Mode.EMERGENCY)
    assert (ahead.before, ahead.after, ahead.needs_second, ahead.changes) == (Mode.NORMAL, Mode.EMERGENCY, True, True)
    assert (ahead.plans.loops, ahead.plans.changed, ahead.plans.longer, ahead.officers) == (2, 2, 0, 1)
    changed = {one.change.key: one for one in ahead.rules}
    assert (
        changed["command.duty.shift_hours"].change.after.data < changed["command.duty.shift_hours"].change.before.data
    )
    assert (changed["door.confirm_days"].register, changed["door.confirm_days"].concerned) == ("people.household", 0)
    assert changed["contact.close.isolation"].disease == "covid19"
    assert modes.mode_of(COUNTY, clock.now()) == Mode.NORMAL and not acknowledging()
    assert not mode_switch.look_ahead(Area.objects.get(code=COUNTY), Mode.NORMAL).changes


def test_a_switch_tells_everybody_there_and_plans_anew(plan, officer, declare):
    worker, outside = officer("grid_worker", area=CELL), officer("grid_worker", area="410882001201")
    made, before = plan(), plan().pack
    row = declare()
    job = jobs.Job.objects.get(kind=mode_switch.JOB)
    assert jobs.run_pending() >= 1
    job.refresh_from_db()
    assert (job.result, job.percent) == ({"told": 1, "replanned": 2}, 100)
    task = acknowledging().get()
    assert (task.officer, task.due_at - clock.now()) == (worker, timedelta(hours=2))
    assert "state of emergency" in str(task) and "no. 12" in task.instructions_text
    assert task not in selectors.ledger(outside)
    made.refresh_from_db()
    assert [one["place"] for one in made.stages] == ["central"]
    assert policy.mode_of(made.pack) == Mode.EMERGENCY and policy.mode_of(before) == Mode.NORMAL
    row.refresh_from_db()
    assert row.followed_at is not None
    assert mode_switch.switch(declaration=row, by=None) == {"told": 0, "replanned": 0}, "again changes nothing"


def test_a_plan_keeps_the_rules_of_the_mode_it_was_made_in(plan, declare):
    made = plan()
    declare(Mode.ALERT)
    rule = closed_loop.clocks_of(made)
    declare(Mode.EMERGENCY)
    assert closed_loop.clocks_of(made) == rule


def test_the_next_mode_takes_the_place_of_the_one_before(officer, declare):
    worker = officer("grid_worker", area=CELL)
    declare(Mode.ALERT)
    jobs.run_pending()
    declare(Mode.EMERGENCY)
    jobs.run_pending()
    first = OperatingMode.objects.get(mode=Mode.ALERT)
    OperatingMode.objects.filter(pk=first.pk).update(followed_at=None)
    assert mode_switch.switch(declaration=mode_selectors.declaration(first.pk), by=None)["told"] == 0, "it is over"
    (task,) = acknowledging()
    assert "emergency" in str(task) and task.officer == worker
    assert Task.unscoped.get(officer=worker, status="REMOVED").title_text.endswith("alert")


def test_an_area_that_goes_its_own_way_is_left_alone(officer, declare, plan):
    worker = officer("grid_worker", area=CELL)
    kept, moved = plan(), plan(OTHER)
    declare(Mode.NORMAL, code=TOWN)
    jobs.run_pending()
    assert not acknowledging(), "nothing has changed there"
    ahead = mode_switch.look_ahead(Area.objects.get(code=COUNTY), Mode.EMERGENCY)
    assert ([one.area.code for one in ahead.apart], ahead.plans.changed) == ([TOWN], 1)
    declare()
    jobs.run_pending()
    assert not acknowledging().filter(officer=worker)
    kept.refresh_from_db(), moved.refresh_from_db()
    assert (policy.mode_of(kept.pack), policy.mode_of(moved.pack)) == (Mode.NORMAL, Mode.EMERGENCY)
    declare(FOLLOW, code=TOWN)
    jobs.run_pending()
    assert acknowledging().filter(officer=worker).count() == 1


def test_what_is_to_come_follows_when_it_begins(officer, declare, frozen):
    worker = officer("grid_worker", area=CELL)
    declare(Mode.ALERT, from_at=frozen + timedelta(hours=6))
    assert mode_switch.begin_due() == 0 and not jobs.run_pending()
    with clock.frozen(frozen + timedelta(hours=6)):
        rounds.enqueue_due()
        jobs.run_pending()
        assert acknowledging().filter(officer=worker).count() == 1
        assert mode_switch.begin_due() == 0
