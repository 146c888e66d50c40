"""A transfer: ordered, accepted, on the way, received; what the drawn table allows, and who is never lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.clock import frozen, now
from fangxian.core.ids import uuid7
from fangxian.systems.quarantine import selectors, services, transitions
from fangxian.systems.quarantine.models import Stay, Transfer

T = Transfer.State

DRAWN = """
         ORDERED    ON_HOLD    ACCEPTED   REFUSED ARRANGED   DEPARTED  RECEIVED CANCELLED
accept   ACCEPTED   ACCEPTED   -          -       -          -         -        -
refuse   REFUSED    REFUSED    REFUSED    -       REFUSED    -         -        -
hold     ON_HOLD    -          ON_HOLD    -       ON_HOLD    -         -        -
arrange  ARRANGED   ARRANGED   ARRANGED   -       ARRANGED   -         -        -
depart   DEPARTED   -          DEPARTED   -       DEPARTED   -         -        -
divert   -          -          -          -       -          DEPARTED  -        -
receive  -          -          -          -       -          RECEIVED  -        -
cancel   CANCELLED  CANCELLED  CANCELLED  -       CANCELLED  -         -        -
"""


def cells():
    head, *rows = [line.split() for line in DRAWN.strip().splitlines()]
    return [(verb, state, to) for verb, *tos in rows for state, to in zip(head, tos, strict=True)]


@pytest.mark.parametrize(("verb", "state", "to"), cells())
def test_the_table_is_the_one_drawn(verb, state, to):
    transfer = Transfer(state=state)

    if to == "-":
        with pytest.raises(ValidationError) as error:
            transitions.ride(transfer, verb)
        assert [*error.value.error_dict] == ["state"]
    else:
        assert transitions.ride(transfer, verb) == to


@pytest.fixture
def ride(site, stay):
    """Factory: a transfer of a booked person to the site of the room."""

    def make(**values):
        site()
        booked = stay()
        return services.order_transfer(by=None, person=booked.person, area=booked.area, stay=booked, **values)

    return make


def test_a_person_is_brought_and_the_stay_begins_with_it(ride):
    ordered = ride(from_address="会昌街道12号")
    assert (ordered.state, ordered.due_at, ordered.to_area_id) == (T.ORDERED, now() + timedelta(hours=8), "410883002")
    assert (ordered.rule, ordered.pack, ordered.subject_id) == (
        ordered.stay.rule,
        ordered.stay.pack,
        ordered.stay.subject_id,
    )

    services.accept(transfer=ordered, by=None)
    services.arrange(transfer=ordered, by=None, vehicle="豫H12345", team="第一转运组")
    with frozen(now() + timedelta(hours=1)):
        services.depart(transfer=ordered, by=None)
    with frozen(now() + timedelta(hours=2)):
        done = services.receive(transfer=ordered, by=None)
        assert (done.state, done.received_at, done.vehicle) == (T.RECEIVED, now(), "豫H12345")
        assert done.departed_at == now() - timedelta(hours=1)
        stay = Stay.objects.get(pk=ordered.stay_id)
        assert (stay.state, stay.checked_in_at) == (Stay.State.IN, now())
    assert [entry.action for entry in audit.history(done)][:2] == [
        "quarantine.transfer.ordered",
        "quarantine.transfer.accept",
    ]


def test_an_order_given_again_is_the_same_and_a_second_way_is_refused(ride, site):
    first = ride()
    again = services.order_transfer(by=None, person=first.person, area=first.area, stay=first.stay)
    assert again == first

    with pytest.raises(ValidationError) as error:
        services.order_transfer(by=None, person=first.person, area=first.area, to_site=site("Other"))
    assert [*error.value.error_dict] == ["person"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(person=first.person, area=first.area, to_area=first.area, to_site=first.to_site,
                                due_at=now())  # fmt: skip


def test_who_has_no_room_needs_a_named_site(need, site):
    (waiting,) = services.book(by=None, needs=[need()]).stays
    with pytest.raises(ValidationError) as error:
        services.order_transfer(by=None, person=waiting.person, area=waiting.area, stay=waiting)
    assert [*error.value.error_dict] == ["to_site"]

    hotel = site(rooms=0)
    sent = services.order_transfer(by=None, person=waiting.person, area=waiting.area, stay=waiting, to_site=hotel)
    services.depart(transfer=sent, by=None, vehicle="豫H12345")
    with pytest.raises(ValidationError):  # at the door, and still no room
        services.receive(transfer=sent, by=None)
    assert Transfer.objects.get().state == T.DEPARTED


def test_a_receiver_refuses_with_a_reason_and_another_way_can_be_ordered(ride, site):
    first = ride()
    with pytest.raises(ValidationError):
        services.refuse(transfer=first, by=None, reason=" ")
    assert services.refuse(transfer=first, by=None, reason="No negative pressure").reason == "No negative pressure"

    other = site("Other")
    assert services.order_transfer(by=None, person=first.person, area=first.area, to_site=other).state == T.ORDERED


def test_a_room_in_another_site_is_refused_at_the_door(ride, site):
    sent = ride()
    services.depart(transfer=sent, by=None)
    other = site("Other")
    diverted = services.divert(transfer=sent, by=None, to_site=other, reason="Hotel is full")
    assert (diverted.state, diverted.to_site) == (T.DEPARTED, other)
    with pytest.raises(ValidationError) as error:
        services.receive(transfer=diverted, by=None)
    assert [*error.value.error_dict] == ["room"]


def test_holding_cancelling_and_naming_no_vehicle(ride):
    sent = ride()
    assert services.hold(transfer=sent, by=None, reason="Vehicle broken").state == T.ON_HOLD
    with pytest.raises(ValidationError):
        services.arrange(transfer=sent, by=None, vehicle=" ")
    assert services.cancel_transfer(transfer=sent, by=None, reason="Not a contact").state == T.CANCELLED


def test_a_way_to_hospital_or_home_needs_no_site(people, cell):
    person, other = people(2)
    ill = services.order_transfer(
        by=None, person=person, area=cell, destination="HOSPITAL", to_name="市第二医院", rule="case.isolation"
    )
    home = services.order_transfer(by=None, person=other, area=cell, destination="HOME", to_area=cell, id=uuid7())
    for sent in (ill, home):
        services.depart(transfer=sent, by=None)
        assert services.receive(transfer=sent, by=None).state == T.RECEIVED
    assert (str(ill), str(home)) == ("P0 → 市第二医院", "P1 → At home")


def test_both_sides_see_a_transfer_and_open_ones_are_found(ride):
    sent = ride()
    assert [*selectors.open_transfers("410883001")] == [sent]  # from here
    assert [*selectors.open_transfers("410883002")] == [sent]  # to here
    assert [*selectors.open_transfers("410882")] == []
    assert selectors.transfers_for([sent.subject_id]) == {sent.subject_id: [sent]}
    assert selectors.transfer(sent.pk) == sent
    with frozen(now() + timedelta(hours=9)):
        assert [*selectors.late_transfers("410883")] == [sent]
    assert [*selectors.late_transfers("410883")] == []
    assert Area.objects.get(code="410883002") == sent.to_area
