"""Who may share a room: companions, households, strangers of one sex; who must not be alone; reasons against a room."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.core import policy
from fangxian.systems.people.models import Household, Person
from fangxian.systems.quarantine import rules, services
from fangxian.systems.quarantine.models import Room, Site, Stay
from fangxian.systems.quarantine.rooms import Hold, RoomPlan
from tests.unit.quarantine.conftest import CELL, DAY, day

S = Stay.State


@pytest.fixture
def family(cell):
    """A father, a mother, a child of eight, in one household."""
    home = Household.objects.create(area=cell, number="7")
    births = (("Father", date(1985, 1, 1)), ("Mother", date(1987, 1, 1)), ("Child", date(2014, 1, 1)))
    return [Person.objects.create(area=cell, name=name, id_type="NONE", household=home, birth_date=born)
            for name, born in births]  # fmt: skip


@pytest.fixture
def pack_says(monkeypatch):
    """Factory: other answers of the pack."""

    def say(**answers):
        for name, value in answers.items():
            monkeypatch.setattr(rules, name, lambda value=value, **_asked: value)

    return say


def booked(needs):
    return services.book(by=None, needs=needs)


def test_a_child_shares_a_room_with_one_grown_up_of_the_household(site, need, family):
    hotel = site(rooms=2)
    services.add_rooms(by=None, site=hotel, numbers=["201"], beds=2)
    booking = booked([need(person=person) for person in family])
    rooms = [stay.room.number for stay in booking.stays]
    assert rooms[0] == rooms[2] == "201"  # the father and the child, in the room with two beds
    assert rooms[1] != rooms[0]  # one grown-up is enough
    assert booking.stays[2].care == Stay.Care.CHILD
    assert booking.notes == []


def test_a_child_on_its_own_is_named(site, need, family):
    site()
    booking = booked([need(person=family[2])])
    assert [note.text for note in booking.notes] == ["Child must not be alone in a room: book a companion."]
    assert booking.stays[0].state == S.BOOKED  # named, not left without a room


def test_a_companion_shares_with_whom_it_accompanies(site, need, people):
    hotel = site(rooms=1)
    services.add_rooms(by=None, site=hotel, numbers=["201"], beds=2)
    ill, son = people(2)
    booking = booked([need(person=ill, care=Stay.Care.ILL), need(person=son, companion_of=ill.pk)])
    assert {stay.room.number for stay in booking.stays} == {"201"}
    assert booking.notes == []


def test_a_household_shares_only_where_the_pack_says_so(site, need, family, pack_says):
    hotel = site(rooms=3)
    services.add_rooms(by=None, site=hotel, numbers=["201"], beds=3)
    pack_says(households_share=True)
    assert len({stay.room_id for stay in booked([need(person=person) for person in family]).stays}) == 1


def test_nobody_shares_where_the_pack_forbids_even_care(site, need, family, pack_says):
    hotel = site(rooms=3)
    services.add_rooms(by=None, site=hotel, numbers=["201"], beds=2)
    pack_says(cared_for_share=False)
    assert len({stay.room_id for stay in booked([need(person=person) for person in family]).stays}) == 3


def test_strangers_share_only_with_their_own_sex(site, need, people, pack_says):
    hotel = site(rooms=0)
    services.add_rooms(by=None, site=hotel, numbers=["201"], beds=2)
    pack_says(single_rooms=False)
    persons = people(4)
    for person, sex in zip(persons, ("FEMALE", "MALE", "FEMALE", "UNKNOWN"), strict=True):
        Person.objects.filter(pk=person.pk).update(sex=sex)
    stays = booked([need(person=person) for person in persons]).stays
    assert [stay.state for stay in stays] == [S.BOOKED, S.NO_ROOM, S.BOOKED, S.NO_ROOM]


@pytest.mark.parametrize(("born", "is_child"), [(None, False), (date(2007, 3, 15), False), (date(2007, 3, 16), True)])
def test_a_child_is_one_by_the_years_of_the_pack(born, is_child):
    assert rules.is_child(born, area_code=CELL, on=DAY) is is_child


# --- by hand ---


def against(stay, room):
    (choice,) = services.choices(stay, [Room.objects.select_related("site").get(pk=room.pk)])
    return choice.refusals


def test_every_reason_against_a_room_is_named(site, stay):
    hotel, ward = site(rooms=2), site("Ward", 1, kind=Site.Kind.ISOLATION, closed_on=DAY)
    first, second = stay(), stay()
    assert against(second, second.room) == []
    assert against(second, first.room) == ["All beds are taken from 2022-03-15 to 2022-03-28."]
    assert against(second, ward.rooms.get()) == ["The site is for the ill.", "The site is closed."]
    store, broken = services.add_rooms(by=None, site=hotel, numbers=["S1", "S2"], beds=2)
    Room.objects.filter(pk=store.pk).update(purpose=Room.Purpose.STORE)
    Room.objects.filter(pk=broken.pk).update(state=Room.State.OUT_OF_USE)
    assert against(second, store) == ["It is no room for guests."]
    assert against(second, broken) == ["The room is not ready: Out of use."]
    services.cancel_many(stays=[second], by=None, reason="gone")
    assert "Only an open stay in a site has a room." in against(Stay.objects.get(pk=second.pk), second.room)


def test_a_second_bed_is_for_a_companion_only_or_for_ones_own_sex(site, stay, pack_says):
    hotel = site(rooms=1)
    (double,) = services.add_rooms(by=None, site=hotel, numbers=["201"], beds=2)
    first, second = stay(), stay()
    assert second.room_id == double.pk
    Room.objects.filter(pk=first.room_id).update(beds=2)
    assert against(second, first.room) == ["One person one room: only a companion may share it."]
    pack_says(single_rooms=False)
    assert against(second, first.room) == ["Strangers share a room only with their own sex."]
    Person.objects.filter(pk__in=[first.person_id, second.person_id]).update(sex="MALE")
    assert against(second, first.room) == []


def test_a_room_is_given_by_hand_and_the_old_one_disinfected(site, stay, need):
    hotel = site(rooms=2)
    inside = stay(checked_in=True)
    free = Room.objects.exclude(pk=inside.room_id).get()
    moved = services.place(stay=inside, room=free, by=None)
    assert (moved.room, moved.state) == (free, S.IN)
    assert Room.objects.get(pk=inside.room_id).state == Room.State.CLEANING
    (waiting,) = services.book(by=None, needs=[need()]).stays
    assert waiting.state == S.NO_ROOM
    with pytest.raises(ValidationError) as error:
        services.place(stay=waiting, room=inside.room, by=None)
    assert "The room is not ready" in error.value.messages[0]
    (fresh,) = services.add_rooms(by=None, site=hotel, numbers=["301"])
    assert services.place(stay=waiting, room=fresh, by=None).state == S.BOOKED


# --- whatever is asked for ---

holds = st.builds(
    lambda person, start, length, unit, sex: Hold(
        UUID(int=person), DAY + timedelta(start), DAY + timedelta(start + length), unit and UUID(int=100 + unit), 1, sex
    ),
    st.integers(1, 9), st.integers(0, 6), st.integers(0, 6), st.sampled_from([0, 0, 1, 2]),
    st.sampled_from(["", "M", "F"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(beds=st.lists(st.integers(1, 3), min_size=1, max_size=4), asked=st.lists(holds, max_size=16))
def test_no_room_ever_holds_more_than_its_beds_or_people_who_may_not_share(beds, asked):
    plan = RoomPlan({UUID(int=1000 + n): count for n, count in enumerate(beds)})
    given_ = [(plan.find(hold), hold) for hold in asked]
    for room, hold in given_:
        for number in range((hold.ends_on - hold.starts_on).days + 1):
            on = hold.starts_on + timedelta(number)
            there = [h for r, h in given_ if room is not None and r == room and h.starts_on <= on <= h.ends_on]
            if room is not None:
                assert len({h.person for h in there}) <= beds[room.int - 1000]
                assert all(h.goes_with(hold) for h in there)


def test_the_packs_say_what_the_rules_ask():
    shipped = policy.pack(disease="*", area_code=CELL, on=DAY)
    assert rules.single_rooms(area_code=CELL) is shipped.flag("site.single_room")
    assert rules.households_share(area_code=CELL) is False
    assert rules.cared_for_share(area_code=CELL) is True
    assert day(1) == DAY
