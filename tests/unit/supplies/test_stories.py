"""What follows: a task a step of a request with its clock, a task for what is short, none when it lasts again."""

from datetime import timedelta

import pytest

from fangxian.core import clock, jobs, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.supplies import services
from fangxian.systems.testing.models import TestRound
from fangxian.workflows.capacity_reserve import capacities
from fangxian.workflows.supplies_request import watch
from fangxian.workflows.supply_outlook import outlook, work_planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def open_tasks(request) -> list[tuple[str, str, object]]:
    rows = Task.unscoped.filter(subject_id=request.pk, status__in=Task.OPEN).order_by("key")
    return [(row.key.split(":")[1], row.area_id, row.officer) for row in rows]


def test_whoever_is_next_has_one_task_with_the_clock(big, small, keeper, officer, leader):
    services.receive(by=keeper, store=big, item="SUIT", quantity=100)
    clerk = officer("store_keeper", area="410883001")
    request = services.ask(by=clerk, to_store=small, from_store=big, items={"SUIT": 10}, reason="急用")
    assert open_tasks(request) == [("keeper", "410883", keeper), ("leader", "410883001", None)]
    services.agree(request=request, by=leader)
    assert open_tasks(request) == [("keeper", "410883", keeper)]
    services.agree(request=request, by=keeper)
    assert open_tasks(request) == [("dispatch", "410883", keeper)]
    task = Task.unscoped.get(key=f"supplies:dispatch:{request.pk}")
    assert task.due_at == now() + timedelta(hours=24) and "急用" in task.instructions_text
    with clock.frozen(now() + timedelta(hours=25)):
        assert command.escalate_overdue(now()) >= 1  # nobody sent it: it goes up a level
        services.dispatch(request=request, by=keeper)
        assert open_tasks(request) == [("receive", "410883001", None)]
        above = Task.unscoped.filter(subject_kind="command.task", subject_id=task.pk)
        assert {row.status for row in above} <= {"REMOVED"}
        services.take_in(request=request, by=leader, items={"SUIT": 9})
        assert open_tasks(request) == [("settle", "410883", keeper)]
        services.settle(request=request, by=keeper, reason="破损")
    assert open_tasks(request) == []


def test_what_is_short_is_one_task_an_area_until_it_lasts_again(big, small):
    services.receive(by=None, store=small, item="SUIT", quantity=30)  # ten a day: three days, and the minimum is 100
    with scope.everywhere("the jobs run for everybody"):
        assert jobs.run_pending() >= 1
    short = Task.unscoped.filter(subject_kind="supplies.short", status__in=Task.OPEN)
    assert sorted(short.values_list("area_id", flat=True)) == ["410883", "410883001"]
    assert short[0].due_at == now() + timedelta(hours=24)
    assert watch(store_id=small.pk, item="SUIT", by=None) == 2 and short.count() == 2
    services.receive(by=None, store=small, item="SUIT", quantity=500)
    assert watch(store_id=small.pk, item="SUIT", by=None) == 0 and not short.exists()
    services.use(by=None, store=small, item="SUIT", quantity=500)
    with clock.frozen(now() + timedelta(days=1)):
        assert watch(store_id=small.pk, item="SUIT", by=None) == 2 and short.count() == 2


def test_the_rounds_to_come_are_work_planned(big, small, county, town):
    Area.objects.filter(pk="410883").update(population=70_000)
    county.refresh_from_db()
    for number, (area, days) in enumerate(((county, 1), (county, 30), (town, 2)), start=900):
        begins = now() + timedelta(days=days)
        records.create(TestRound, by=None, action="test.made", area=area, number=number, name=f"第{number}轮",
                       disease="covid19", begins_at=begins, ends_at=begins + timedelta(hours=12))  # fmt: skip
    work = work_planned(county)
    assert (work.samples, work.staff) == (
        10_000,
        20,
    )  # a round in a month is too far off
    swab = outlook(county, items=["SWAB"])[0]
    assert swab.rate.a_day == 10_000 and swab.days_left == 0
    assert work_planned(town).samples == 0


def test_the_four_capacities_are_counted_with_the_readers_rights(big, small, county, officer, keeper):
    Area.objects.filter(pk="410883").update(population=20_000)
    county.refresh_from_db()
    for item, many in (("SWAB", 5000), ("SAMPLE_TUBE", 300), ("REAGENT", 900)):
        services.receive(by=None, store=big, item=item, quantity=many)
    officer("investigator")
    four = {one.key: one for one in capacities(county, officer("duty_officer"))}
    assert list(four) == ["testing", "tracing", "treatment", "isolation"]
    assert (four["testing"].there, four["testing"].asked, four["testing"].is_short) == (3000, 20_000, True)
    assert four["tracing"].there == 1 and not four["tracing"].is_short
    assert four["treatment"].is_short and four["isolation"].asked > 0
    assert [one.key for one in capacities(county, keeper)] == ["testing"]
