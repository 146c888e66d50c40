"""Shifts: begun, handed over with figures nobody types, taken over by somebody else."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.systems.checkpoints import selectors, services
from fangxian.systems.checkpoints.models import HandOver, Shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def shifts(point):
    """The day's three."""
    return [
        records.create(
            Shift, by=None, action="test.made", area=point.area, point=point, starts_at=now() + timedelta(hours=8 * n),
            ends_at=now() + timedelta(hours=8 * n + 8), members="查验：张三；测温：李四",
        )
        for n in range(3)
    ]  # fmt: skip


def test_a_day_of_shifts(shifts, passed, guard, point):
    first, second = guard
    begun = services.begin_shift(shift=shifts[0], by=first)
    assert (begun.state, begun.leader) == ("ON", first)
    passed(code_state="RED", people=2)
    passed(plate="", name="步行人")
    equipment = {"测温枪": "2 支", " ": "x", "酒精": "3 瓶"}
    sheet = services.hand_over(shift=begun, by=first, equipment=equipment, note="东侧灯坏")
    assert sheet.counts == {
        "passages": 2, "vehicles": 1, "on_foot": 1, "people": 3, "inwards": 2, "exceptions": 1, "turned_back": 0,
        "referred": 0, "held": 0, "open": 1,
    }  # fmt: skip
    assert (sheet.open_exceptions, sheet.equipment) == (1, {"测温枪": "2 支", "酒精": "3 瓶"})
    assert selectors.on_duty(point.pk).state == "LEAVING"

    with pytest.raises(ValidationError, match="two persons"):
        services.take_over(sheet=sheet, by=first)
    done = services.take_over(sheet=sheet, by=second, objection="测温枪只有 1 支")
    assert (done.taken_by, done.next_shift.pk) == (second, shifts[1].pk)
    assert [Shift.objects.get(pk=one.pk).state for one in shifts] == ["DONE", "ON", "PLANNED"]
    assert selectors.sheet_of(begun.pk).objection == "测温枪只有 1 支"
    with pytest.raises(ValidationError, match="both sides"):
        services.take_over(sheet=sheet, by=second)


def test_only_one_shift_stands_at_a_point(shifts, guard):
    services.begin_shift(shift=shifts[0], by=guard[0])
    with pytest.raises(ValidationError, match="take over"):
        services.begin_shift(shift=shifts[1], by=guard[1])
    with pytest.raises(ValidationError, match="begun already"):
        services.begin_shift(shift=shifts[0], by=guard[1])
    with pytest.raises(ValidationError, match="on duty"):
        services.hand_over(shift=shifts[1], by=guard[1])


def test_the_last_shift_hands_over_to_nobody_planned(shifts, guard):
    Shift.objects.filter(pk__in=[one.pk for one in shifts[1:]]).delete()
    begun = services.begin_shift(shift=shifts[0], by=guard[0])
    done = services.take_over(sheet=services.hand_over(shift=begun, by=guard[0]), by=guard[1])
    assert done.next_shift is None


def test_a_named_coming_shift_has_to_be_planned(shifts, guard):
    begun = services.begin_shift(shift=shifts[0], by=guard[0])
    sheet = services.hand_over(shift=begun, by=guard[0])
    with pytest.raises(ValidationError, match="not the next"):
        services.take_over(sheet=sheet, by=guard[1], next_shift=begun)
    assert services.take_over(sheet=sheet, by=guard[1], next_shift=shifts[2]).next_shift.pk == shifts[2].pk


def test_the_database_wants_two_persons_under_a_sheet(shifts, guard):
    begun = services.begin_shift(shift=shifts[0], by=guard[0])
    sheet = services.hand_over(shift=begun, by=guard[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.unscoped.filter(pk=sheet.pk).update(taken_by=guard[0], taken_at=now())


def test_the_board_shows_each_point_with_its_day(shifts, guard, point, passed):
    services.begin_shift(shift=shifts[0], by=guard[0])
    passed(code_state="RED")
    (row,) = selectors.board(selectors.points())
    assert (row["point"], row["counts"]["passages"], row["open"], row["is_open"]) == (point, 1, 1, True)
    assert row["shift"].leader == guard[0]
    assert [one.pk for one in selectors.planned(point.pk)] == [one.pk for one in shifts[1:]]
