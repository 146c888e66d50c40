"""A difference is explained by rows, and the parts always add up."""

from datetime import timedelta

import pytest

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.systems.cases.models import Case
from fangxian.systems.command.models import Task
from fangxian.systems.situation import closing, differences, selectors, services
from fangxian.systems.situation.differences import Why
from fangxian.systems.situation.models import ClosedDay, DayCount

pytestmark = pytest.mark.django_db
COUNTY, DAY = "410883", timedelta(days=1)


@pytest.fixture
def next_day(story, everywhere):
    """The day after; the day of the story is closed."""
    with clock.frozen(clock.now() + DAY):
        assert services.close_due() == clock.today() - DAY
        yield story


def explained(key: str, area: str = COUNTY) -> dict[Why, int]:
    """The parts of one figure since yesterday; they add up to the change."""
    [one] = selectors.difference(Area.objects.get(code=area), clock.today(), clock.today() - DAY, [selectors.get(key)])
    assert sum(part.count for part in one.parts) == one.change
    for part in one.parts:
        if part.why not in (Why.GONE, Why.LATE, Why.NET):
            model = one.figure.register.model
            rows = differences.part_rows(one.figure, part.why, area, one.day, one.other_day)
            assert model.unscoped.filter(rows).count() >= abs(part.count)
    return {part.why: part.count for part in one.parts}


def test_nothing_happened(next_day):
    services.refresh()
    assert explained("cases") == {} and explained("contacts_open") == {}


def test_a_case_that_is_classified_anew_leaves_one_class_for_another(next_day):
    case = Case.objects.get()
    before = f"cases_{case.classification.lower()}"
    records.change(case, by=None, action="cases.case.classified", classification="SUSPECT")
    assert explained("cases_suspect") == {Why.CAME: 1} and explained(before) == {Why.WENT: -1}
    assert explained("cases") == {}


def test_rows_come_leave_move_and_go(next_day):
    first, second = Task.objects.filter(status="PENDING", area__code__startswith="410883001")[:2]
    third = Task.objects.filter(status="PENDING").exclude(pk__in=[first.pk, second.pk]).first()
    records.change(first, by=None, action="command.task.done", status="DONE")
    records.change(second, by=None, action="command.task.moved", area=Area.objects.get(code="410883002201"))
    third.delete()
    assert explained("tasks_open") == {Why.LEFT: -1, Why.GONE: -1}
    assert explained("tasks_open", "410883002201")[Why.MOVED_IN] == 1
    assert explained("tasks_open", "410883001")[Why.MOVED_OUT] == -1


def test_what_happens_on_a_day_begins_at_zero_and_late_entries_show(next_day):
    yesterday = clock.now() - DAY
    assert DayCount.objects.filter(figure="cases_new").count() == 1
    assert explained("cases_new") == {Why.OTHER_DAY: -1}
    Case.objects.update(created_at=yesterday - 5 * DAY)
    assert explained("cases_new") == {Why.LATE: -1}


def test_too_many_rows_are_compared_by_number(story, everywhere, monkeypatch):
    monkeypatch.setattr(closing, "MOST_IDS", 0)
    with clock.frozen(clock.now() + DAY):
        services.close_due()
        Task.objects.filter(status="PENDING").first().delete()
        assert explained("tasks_open") == {Why.NET: -1}


def test_a_day_is_closed_once_by_the_hour_of_the_pack(story, everywhere):
    services.refresh()
    assert closing.due() == clock.today() - DAY
    assert services.close_due() and services.close_due() is None
    assert services.close(ClosedDay.objects.get().day) is None
    area = Area.objects.get(code=COUNTY)
    yesterday, today = (selectors.figures(area, day) for day in (clock.today() - DAY, clock.today()))
    assert {one.key: one.value for one in yesterday}["tasks_open"] == {one.key: one.value for one in today}[
        "tasks_open"
    ]
    assert selectors.closed_days() == [clock.today() - DAY]
    unknown = selectors.figures(area, clock.today() - 9 * DAY)
    assert {one.value for one in unknown} == {None}


def test_a_closed_day_stays_as_it_was_and_forgets_its_rows_in_time(next_day):
    area, yesterday = Area.objects.get(code=COUNTY), clock.today() - DAY
    before = {one.key: one.value for one in selectors.figures(area, yesterday)}
    Task.objects.update(status="DONE")
    assert {one.key: one.value for one in selectors.figures(area, yesterday)} == before
    [one] = selectors.difference(area, yesterday, yesterday, [selectors.get("tasks_open")])
    assert one.change == 0 and one.parts == ()
    assert services.forget() == 0
    with clock.frozen(clock.now() + 60 * DAY):
        assert services.forget() > 0
        assert explained_number(area, yesterday) == before["tasks_open"]


def explained_number(area, day) -> int:
    return next(one.value for one in selectors.figures(area, day) if one.key == "tasks_open")


def test_ids_are_kept_as_bytes():
    ids = {row.pk for row in Task.unscoped.all()}
    assert closing.unpacked(closing.packed(ids)) == ids
