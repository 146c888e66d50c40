"""Requests, meals, disinfection, waste, openings, shifts: judged by the pack, signed by two, never twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.areas import Area
from fangxian.core.clock import frozen, now, today
from fangxian.systems.quarantine import day as days
from fangxian.systems.quarantine import guest_links, keeping, rules, selectors, services
from fangxian.systems.quarantine.models import Delivery, Disinfection, GuestRequest, Room, Stay
from tests.unit.quarantine.conftest import DAY


@pytest.fixture
def nurse(officer):
    return officer("isolation_manager", area="410883", name="护士")


@pytest.fixture
def head(officer):
    return officer("duty_officer", area="410883", name="站长")


@pytest.fixture
def hotel(site):
    made = site(rooms=4)
    services.add_rooms(by=None, site=made, numbers=["B1"], zone=Room.Zone.SEMI, purpose=Room.Purpose.CHANGING, beds=0)
    services.add_rooms(by=None, site=made, numbers=["C1"], zone=Room.Zone.CLEAN, purpose=Room.Purpose.STAFF, beds=0)
    return made


def again(stay):
    return Stay.objects.select_related("room__site__area", "room__area").get(pk=stay.pk)


def errors(act):
    with pytest.raises(ValidationError) as error:
        act()
    return [*error.value.error_dict]


# --- requests ---


@pytest.mark.parametrize(("category", "hours"), [("MEDICAL", 1), ("MEDICINE", 2), ("COMPLAINT", 24)])
def test_a_request_is_due_by_its_category(hotel, stay, nurse, category, hours):
    inside = again(stay(checked_in=True))
    asked = services.ask(by=None, stay=inside, category=category, text="…", by_guest=True)
    assert (asked.due_at, asked.room, asked.site) == (now() + timedelta(hours=hours), inside.room, hotel)
    done = services.answer(request=asked, by=nurse, answer="Brought")
    assert (done.state, done.answered_by) == (GuestRequest.State.ANSWERED, nurse)
    assert errors(lambda: services.answer(request=done, by=nurse, answer="Again")) == ["state"]


def test_only_a_guest_asks_and_not_without_end(hotel, stay, nurse, monkeypatch):
    assert errors(lambda: services.ask(by=None, stay=again(stay()), category="FOOD", text="x")) == ["stay"]
    inside = again(stay(checked_in=True))
    monkeypatch.setattr(keeping, "MOST_OPEN", 1)
    first = services.ask(by=None, stay=inside, category="FOOD", text="x", by_guest=True)
    assert errors(lambda: services.ask(by=None, stay=inside, category="FOOD", text="y", by_guest=True)) == ["text"]
    declined = services.answer(request=first, by=nurse, answer="Not allowed here", declined=True)
    assert declined.state == GuestRequest.State.DECLINED
    assert selectors.requests_of(inside) == [declined]


# --- meals and supplies ---


def test_a_day_is_counted_from_who_is_in(hotel, stay, nurse):
    early, late = stay(checked_in=True), stay(starts=2, ends=15)
    new = services.plan_deliveries(by=nurse, site=hotel, day=today())
    assert {row.item: row.quantity for row in new if row.room_id == early.room_id} == {
        "BREAKFAST": 1, "LUNCH": 1, "DINNER": 1, "WATER": 3, "MASK": 2, "WASTE_BAG": 1, "THERMOMETER": 1,
        "CHLORINE_TABLET": 10, "TISSUE": 2,
    }  # fmt: skip
    assert services.plan_deliveries(by=nurse, site=hotel, day=today()) == []
    with frozen(now() + timedelta(days=1)):
        services.check_in(stay=late, by=None)
        tomorrow = services.plan_deliveries(by=nurse, site=hotel, day=today())
        assert {row.item for row in tomorrow if row.room_id == early.room_id}.isdisjoint({"THERMOMETER"})
        assert {row.item for row in tomorrow if row.room_id == late.room_id} >= {"THERMOMETER", "LUNCH"}


def test_what_is_not_delivered_follows_the_rooms(hotel, stay, nurse):
    inside = stay(ends=1, checked_in=True)
    services.plan_deliveries(by=nurse, site=hotel, day=today())
    lunch = selectors.deliveries_of(hotel, today(), "LUNCH")
    assert (services.deliver(by=nurse, deliveries=lunch), services.confirm(by=nurse, deliveries=lunch)) == (1, 1)
    assert services.confirm(by=nurse, deliveries=selectors.deliveries_of(hotel, today(), "DINNER")) == 0
    services.release(stay=inside, by=None)
    services.plan_deliveries(by=nurse, site=hotel, day=today())
    rows = {row["item"]: row for row in days.deliveries(hotel, today())}
    assert (rows["LUNCH"]["confirmed"], "DINNER" in rows) == (1, False)
    assert Delivery.objects.filter(state=Delivery.State.REFUSED).count() == 8


# --- disinfection and waste ---


@pytest.mark.parametrize(
    ("kind", "strength", "minutes", "enough"),
    [
        ("SURFACE", 500, 30, True), ("SURFACE", 400, 30, False), ("SURFACE", None, None, False),
        ("FINAL", 1000, 30, True), ("FINAL", 1000, 20, False), ("AIR", None, None, True), ("WASTE", 999, 30, False),
    ],
)  # fmt: skip
def test_what_is_enough_is_said_by_the_pack(db, kind, strength, minutes, enough):
    assert rules.is_enough(kind, strength, minutes, area_code="410883") is enough


def test_a_final_disinfection_makes_the_room_ready(hotel, stay, nurse):
    inside = stay(ends=1, checked_in=True)
    services.release(stay=inside, by=None)
    room = Room.objects.get(pk=inside.room_id)
    log = {"by": nurse, "area": hotel.area, "site": hotel, "kind": "FINAL", "day": today()}
    assert errors(lambda: services.log_disinfection(**log)) == ["room"]
    weak = services.log_disinfection(**log, room=room, mg_per_litre=500, minutes=30)
    assert (weak.enough, Room.objects.get(pk=room.pk).state) == (False, Room.State.CLEANING)
    corrected = services.correct_disinfection(log=weak, by=nurse, mg_per_litre=1000)
    assert corrected.enough
    services.log_disinfection(**log, room=room, mg_per_litre=1000, minutes=30)
    assert Room.objects.get(pk=room.pk).state == Room.State.READY


def test_two_people_sign_and_a_correction_asks_for_the_second_again(hotel, nurse, head):
    batch = services.log_waste(by=nurse, site=hotel, area=hotel.area, number="W1", day=today(), bags=3,
                               weight_kg=Decimal("7.5"), mg_per_litre=1000, minutes=30)  # fmt: skip
    assert batch.enough and batch.signed_by == nurse
    assert errors(lambda: services.countersign(record=batch, by=nurse)) == ["countersigned_by"]
    signed = services.countersign(record=batch, by=head)
    assert errors(lambda: services.countersign(record=signed, by=head)) == ["countersigned_by"]
    corrected = services.correct_waste(batch=signed, by=nurse, minutes=10)
    assert (corrected.enough, corrected.countersigned_by) == (False, None)
    assert selectors.logs_of(hotel, today()) == [corrected]


def test_zones_without_disinfection_are_named(hotel, nurse):
    assert [(gap["zone"], gap["weak"]) for gap in days.gaps(hotel)] == [("SEMI", False), ("CONTAMINATED", False)]
    log = {"by": nurse, "area": hotel.area, "site": hotel, "day": today(), "minutes": 30}
    services.log_disinfection(**log, zone="SEMI", mg_per_litre=100)
    services.log_disinfection(**log, zone="CONTAMINATED", mg_per_litre=500)
    assert [(gap["zone"], gap["weak"]) for gap in days.gaps(hotel)] == [("SEMI", True)]
    assert Disinfection.objects.count() == 2


# --- the board and the figures ---


def check(stay, nurse, slot="AM", **values):
    return services.record_check(by=nurse, person=stay.person, area=stay.area, day=today(), slot=slot,
                                 **{"temperature": Decimal("36.5"), **values})  # fmt: skip


def test_the_board_says_what_is_the_matter(hotel, stay, nurse):
    ill, coughs, away, well = (stay(checked_in=True) for _ in range(4))
    check(ill, nurse, temperature=Decimal("38.3"), symptoms="cough")
    check(coughs, nurse, symptoms="cough")
    check(away, nurse, temperature=None, status="UNAVAILABLE")
    cells = {cell.room.pk: cell for cell in days.board(hotel)}
    assert cells[ill.room_id].status == "FEVER"
    assert cells[coughs.room_id].status == "SYMPTOMS"
    assert cells[away.room_id].status == "UNSEEN"
    assert cells[well.room_id].status == "MISSED"
    services.ask(by=None, stay=again(well), category="MEDICAL", text="x")
    check(well, nurse, temperature=None, normal=True)
    with frozen(now() + timedelta(hours=2)):
        cell = next(cell for cell in days.board(hotel) if cell.room.pk == well.room_id)
        assert (cell.status, cell.requests, cell.late) == ("REQUEST", 1, 1)
    others = {cell.room.number: cell.status for cell in days.board(hotel) if not cell.guests}
    assert others == {"B1": "OTHER", "C1": "OTHER"}


def test_the_figures_add_up(hotel, stay, nurse):
    inside, _booked = stay(checked_in=True), stay()
    Room.objects.filter(number="104").update(state=Room.State.OUT_OF_USE)
    check(inside, nurse)
    told = days.figures(hotel)
    assert (told["rooms"], told["in_use"], told["promised"], told["out_of_use"], told["free"]) == (4, 1, 1, 1, 1)
    assert (told["guests"], told["checked"], told["unchecked"], told["came"]) == (1, 1, 0, 1)
    with frozen(now() + timedelta(hours=8)):
        assert (days.slot_now(), days.figures(hotel)["unchecked"]) == ("PM", 1)


def test_normal_is_no_value_and_no_symptom(hotel, stay, nurse):
    inside = stay(checked_in=True)
    assert errors(lambda: check(inside, nurse, normal=True)) == ["temperature"]
    normal = check(inside, nurse, temperature=None, normal=True)
    assert (normal.temperature, normal.fever) == (None, False)
    assert services.correct_check(check=normal, by=nurse, temperature=Decimal("36.6")).normal is False


# --- reserve and opening ---


@pytest.mark.parametrize(
    ("on", "rooms"), [((2021, 1, 1), 20), ((2021, 12, 1), 20), ((2022, 4, 15), 40), ((2022, 6, 1), 60)]
)
def test_the_reserve_is_the_latest_that_was_published(db, on, rooms):
    assert rules.rooms_per_10k(area_code="410883", on=DAY.replace(*on))[1] == rooms


def test_the_reserve_stands_beside_the_rule(hotel):
    county = Area.objects.get(code="410883")
    found = days.reserve(county, people=15_001, occupancy=selectors.occupancy("410883"))
    assert (found.per_10k, found.asked, found.rooms, found.missing) == (20, 31, 4, 27)


def test_rooms_are_opened_in_steps_and_confirmed_by_site(hotel, site, nurse, head):
    site("Second", 2)
    county = Area.objects.get(code="410883")
    order = {"by": head, "area": county, "name": "March"}
    assert errors(lambda: services.order_opening(**order, rooms=7)) == ["rooms"]
    opening = services.order_opening(**order, rooms=5)
    assert [opening.third_due_at - now(), opening.half_due_at - now(), opening.all_due_at - now()] == [
        timedelta(hours=hours) for hours in (24, 48, 72)
    ]
    shares = {share.site.name: share for share in opening.shares.all()}
    assert {name: share.rooms for name, share in shares.items()} == {"Hotel": 4, "Second": 1}
    said = services.confirm_opening(share=shares["Hotel"], by=nurse, rooms=2)
    assert (said.confirmed, said.confirmed_by, len(said.steps)) == (2, nurse, 1)
    assert errors(lambda: services.confirm_opening(share=said, by=nurse, rooms=1)) == ["rooms"]
    assert errors(lambda: services.confirm_opening(share=said, by=nurse, rooms=5)) == ["rooms"]
    assert days.openings("410883") == [opening]
    services.end_opening(opening=opening, by=head)
    assert days.openings("410883") == []
    assert errors(lambda: services.order_opening(by=head, area=Area.objects.get(code="410882"), name="x", rooms=1)) == [
        "rooms"
    ]


def test_a_shift_is_handed_over_with_its_figures(hotel, nurse, head):
    sheet = services.hand_over(site=hotel, by=nurse, notes="Room 101 again at ten", figures=days.figures(hotel))
    assert errors(lambda: services.take_over(sheet=sheet, by=nurse)) == ["taken_by"]
    taken = services.take_over(sheet=sheet, by=head)
    assert errors(lambda: services.take_over(sheet=taken, by=head)) == ["taken_by"]
    assert (selectors.last_hand_over(hotel), taken.figures["rooms"]) == (taken, 4)


# --- the guest's link ---


def test_a_link_opens_the_guests_own_stay_while_they_are_in(hotel, stay, nurse):
    inside = stay(ends=1, checked_in=True)
    token = guest_links.token(inside)
    assert guest_links.stay_of(token) == inside
    for wrong in (token[:-1], token + "x", "x", f"{inside.pk.hex}.x"):
        with pytest.raises(guest_links.NoGuest):
            guest_links.stay_of(wrong)
    services.release(stay=inside, by=None)
    with pytest.raises(guest_links.NoGuest):
        guest_links.stay_of(token)


def test_a_guest_does_not_overwrite_what_the_nurse_saw(hotel, stay, nurse):
    inside = stay(checked_in=True)
    own = check(inside, None, by_guest=True)
    assert own.by_guest
    seen = check(inside, nurse, temperature=Decimal("38.0"))
    assert (seen.pk, seen.by_guest, seen.fever) == (own.pk, False, True)
    assert errors(lambda: check(inside, None, by_guest=True)) == ["temperature"]
