"""Who owes a drill by the rule, and the tasks that follow by the clock."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, clock
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.systems.command.models import Task
from fangxian.systems.drills import rules, scenarios, selectors, services
from fangxian.systems.drills.models import Drill
from fangxian.systems.drills.rules import Period, period
from fangxian.workflows import drill as story

COUNTY, TOWN = "410883", "410883001"


@pytest.mark.parametrize(
    ("day", "months", "begin", "end"),
    [
        (date(2022, 3, 15), 1, date(2022, 3, 1), date(2022, 4, 1)),
        (date(2022, 12, 31), 1, date(2022, 12, 1), date(2023, 1, 1)),
        (date(2022, 3, 15), 3, date(2022, 1, 1), date(2022, 4, 1)),
        (date(2022, 11, 1), 3, date(2022, 10, 1), date(2023, 1, 1)),
        (date(2022, 8, 1), 6, date(2022, 7, 1), date(2023, 1, 1)),
        (date(2022, 8, 1), 12, date(2022, 1, 1), date(2023, 1, 1)),
    ],
)
def test_a_period_is_a_part_of_the_calendar(day, months, begin, end):
    found = period(day, months)
    assert found == Period(begin, end)
    assert found.before.end == begin and period(found.before.begin, months) == found.before


def at(year: int, month: int, day: int):
    return clock.frozen(datetime(year, month, day, 4, tzinfo=UTC))


def held(code: str, on: date) -> Drill:
    with at(on.year, on.month, on.day):
        drill = services.plan(by=None, area=Area.objects.get(code=code), scenario="fever_patient", on=on)
        drill = services.start(drill=drill, by=None, copy_at="copy", factor=1)
        done = services.take_in(drill=drill, by=None, lines=[], begun_at=clock.now(), ended_at=clock.now())
        return services.destroyed(drill=done, by=None, files=1, size=1)


def state(code: str) -> str:
    return next(one.state for one in selectors.owed() if one.area.code == code)


@pytest.fixture
def since_january(county, everywhere):
    """An installation that is known since the first of January."""
    from django.db import transaction

    with clock.frozen(datetime(2022, 1, 1, tzinfo=UTC)), transaction.atomic():
        audit.write("test.begun", by=None)
    assert AuditEntry.objects.count() == 1


def test_a_county_owes_one_a_month_a_township_one_a_quarter(since_january):
    with at(2022, 1, 20):
        assert (state(COUNTY), state(TOWN)) == ("OPEN", "OPEN")  # nobody could hold one before
    held(COUNTY, date(2022, 1, 20))
    with at(2022, 1, 25):
        assert (state(COUNTY), state(TOWN)) == ("DONE", "OPEN")
    with at(2022, 3, 2):
        assert state(COUNTY) == "OVERDUE"  # February went by without one
        services.plan(by=None, area=Area.objects.get(code=TOWN), scenario="cold_chain", on=date(2022, 3, 9))
        assert state(TOWN) == "COMING"
    held(COUNTY, date(2022, 3, 3))
    with at(2022, 3, 4):
        assert state(COUNTY) == "DONE"


def test_the_task_goes_out_near_the_end_and_is_taken_back_when_a_drill_was_held(since_january):
    with at(2022, 1, 10):
        assert story.remind() == {"owed": 0, "copies": 0}
    with at(2022, 1, 25):
        assert story.remind()["owed"] == 2  # both counties; the quarter of the townships is young
        story.remind()
    task = Task.objects.get(area_id=COUNTY)
    assert (task.role, task.due_at.date(), task.status) == ("duty_officer", date(2022, 1, 31), "PENDING")
    with at(2022, 2, 3):
        story.remind()
        assert Task.objects.filter(area_id=COUNTY).count() == 1  # overdue, and still the same
    held(COUNTY, date(2022, 2, 4))
    with at(2022, 2, 5):
        story.remind()
        task.refresh_from_db()
        assert task.status == "REMOVED"


def test_a_copy_that_outlives_its_time_is_a_task(since_january):
    with at(2022, 1, 5):
        drill = services.plan(by=None, area=Area.objects.get(code=COUNTY), scenario="cold_chain", on=date(2022, 1, 5))
        services.start(drill=drill, by=None, copy_at="copy", factor=24)
        assert story.remind()["copies"] == 0 and list(selectors.copies()) == [drill]
    with at(2022, 1, 9):
        assert story.remind()["copies"] == 1
        assert Task.objects.get(subject_id=drill.pk).priority == "HIGH"
        services.destroyed(drill=drill, by=None, files=1, size=1)
        assert story.remind()["copies"] == 0


def test_verbs_keep_the_order_of_a_drill(since_january):
    with at(2022, 1, 5):
        drill = services.plan(by=None, area=Area.objects.get(code=COUNTY), scenario="cold_chain", on=date(2022, 1, 5))
        for wrong in (
            lambda: services.take_in(drill=drill, by=None, lines=[], begun_at=clock.now(), ended_at=clock.now()),
            lambda: services.confirm(drill=drill, by=None, conclusion="well done"),
            lambda: services.cancel(drill=drill, by=None, reason=""),
        ):
            with pytest.raises(ValidationError):
                wrong()
        running = services.start(drill=drill, by=None, copy_at="copy", factor=24)
        with pytest.raises(ValidationError):
            services.change(drill=running, by=None, purpose="other")
        assert services.not_started(drill=running, by=None).copied_at is None


def test_the_shipped_scenarios_are_sound_and_a_damaged_one_says_why(tmp_path, settings):
    assert {"school_pool", "cold_chain", "isolation_site", "fever_patient", "risk_area_arrival"} <= set(
        scenarios.every()
    )
    assert all(one.reactions and one.about.zh for one in scenarios.every().values())
    with pytest.raises(LookupError, match="school_pool"):
        scenarios.get("nothing")
    good = (scenarios.HERE / "cold_chain.yaml").read_text("utf-8")
    for change, why in (
        (("after: goods", "after: nobody"), "no inject"),
        (("minute: 40", "minute: 999"), "after the end"),
        (("key: lorry,", "key: goods,"), "twice"),
        (("disease:", "illness:"), "disease"),
    ):
        file = tmp_path / "own.yaml"
        file.write_text(good.replace(*change), "utf-8")
        with pytest.raises(scenarios.ScenarioError, match=why):
            scenarios.load(file)


def test_a_reaction_without_a_rule_in_force_has_no_clock(county):
    assert rules.allowed(rules.pack_of(COUNTY), "drills.first_answer").total_seconds() == 1800
    assert rules.allowed(rules.pack_of(COUNTY), "no.such.clock") is None
