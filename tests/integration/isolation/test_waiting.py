"""Whoever waits for a room gets one that has become free, by itself or by the button on the page of sites."""

import pytest
from django.urls import reverse

from fangxian.core import jobs
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import Room, Stay
from fangxian.systems.quarantine.services import Need
from tests.integration.isolation.conftest import CELL, MORNING, at


@pytest.fixture
def waiting(house) -> Stay:
    """A fourth guest for whom no room was left."""
    cell = Area.objects.get(code=CELL)
    person = Person.objects.create(area=cell, name="丁", id_type="NONE")
    with at(1):
        need = Need(person, cell, MORNING.date(), MORNING.date(), uuid7(), Stay.Place.CENTRAL, "r", house.pack)
        (stay,) = quarantine.book(by=None, needs=[need]).stays
    assert stay.state == "NO_ROOM"
    return stay


def free_room(house) -> Room:
    return Room.objects.create(site=house.site, area=house.town, number="304", state=Room.State.CLEANING)


def test_a_room_that_is_ready_goes_to_who_waits(house, waiting):
    with at(1):
        quarantine.room_ready(room=free_room(house), by=None)
        jobs.run_pending()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.room.number) == ("BOOKED", "304")


def test_a_booked_stay_that_ends_frees_its_room(house, waiting):
    with at(1):
        booked = house.guests[0]
        Stay.objects.filter(pk=booked.pk).update(state="BOOKED", checked_in_at=None)
        booked.refresh_from_db()
        quarantine.cancel_many(stays=[booked], by=None, reason="no contact")
        jobs.run_pending()
    waiting.refresh_from_db()
    assert waiting.room_id == booked.room_id


def test_the_button_on_the_page_of_sites(house, waiting, officer, sign_in):
    with at(1):
        Room.objects.create(site=house.site, area=house.town, number="305")
        client = sign_in(officer("duty_officer", area="410883"))
        url = reverse("rooms_to_waiting", args=["410883"])
        assert url in client.get(reverse("isolation")).content.decode()
        page = client.post(url, follow=True).content.decode()
    assert "1 got a room, 0 wait on" in page
    assert sign_in(officer("grid_worker", area=CELL)).post(url).status_code in (403, 404)
