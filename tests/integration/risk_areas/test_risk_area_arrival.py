"""The story of a risk area: published, it finds whom it concerns; changed or lifted, it says who is released."""

from datetime import date, timedelta

import pytest

from fangxian.core import jobs
from fangxian.systems.arrivals.models import Loop
from fangxian.systems.command.models import Task
from fangxian.systems.risk_areas import concerned, selectors, services, shapes
from fangxian.systems.risk_areas.models import AffectedPerson, Evaluation
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows import risk_area_arrival
from fangxian.workflows.risk_area_arrival import judge, preview, reevaluate
from tests.integration.risk_areas.conftest import CELL, ELSEWHERE, MORNING, NEIGHBOUR, VILLAGE, later

BLOCK = shapes.polygon((34.910, 112.790), (34.910, 112.791), (34.911, 112.791), (34.911, 112.790))


def test_a_stay_before_the_area_was_declared_counts(world):
    world.returns()

    run = world.publish()

    (row,) = world.affected().values()
    assert row.person == world.returner and row.level == "MEDIUM" and row.because == "STAY"
    assert (row.first_on, row.last_on) == (date(2022, 3, 9), date(2022, 3, 12))
    assert row.evidence[0]["code"] == NEIGHBOUR and row.rule == "riskarea.look_back_days"
    assert (run.new, run.kept, run.released) == (1, 0, 0) and run.read["STAY"] == 1


def test_the_returner_gets_a_closed_loop_and_the_grid_worker_a_task(world):
    arrival = world.returns()

    run = world.publish()

    row = world.affected()["丙"]
    loop = Loop.objects.get(person=world.returner, state="OPEN")
    assert loop.subject_id == arrival.pk == row.subject_id, "the arrival's own loop, not a second one"
    task = Task.objects.get(key=f"risk:{row.risk_area_id}:{row.person_id}")
    assert "丙" in task.params["name"] and task.area_id == ELSEWHERE
    assert run.followed["loops_opened"] == 1


def test_stays_outside_the_days_do_not_count(world):
    world.returns(first=date(2022, 2, 20), last=date(2022, 2, 27))  # 14 days before 14 March is 28 February

    world.publish()

    assert world.affected() == {}


def test_the_first_day_that_counts_counts(world):
    world.returns(first=date(2022, 2, 20), last=date(2022, 3, 1))

    world.publish()

    assert set(world.affected()) == {"丙"}


def test_a_county_told_where_a_street_is_the_zone_is_to_be_asked(world):
    arrival = world.returns(world.rough, code="410882")

    run = world.publish()

    assert world.affected() == {}
    assert run.read["rough"] == 1 and run.read["rough_arrivals"] == [str(arrival.pk)]


def test_residents_and_visitors_of_a_lockdown_zone(world):
    world.checks_in()

    run = world.publish(level="LOCKDOWN", codes=VILLAGE, name="段西村")

    found = world.affected()
    assert {name: row.because for name, row in found.items()} == {"甲": "RESIDENCE", "乙": "RESIDENCE", "戊": "VISIT"}
    assert found["戊"].evidence[0]["place"] == "超市"
    duties = TestDuty.objects.filter(subject_id=run.risk_area_id)
    assert sorted({duty.day for duty in duties}) == [1, 4, 7, 10, 14] and duties.count() == 10
    (cell,) = Task.objects.filter(key__contains=":cell:")
    assert cell.officer == world.worker and cell.params["people"] == 2


def test_one_building_of_a_village(world):
    world.checks_in()
    world.checks_in(world.early, world.far)

    world.publish(level="LOCKDOWN", codes="", lies_in=VILLAGE, building="3号楼", name="段西村3号楼")

    assert set(world.affected()) == {"甲", "戊"}, "not 13号楼, not the clinic"


def test_a_shape_holds_the_places_inside_it(world):
    world.checks_in()
    world.checks_in(world.early, world.far)
    world.returns(world.returner, code=CELL, latitude=34.9105, longitude=112.7902)
    world.returns(world.rough, code=CELL)

    run = world.publish(level="HIGH", codes="", lies_in=VILLAGE, shape=BLOCK, name="段西村一角")

    assert set(world.affected()) == {"戊", "丙"}
    assert run.read["rough"] == 1


def test_running_again_changes_nothing(world):
    world.returns()
    run = world.publish()

    again = reevaluate(by=None, version_id=run.version_of_area_id)

    assert (again.new, again.changed, again.kept, again.released) == (0, 0, 1, 0)
    assert AffectedPerson.objects.count() == Loop.objects.count() == 1
    assert again.followed["tasks"] == {"new": 0, "kept": 1, "withdrawn": 0}


def test_raised_from_medium_to_high(world):
    world.returns()
    first = world.publish()
    raised = services.step(
        version=first.version_of_area, by=world.proposer, level="HIGH", from_at=MORNING, reason="聚集性疫情"
    )

    run = world.publish(raised)

    rows = list(AffectedPerson.objects.order_by("pk"))
    assert [(row.level, row.ended) for row in rows] == [("MEDIUM", "CHANGED"), ("HIGH", "")]
    assert rows[1].began == "CHANGED" and (run.new, run.changed, run.released) == (0, 1, 0)
    zone, _pack = selectors.zone_at(run.risk_area_id, MORNING)
    assert zone.declared_at == MORNING - timedelta(days=1), "the days count from the first declaration"


def test_lifted_everybody_is_released_with_the_reason(world):
    world.returns()
    first = world.publish()
    lifted = services.lift(version=first.version_of_area, by=world.proposer, from_at=MORNING, reason="14天无新增")

    run = world.publish(lifted)

    (row,) = AffectedPerson.objects.all()
    assert row.ended == "RELEASED" and row.ended_why == risk_area_arrival.NOT_MANAGED and row.until_id == run.pk
    assert Loop.objects.get().state == "CLOSED"
    assert Task.objects.get(key__startswith="risk:").status == "REMOVED"


def test_a_correction_shows_the_difference(world):
    world.returns()
    world.returns(world.early, code="410882002")
    first = world.publish()
    corrected = services.correct(version=first.version_of_area, by=world.proposer, reason="街道写错", codes="410882002")

    run = world.publish(corrected)

    assert run.trigger == "CORRECTED" and (run.new, run.released) == (1, 1)
    assert {row.person.name for row in concerned.rows_of(run, "new")} == {"己"}
    (gone,) = concerned.rows_of(run, "released")
    assert gone.person == world.returner and gone.ended_why == risk_area_arrival.OUTSIDE


def test_withdrawn_as_if_it_had_never_been(world):
    world.returns()
    first = world.publish()

    with later(hours=1):
        world.publish(services.withdraw(version=first.version_of_area, by=world.proposer, reason="误发"))

    assert world.affected() == {}
    assert AffectedPerson.objects.get().ended_why == risk_area_arrival.WITHDRAWN
    assert selectors.in_force(MORNING) == []
    assert selectors.in_force(MORNING, known_at=first.version_of_area.published_at), "but known so at the time"


def test_withdrawing_a_raise_restores_what_was_before(world):
    world.returns()
    first = world.publish()
    raised = services.step(
        version=first.version_of_area, by=world.proposer, level="HIGH", from_at=MORNING, reason="聚集性疫情"
    )
    before = {(row.person_id, row.level) for row in world.affected().values()}
    world.publish(raised)

    world.publish(services.withdraw(version=selectors.version(raised.pk), by=world.proposer, reason="误发布"))

    assert {(row.person_id, row.level) for row in world.affected().values()} == before
    assert Loop.objects.filter(state="OPEN").count() == 1


def test_the_gravest_of_two_areas_leads(world):
    world.returns()
    medium = world.publish(name="街道")
    high = world.publish(name="西关村", codes=NEIGHBOUR, level="HIGH")

    world.publish(services.lift(version=high.version_of_area, by=world.proposer, from_at=MORNING, reason="解除"))

    assert {row.risk_area_id for row in world.affected().values()} == {medium.risk_area_id}
    assert Loop.objects.filter(state="OPEN").count() == 1, "still held by the other area"


def test_time_alone_releases_nobody(world):
    world.returns()
    run = world.publish()

    with later(days=20):
        again = reevaluate(by=None, version_id=run.version_of_area_id)

    assert (again.kept, again.released) == (1, 0)


def test_a_stay_told_weeks_later_concerns_nobody_any_more(world):
    run = world.publish()
    with later(days=20):
        world.returns()
        again = reevaluate(by=None, version_id=run.version_of_area_id)

    assert (again.new, again.released) == (0, 0)


def test_the_preview_says_the_same_and_writes_nothing(world):
    world.returns()
    world.checks_in()
    proposal = world.propose(level="HIGH", codes=f"{NEIGHBOUR} {VILLAGE}")

    seen = preview(proposal)

    assert seen.compared.counts == {"new": 4, "changed": 0, "kept": 0, "released": 0}
    assert AffectedPerson.objects.count() == Evaluation.objects.count() == 0
    run = world.publish(proposal)
    assert run.new == 4


def test_the_preview_of_lifting_names_who_would_be_released(world):
    world.returns()
    first = world.publish()

    seen = preview(services.lift(version=first.version_of_area, by=world.proposer, from_at=MORNING, reason="解除"))

    assert seen.compared.counts["released"] == 1 and len(world.affected()) == 1


def test_a_level_for_tomorrow_begins_by_itself(world):
    world.returns()
    run = world.publish(from_at=MORNING + timedelta(days=1))
    assert run.affected == 0

    assert risk_area_arrival.begun_or_ended() == 0, "not yet"
    with later(days=1, minutes=1):
        assert risk_area_arrival.begun_or_ended() == 1
        jobs.run_pending()
        assert set(world.affected()) == {"丙"}
        assert risk_area_arrival.begun_or_ended() == 0, "looked at"


def test_a_job_that_died_is_taken_up_again(world, monkeypatch):
    world.returns()
    services.publish(version=world.propose(), by=world.second)
    real = risk_area_arrival.follow_up
    monkeypatch.setattr(risk_area_arrival, "follow_up", lambda *args, **named: 1 / 0)
    jobs.run_pending(limit=4)
    monkeypatch.setattr(risk_area_arrival, "follow_up", real)

    jobs.run_pending()

    (run,) = Evaluation.objects.all()
    assert run.new == 1 and run.finished_at and AffectedPerson.objects.count() == 1


def test_a_level_the_pack_does_not_manage_concerns_nobody(world):
    world.returns()

    run = world.publish(level="LOW")

    assert run.affected == 0 and selectors.in_force(MORNING)[0].level == "LOW"


@pytest.mark.parametrize(
    ("stay", "level"),
    [
        ((NEIGHBOUR, date(2022, 3, 10), date(2022, 3, 12)), "MEDIUM"),
        (("410882", date(2022, 3, 10), date(2022, 3, 12)), ""),  # too roughly: possible
        ((NEIGHBOUR, date(2022, 2, 1), date(2022, 2, 28)), ""),  # too long ago
        ((ELSEWHERE, date(2022, 3, 10), date(2022, 3, 12)), ""),
    ],
)
def test_one_journey_is_judged(world, stay, level):
    world.publish()

    judged = judge([services_stay(*stay)], MORNING)

    assert judged.level == level
    assert bool(judged.possible) is (stay[0] == "410882")
    if level:
        assert judged.zone.name == "沁阳市覃怀街道" and judged.why[0]["code"] == NEIGHBOUR


def services_stay(code, first, last):
    from fangxian.systems.arrivals.services import Stayed

    return Stayed(code, first, last)
