"""What a device may report: what is impossible is rejected, what is doubtful is kept and flagged."""

import uuid

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import Flag, Rejection
from fangxian.warehouse.visits.intake import Rules, judge
from tests.unit.warehouse.moments import DAY, NOW

RULES = Rules(now=NOW, retention_s=14 * DAY)


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"visit_id": uuid.uuid4()}, "visit_id", "not_uuid7"),
        ({"entered_at": -1, "left_at": 5}, "entered_at", "out_of_range"),
        ({"left_at": 2**31}, "left_at", "out_of_range"),
        ({"device_at": -5}, "device_at", "out_of_range"),
        ({"left_at": NOW - 3601}, "left_at", "before_entered_at"),
        ({"ago": -301, "stay": 60}, "entered_at", "in_the_future"),
        ({"ago": -5 * DAY, "stay": 60, "device_at": NOW + DAY}, "entered_at", "in_the_future"),
        ({"left_at": NOW + 40 * DAY}, "left_at", "stay_too_long"),
        ({"temperature": 120}, "temperature", "out_of_range"),
    ],
)
def test_the_impossible_is_rejected_by_row_field_and_reason(arrival, given, field, reason):
    visits, rejected = judge([arrival(), arrival(**given), arrival()], RULES)
    assert len(visits) == 2
    assert rejected == [Rejection(1, field, reason)]


def test_a_device_reports_only_its_own_places(arrival):
    mine = uuid7()
    rules = Rules(now=NOW, retention_s=DAY, places={mine.bytes})
    visits, rejected = judge([arrival(place=mine), arrival()], rules)
    assert [visit.place for visit in visits] == [mine.bytes]
    assert rejected == [Rejection(1, "place", "not_of_this_device")]


@pytest.mark.parametrize(
    ("given", "flags"),
    [
        ({}, Flag(0)),
        ({"device_at": NOW + 299}, Flag(0)),
        ({"device_at": NOW + 301}, Flag.FUTURE | Flag.CORRECTED),
        ({"device_at": NOW - 4000}, Flag(0)),
        ({"ago": -299, "stay": 60}, Flag(0)),
        ({"ago": 15 * DAY, "stay": 60}, Flag.OLD),
        ({"stay": None}, Flag.ASSUMED_STAY),
        (
            {"ago": 15 * DAY, "stay": None, "device_at": NOW + 999},
            Flag.OLD | Flag.ASSUMED_STAY | Flag.FUTURE | Flag.CORRECTED,
        ),
    ],
)
def test_the_doubtful_is_kept_and_flagged(arrival, given, flags):
    ((visit,), rejected) = judge([arrival(**given)], RULES)
    assert rejected == []
    assert Flag(visit.flags) == flags


def test_an_open_stay_lasts_as_long_as_people_stay_there(arrival):
    barber = uuid7()
    rules = Rules(now=NOW, retention_s=DAY, stays={barber.bytes: 1800}, default_stay_s=600)
    visits, _ = judge([arrival(place=barber, stay=None), arrival(stay=None)], rules)
    assert [visit.left_at - visit.entered_at for visit in visits] == [1800, 600]


def test_in_and_out_within_a_second_is_a_stay_of_a_second(arrival):
    ((visit,), _) = judge([arrival(stay=0)], RULES)
    assert visit.left_at - visit.entered_at == 1


@pytest.mark.parametrize("ahead", [-7 * DAY, -301, 301, 7 * DAY])
def test_a_clock_known_to_be_wrong_is_set_right_and_both_clocks_are_kept(arrival, ahead):
    rules = Rules(now=NOW, retention_s=14 * DAY, device_now=NOW + ahead)
    ((visit,), rejected) = judge([arrival(ago=600 - ahead, stay=300)], rules)
    assert rejected == []
    assert (visit.entered_at, visit.left_at) == (NOW - 600, NOW - 300)
    assert (visit.device_at, visit.received_at) == (NOW + ahead, NOW)
    assert Flag.CORRECTED in Flag(visit.flags)
    assert (Flag.FUTURE in Flag(visit.flags)) == (ahead > 0)


@pytest.mark.parametrize("ahead", [-300, 0, 300])
def test_a_clock_within_the_tolerance_is_left_alone(arrival, ahead):
    rules = Rules(now=NOW, retention_s=14 * DAY, device_now=NOW + ahead)
    ((visit,), _) = judge([arrival(ago=600, stay=None)], rules)
    assert (visit.entered_at, visit.flags) == (NOW - 600, Flag.ASSUMED_STAY)


def test_the_clock_of_the_request_counts_before_that_of_a_row(arrival):
    """A row's clock may be that of the scan; only the request's is that of sending."""
    rules = Rules(now=NOW, retention_s=14 * DAY, device_now=NOW)
    ((visit,), _) = judge([arrival(ago=600, stay=300, device_at=NOW + DAY)], rules)
    assert (visit.entered_at, visit.device_at, visit.flags) == (NOW - 600, NOW + DAY, 0)
