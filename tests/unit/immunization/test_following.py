"""What follows: tasks with the clocks of an event, a recall asked after, a call, people asked again."""

from datetime import timedelta

import pytest

from fangxian.core import clock, jobs
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.systems.command.models import Task
from fangxian.systems.immunization import services
from fangxian.workflows import adverse_event, rounds
from tests.unit.immunization.conftest import DISEASE, fill, made_site, somebody, vaccinated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def open_tasks(prefix: str) -> dict[str, Task]:
    rows = Task.objects.filter(key__startswith=prefix, status__in=Task.OPEN)
    return {row.key.split(":")[1]: row for row in rows}


def test_an_event_s_tasks_follow_its_clocks_and_end_with_it(site, lot, person, officer):
    event = services.report(by=None, dose=vaccinated(site, person, lot), symptoms="发热38.6℃")
    jobs.run_pending()
    found = open_tasks("aefi")
    assert {name: task.due_at for name, task in found.items()} == {
        "report": event.report_due_at, "investigate": event.investigate_due_at, "conclude": event.conclude_due_at,
    }  # fmt: skip
    assert {task.role for task in found.values()} == {"investigator"}
    event = services.grade(event=event, by=None, severity="SERIOUS", serious_reason="DEATH")
    jobs.run_pending()
    moved = open_tasks("aefi")["report"]
    assert (moved.pk, moved.due_at, moved.priority) == (found["report"].pk, now() + timedelta(hours=2), "HIGH")
    by = officer("investigator")
    services.report_up(event=event, by=by)
    services.investigate(event=event, by=by, findings="无异常")
    jobs.run_pending()
    assert set(open_tasks("aefi")) == {"conclude"}
    services.conclude(event=event, by=by, classification="UNDETERMINED", causality="INCONCLUSIVE", outcome="DIED")
    assert adverse_event.on_event(event_id=event.pk, by=None) == 0 and not open_tasks("aefi")


def test_a_cluster_is_one_task(site, lot, town):
    for name in ("甲", "乙", "丙", "丁"):
        services.report(by=None, dose=vaccinated(site, somebody(town, name), lot), symptoms="晕厥")
    jobs.run_pending()
    clusters = Task.objects.filter(key__startswith="aefi:cluster")
    assert [task.params["count"] for task in clusters] == [4]


def test_a_recall_is_set_aside_where_doses_are_left_and_everybody_who_had_it_lately_is_asked(site, lot, person, town):
    empty = fill(made_site(town, "空"), doses=1)
    services.waste(by=None, lot=empty, doses=1, reason="BROKEN")
    vaccinated(site, person, lot)
    long_ago = somebody(town, "李四")
    services.record_history(by=None, person=long_ago, disease=DISEASE, vaccine="inactivated",
                            given_on=today() - timedelta(30), lot_number=lot.number)  # fmt: skip
    services.recall(by=None, vaccine="inactivated", number=lot.number, reason="效价不合格")
    jobs.run_pending()
    tasks = list(Task.objects.filter(key__startswith="recall:").order_by("role"))
    assert [(task.role, task.person, task.due_at) for task in tasks] == [
        ("grid_worker", person, now() + timedelta(hours=24)), ("vaccinator", None, now() + timedelta(hours=24)),
    ]  # fmt: skip
    assert adverse_event.on_recall(vaccine="inactivated", number=lot.number, by=None) == (1, 1)
    assert Task.objects.filter(key__startswith="recall:").count() == 2  # known again


def test_who_leaves_early_is_called_and_who_refused_is_asked_again(site, lot, person, town):
    services.leave(visit=vaccinated(site, person, lot).visit, by=None, reason="接孩子")
    call = Task.objects.get(key__startswith="observation:")
    assert (call.role, call.person, call.due_at) == ("vaccinator", person, now() + timedelta(minutes=30))
    cell = Area.objects.get(code="410883001212001")
    for name in ("甲", "乙"):
        services.refuse(by=None, person=somebody(cell, name), disease=DISEASE, reason="BUSY")
    assert adverse_event.remind(area_code="410883", by=None) == 0
    with clock.frozen(now() + timedelta(days=7)):
        assert rounds.DAILY["refusals_asked_again"]() == 1
        assert adverse_event.remind(area_code="410883", by=None) == 0
        assert Task.objects.get(key__startswith="refusals:").params == {"count": 2}
