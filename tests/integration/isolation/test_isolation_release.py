"""Leaving a site, and what an infection among guests does to the others: forwards, again, and taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import jobs
from fangxian.systems.command.models import Task
from fangxian.systems.quarantine import selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import ClockRestart, DailyCheck, Room, Stay, Transfer
from fangxian.systems.testing import services as testing
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows.isolation_release import from_home_on, on_infection, release, release_list
from tests.integration.isolation.conftest import MORNING, at

FIRST = MORNING.date()


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def keys(line):
    return {finding.key for finding in line.missing}


def test_a_guest_leaves_with_a_proof_and_is_awaited_at_home(house):
    stay = house.guests[0]
    for number in (1, 4, 7, 14):
        house.test(number, stay)
    with at(14, 10):
        (line,) = release_list([house.again(stay)])
        assert keys(line) == {"samples"}  # the second sample at release is missing
        with pytest.raises(ValidationError) as error:
            release(by=house.manager, stays=[house.again(stay)])
        assert "甲" in str(error.value)

    house.test(14, stay, again="b")
    with at(14, 10):
        (line,) = release(by=house.manager, stays=[house.again(stay)])
        assert from_home_on(line) == day(15)

    left, home = house.again(stay), house.home_of(stay)
    assert (left.state, home.state, home.starts_on) == (Stay.State.RELEASED, Stay.State.BOOKED, day(15))
    proof = selectors.proof_of(stay.pk)
    assert {row["key"]: row["ok"] for row in proof.evidence} == dict.fromkeys(
        ("days", "tests", "samples", "fever", "infection"), True
    )
    (task,) = Task.objects.filter(subject_id=home.pk)
    assert (task.params["proof"], task.area_id) == (proof.number, home.area_id)
    assert Room.objects.get(pk=stay.room_id).state == Room.State.CLEANING


def test_fever_keeps_somebody_and_the_list_says_so(house):
    first, second, _third = house.guests
    with at(13):
        quarantine.record_check(by=house.manager, person=first.person, area=first.area, day=day(13), slot="AM",
                                temperature=Decimal("37.6"), pack=first.pack)  # fmt: skip
        quarantine.record_check(by=house.manager, person=first.person, area=first.area, day=day(13), slot="PM",
                                temperature=Decimal("38.2"), pack=first.pack)  # fmt: skip
    assert DailyCheck.objects.filter(fever=True).count() == 2
    with at(14):
        lines = {line.stay.pk: line for line in release_list(selectors.guests_of([house.site.pk]))}
        assert {"fever", "tests", "samples"} == keys(lines[first.pk])
        assert "38.2" in next(finding.text for finding in lines[first.pk].missing if finding.key == "fever")
        assert keys(lines[second.pk]) == {"tests", "samples"}


def test_the_list_of_a_whole_site_takes_a_fixed_number_of_queries(house, django_assert_max_num_queries):
    stays = list(selectors.guests_of([house.site.pk]))
    with at(14), django_assert_max_num_queries(9):
        assert len(release_list(stays)) == 3
    assert release_list([]) == []


def test_an_infection_begins_the_days_of_the_same_wing_anew(house):
    ill, beside, other = house.guests
    result = house.test(7, ill, "POSITIVE")
    with at(7, 9):
        counts = on_infection(result_id=result.pk, by=house.manager)
        assert (counts["new"], counts["withdrawn"]) == (1, 0)
        again = on_infection(result_id=result.pk, by=house.manager)
        assert (again["new"], again["changed"], again["withdrawn"], again["moved"]) == (0, 0, 0, 0)

    (restart,) = ClockRestart.objects.all()
    assert (restart.stay, restart.via, restart.infected) == (beside, "FLOW", ill.person)
    assert (restart.was_until, restart.until, restart.exposed_on) == (day(14), day(20), day(7))
    assert house.again(beside).ends_on == day(20)
    assert (house.home_of(beside).starts_on, house.home_of(beside).ends_on) == (day(21), day(27))
    assert house.again(other).ends_on == day(14)
    due = TestDuty.objects.filter(subject_id=restart.pk).order_by("due_on")
    assert [duty.due_on for duty in due] == [day(7), day(10), day(13), day(20)]
    (sent,) = Transfer.objects.all()
    assert (sent.person, sent.destination, sent.state) == (ill.person, "HOSPITAL", "ORDERED")
    assert Task.objects.get(subject_id=result.pk).params["count"] == 1


def test_a_guest_taken_to_hospital_gives_up_the_room(house):
    ill = house.guests[0]
    result = house.test(7, ill, "POSITIVE")
    with at(7, 9):
        on_infection(result_id=result.pk, by=None)
        quarantine.depart(transfer=Transfer.objects.get(), by=house.manager, vehicle="豫H120")
    gone = house.again(ill)
    assert (gone.state, Room.objects.get(pk=ill.room_id).state) == (Stay.State.TRANSFERRED, Room.State.CLEANING)
    with at(8):  # run again a day later: exposure ended when the infected guest left
        on_infection(result_id=result.pk, by=None)
    assert ClockRestart.objects.get().until == day(20)


def test_a_withdrawn_result_takes_everything_back(house):
    ill, beside, _other = house.guests
    result = house.test(7, ill, "POSITIVE")
    with at(7, 9):
        on_infection(result_id=result.pk, by=None)
        testing.withdraw(result, by=house.manager, reason="Tubes mixed up")
        counts = on_infection(result_id=result.pk, by=None)
    assert counts["withdrawn"] == 1
    assert ClockRestart.objects.get().state == "WITHDRAWN"
    assert (house.again(beside).ends_on, house.home_of(beside).starts_on) == (day(14), day(15))
    assert Transfer.objects.get().state == "CANCELLED"
    assert Task.objects.get(subject_id=result.pk).status == Task.Status.REMOVED
    assert {duty.state for duty in TestDuty.objects.filter(subject_id=ClockRestart.objects.get().pk)} == {"CANCELLED"}


def test_a_response_run_again_does_not_shorten_what_an_infection_lengthened(house):
    ill, beside, _other = house.guests
    result = house.test(7, ill, "POSITIVE")
    with at(7, 9):
        on_infection(result_id=result.pk, by=None)
        needs = [
            quarantine.Need(beside.person, beside.area, day(start), day(end), beside.subject_id, place,
                            beside.rule, beside.pack)
            for place, start, end in (("CENTRAL", 1, 14), ("HOME", 15, 21))
        ]  # fmt: skip
        booking = quarantine.book(by=None, needs=needs)
    assert (booking.new, booking.changed) == (0, 0)
    assert house.again(beside).ends_on == day(20)


def test_a_guest_who_left_before_is_told_to_the_area(house):
    ill, beside, _other = house.guests
    with at(14, 1):
        quarantine.release(stay=beside, by=None)
    result = house.test(14, ill, "POSITIVE")
    with at(14, 9):
        counts = on_infection(result_id=result.pk, by=None)
    assert counts["new"] == 0
    told = Task.objects.filter(subject_id=result.pk, person=beside.person)
    assert told.get().area_id == beside.area_id


def test_a_result_of_somebody_who_is_no_guest_changes_nothing(house):
    stay = house.guests[0]
    result = house.test(7, stay)
    assert on_infection(result_id=result.pk, by=None) == {}


def test_a_result_queues_its_work(house, django_capture_on_commit_callbacks):
    house.test(7, house.guests[0], "POSITIVE")
    with at(7, 9):
        jobs.run_pending()
    assert ClockRestart.objects.count() == 1
