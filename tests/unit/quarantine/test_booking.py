"""Booking: every need has a stay; who has no room is named day by day; again changes nothing."""

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fangxian.core import audit, scope
from fangxian.core.areas import Area
from fangxian.core.clock import frozen, now
from fangxian.core.ids import uuid7
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import services
from fangxian.systems.quarantine.models import Room, Site, Stay
from fangxian.systems.quarantine.services import Need, book
from tests.unit.quarantine.conftest import CELL, day

S = Stay.State


def states(booking):
    return [stay.state for stay in booking.stays]


def test_everybody_gets_a_room_of_their_own(site, need):
    hotel = site(rooms=3)

    booking = book(by=None, needs=[need(), need(), need()])

    assert (states(booking), booking.shortfall, booking.new) == ([S.BOOKED] * 3, [], 3)
    assert sorted(stay.room.number for stay in booking.stays) == ["101", "102", "103"]
    assert {stay.present_area_id for stay in booking.stays} == {hotel.area_id}
    assert audit.AuditEntry.objects.get(action="quarantine.stays.booked").detail["rows"] == 3


def test_what_is_missing_is_named_by_day(site, need):
    site(rooms=1)

    booking = book(by=None, needs=[need(1, 3), need(2, 4), need(3, 3)])

    assert states(booking) == [S.BOOKED, S.NO_ROOM, S.NO_ROOM]
    assert [(gap.county, gap.day, gap.missing) for gap in booking.shortfall] == [
        ("410883", day(2), 1), ("410883", day(3), 2), ("410883", day(4), 1),
    ]  # fmt: skip
    assert booking.waiting == booking.stays[1:]


def test_a_room_serves_one_after_the_other(site, need):
    site(rooms=1)

    assert states(book(by=None, needs=[need(8, 10), need(1, 7)])) == [S.BOOKED, S.BOOKED]


def test_booking_again_changes_nothing(site, need):
    site(rooms=1)
    needs = [need(), need()]
    first = book(by=None, needs=needs)
    entries = audit.AuditEntry.objects.count()

    again = book(by=None, needs=needs)

    assert (again.stays, again.shortfall, again.new, again.changed) == (first.stays, first.shortfall, 0, 0)
    assert audit.AuditEntry.objects.count() == entries


def test_a_need_named_twice_means_the_whole_time(site, need, people):
    site()
    (person,), subject = people(1), uuid7()

    booking = book(
        by=None, needs=[need(1, 7, person=person, subject_id=subject), need(5, 9, person=person, subject_id=subject)]
    )

    assert [(stay.starts_on, stay.ends_on) for stay in booking.stays] == [(day(1), day(9))]


def test_without_a_reason_the_person_is_known(site, need, people):
    site()
    (person,) = people(1)

    first = book(by=None, needs=[need(1, 7, person=person, subject_id=None)])
    again = book(by=None, needs=[need(1, 9, person=person, subject_id=None)])

    assert (again.stays, again.stays[0].ends_on, again.changed) == (first.stays, day(9), 1)
    assert again.stays[0].version == 2


def test_the_dates_follow_the_plan(site, need, people):
    site()
    (person,), subject = people(1), uuid7()
    book(by=None, needs=[need(1, 14, person=person, subject_id=subject)])

    (shorter,) = book(by=None, needs=[need(3, 9, person=person, subject_id=subject)]).stays

    shorter.refresh_from_db()
    assert (shorter.starts_on, shorter.ends_on, shorter.state) == (day(3), day(9), S.BOOKED)


@pytest.mark.parametrize(("ends", "expected"), [(20, 20), (9, 9), (3, 5)])
def test_who_is_in_keeps_the_day_of_coming_and_never_ends_in_the_past(site, need, people, ends, expected):
    site()
    (person,), subject = people(1), uuid7()
    (made,) = book(by=None, needs=[need(1, 14, person=person, subject_id=subject)]).stays
    services.check_in(stay=made, by=None)

    with frozen(now() + timedelta(days=4)):
        (stay,) = book(by=None, needs=[need(2, ends, person=person, subject_id=subject)]).stays

    assert (stay.starts_on, stay.ends_on) == (day(1), day(expected))


def test_a_longer_stay_moves_who_was_to_come_after(site, need, people, stay):
    site(rooms=2)
    (person,), subject = people(1), uuid7()
    (first,) = book(by=None, needs=[need(1, 7, person=person, subject_id=subject)]).stays
    services.check_in(stay=first, by=None)
    other = stay(starts=1, ends=9)
    after = stay(starts=8, ends=12)
    assert after.room_id == first.room_id

    booking = book(by=None, needs=[need(1, 9, person=person, subject_id=subject)])
    after.refresh_from_db()
    assert (after.state, after.room_id, after.present_area_id) == (S.NO_ROOM, None, CELL)
    assert [(gap.day, gap.missing) for gap in booking.shortfall] == [(day(n), 1) for n in range(8, 13)]

    services.cancel_many(stays=[other], by=None, reason="No contact")
    assert services.book_waiting(by=None, area=Area.objects.get(code="410883")).stays == [after]
    after.refresh_from_db()
    assert (after.state, after.room_id) == (S.BOOKED, other.room_id)


def test_who_waits_and_finds_nothing_waits_on(site, need):
    booking = book(by=None, needs=[need(1, 1)])

    again = services.book_waiting(by=None, area=Area.objects.get(code="410883"))

    assert (again.stays, again.changed, again.shortfall) == (booking.stays, 0, booking.shortfall)


def test_two_reasons_are_one_room(site, need, people):
    site(rooms=2)
    (person,) = people(1)

    booking = book(by=None, needs=[need(1, 7, person=person), need(5, 14, person=person), need()])

    assert [stay.room.number for stay in booking.stays] == ["101", "101", "102"]


def test_who_is_in_a_room_not_given_out_any_more_keeps_it(site, need, people):
    site(rooms=1)
    (person,) = people(1)
    (first,) = book(by=None, needs=[need(person=person)]).stays
    services.check_in(stay=first, by=None)
    services.take_out_of_use(room=first.room, by=None)

    (second, other) = book(by=None, needs=[need(person=person), need()]).stays

    assert (second.room, second.state, other.state) == (first.room, S.BOOKED, S.NO_ROOM)


def test_at_home_nobody_needs_a_room(need):
    booking = book(by=None, needs=[need(place=Stay.Place.HOME)])

    assert (states(booking), booking.stays[0].present_area_id, booking.shortfall) == ([S.BOOKED], CELL, [])


def test_first_central_then_at_home_are_two_stays_of_one_reason(site, need, people):
    site()
    (person,), subject = people(1), uuid7()
    central = need(1, 14, person=person, subject_id=subject)
    home = need(15, 21, person=person, subject_id=subject, place=Stay.Place.HOME)

    assert len(book(by=None, needs=[central, home]).stays) == 2
    assert book(by=None, needs=[central, home]).new == 0


@pytest.mark.parametrize(
    "change",
    [
        {"state": Room.State.CLEANING}, {"state": Room.State.OUT_OF_USE}, {"zone": Room.Zone.CLEAN}, {"beds": 0},
    ],
)  # fmt: skip
def test_rooms_that_are_not_given_out(site, need, change):
    site(rooms=1)
    Room.objects.update(**change)

    assert states(book(by=None, needs=[need()])) == [S.NO_ROOM]


@pytest.mark.parametrize("values", [{"kind": Site.Kind.ISOLATION}, {"closed_on": day(1)}])
def test_sites_that_take_no_contacts(site, need, values):
    site(rooms=1, **values)

    assert states(book(by=None, needs=[need()])) == [S.NO_ROOM]


def test_rooms_are_those_of_the_persons_county(site, need):
    site(rooms=1, area=Area.objects.get(code="410882001"))

    assert states(book(by=None, needs=[need()])) == [S.NO_ROOM]


def test_above_the_county_an_area_uses_its_own(site, need, people):
    site(rooms=1)
    (person,) = people(1)
    person.area = Area.objects.get(code="4108")

    assert states(book(by=None, needs=[need(person=person)])) == [S.BOOKED]


def test_nobody_is_booked_outside_the_scope(need):
    wanted = need()

    with scope.within("410882"), pytest.raises(ValidationError):
        book(by=None, needs=[wanted])


def test_a_need_that_ends_before_it_starts_is_a_mistake(need):
    with pytest.raises(ValueError, match="first day"):
        need(5, 4)


def test_five_hundred_are_booked_in_a_few_queries(site, need, people, django_assert_max_num_queries):
    site(rooms=400)
    needs = [need(person=person) for person in people(500)]

    with django_assert_max_num_queries(60):
        booking = book(by=None, needs=needs)

    assert Counter(states(booking)) == {S.BOOKED: 400, S.NO_ROOM: 100}


spans = st.tuples(st.integers(1, 10), st.integers(0, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
batches = st.lists(st.lists(st.tuples(st.integers(0, 7), spans), max_size=8), min_size=1, max_size=3)


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rooms=st.integers(0, 3), batches=batches, arrivals=st.sets(st.integers(0, 7)))
def test_whatever_is_booked_no_room_holds_two_and_nobody_is_forgotten(site, people, rooms, batches, arrivals):
    Stay.objects.all().delete()
    Room.objects.all().delete()
    Site.objects.all().delete()
    Person.objects.all().delete()
    if rooms:
        site(rooms=rooms)
    crowd, subjects = people(6), [uuid7() for _each in range(8)]
    for batch in batches:
        # a reason is one person's: eight reasons among six people, so that some have two
        needs = [
            Need(crowd[reason % 6], crowd[0].area, day(first), day(last), subjects[reason], rule="r")
            for reason, (first, last) in batch
        ]
        booking = book(by=None, needs=needs)
        _nobody_is_forgotten(booking, needs)
        _no_room_holds_two()
        for made in Stay.objects.filter(subject_id__in=[subjects[n] for n in arrivals], state=S.BOOKED):
            with suppress(ValidationError):  # somebody else is still in the room
                services.check_in(stay=made, by=None)


def _days(stay):
    return [stay.starts_on + timedelta(days=n) for n in range((stay.ends_on - stay.starts_on).days + 1)]


def _nobody_is_forgotten(booking, needs):
    assert {stay.subject_id for stay in booking.stays} == {need.subject_id for need in needs}
    assert all((stay.state == S.NO_ROOM) == (stay.room_id is None) for stay in booking.stays)
    named = {gap.day: gap.missing for gap in booking.shortfall}
    without = Counter(when for _person, when in {(s.person_id, when) for s in booking.waiting for when in _days(s)})
    assert all(named[when] >= count for when, count in without.items())


def _no_room_holds_two():
    held = defaultdict(set)
    for stay in Stay.objects.filter(room__isnull=False):
        for when in _days(stay):
            held[stay.room_id, when].add(stay.person_id)
    assert all(len(persons) == 1 for persons in held.values())


def test_a_plan_lengthened_for_many_is_written_in_one_go(site, need, people, django_assert_max_num_queries):
    site(rooms=40)
    needs = [need(person=person) for person in people(40)]
    book(by=None, needs=needs)
    longer = [replace(each, ends_on=day(16)) for each in needs]

    with django_assert_max_num_queries(25):
        booking = book(by=None, needs=longer)

    assert booking.changed == Stay.objects.filter(ends_on=day(16), version=2).count() == 40
    assert audit.AuditEntry.objects.get(action="quarantine.stays.rebooked").detail["rows"] == 40
