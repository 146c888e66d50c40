"""Checking in, daily checks, release, cancelling; what the drawn table allows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from fangxian import registers
from fangxian.core import audit, policy, scope
from fangxian.core.clock import frozen, now
from fangxian.core.ids import uuid7
from fangxian.systems.quarantine import rules, selectors, services, transitions
from fangxian.systems.quarantine.models import DailyCheck, Room, Site, Stay
from tests.unit.quarantine.conftest import CELL, day

S = Stay.State

DRAWN = """
            NO_ROOM    BOOKED     IN          RELEASED   TRANSFERRED  CANCELLED
check_in    -          IN         -           -          -            -
release     -          -          RELEASED    -          -            -
move_on     -          -          TRANSFERRED -          -            -
cancel      CANCELLED  CANCELLED  CANCELLED   -          -            -
"""


def cells():
    head, *rows = [line.split() for line in DRAWN.strip().splitlines()]
    return [(verb, state, to) for verb, *tos in rows for state, to in zip(head, tos, strict=True)]


@pytest.mark.parametrize(("verb", "state", "to"), cells())
def test_the_table_is_the_one_drawn(verb, state, to):
    stay = Stay(state=state)

    if to == "-":
        with pytest.raises(ValidationError) as error:
            transitions.step(stay, verb)
        assert [*error.value.error_dict] == ["state"]
    else:
        assert transitions.step(stay, verb) == to


def later(days):
    return frozen(now() + timedelta(days=days))


def actions(record):
    return [entry.action for entry in audit.history(record)]


# --- coming and leaving ---


def test_a_person_comes_stays_and_leaves_and_the_room_is_cleaned(site, stay):
    site()
    made = stay(ends=14, checked_in=True)
    assert (made.state, made.checked_in_at) == (S.IN, now())

    with later(13):
        released = services.release(stay=made, by=None)

    room = Room.objects.get(pk=made.room_id)
    assert (released.state, room.state) == (S.RELEASED, Room.State.CLEANING)
    assert actions(made) == ["quarantine.stay.checked_in", "quarantine.stay.released"]
    assert services.room_ready(room=room, by=None).state == Room.State.READY
    assert services.take_out_of_use(room=room, by=None).state == Room.State.OUT_OF_USE


def test_nobody_is_released_before_the_last_day(site, stay):
    site()
    made = stay(ends=14, checked_in=True)

    with later(12), pytest.raises(ValidationError) as error:
        services.release(stay=made, by=None)
    assert [*error.value.error_dict] == ["ends_on"]
    with later(12), pytest.raises(ValidationError):
        services.release_many(stays=[made], by=None)


def test_nobody_comes_in_without_a_room(need):
    (waiting,) = services.book(by=None, needs=[need()]).stays
    with pytest.raises(ValidationError):
        services.check_in(stay=waiting, by=None)

    Stay.objects.update(state=S.BOOKED)
    with pytest.raises(ValidationError) as error:
        services.check_in(stay=waiting, by=None)
    assert [*error.value.error_dict] == ["room"]


def test_nobody_comes_into_a_room_that_somebody_is_in(site, stay):
    site(rooms=1)
    first, after = stay(ends=7, checked_in=True), stay(starts=8, ends=9)

    with pytest.raises(ValidationError) as error:
        services.check_in(stay=after, by=None)
    assert [*error.value.error_dict] == ["room"]
    with later(6):
        services.release(stay=first, by=None)
    assert services.check_in(stay=after, by=None).state == S.IN


def test_a_release_list_is_released_at_once(site, stay):
    site()
    stays = [stay(ends=7, checked_in=True), stay(ends=7, checked_in=True)]
    stay(ends=8, checked_in=True)

    with later(6):
        listed = [*selectors.release_list("410883")]
        assert {*listed} == {*stays}
        assert services.release_many(stays=listed, by=None) == 2
        assert not selectors.release_list("410883").exists()
    assert Room.objects.filter(state=Room.State.CLEANING).count() == 2


def test_the_room_of_somebody_with_another_reason_is_not_cleaned(site, need, people):
    site()
    (person,) = people(1)
    first, second = services.book(by=None, needs=[need(1, 7, person=person), need(1, 9, person=person)]).stays
    for made in (first, second):
        services.check_in(stay=made, by=None)

    with later(6):
        services.release(stay=first, by=None)
    assert Room.objects.get(pk=second.room_id).state == Room.State.READY


def test_a_stay_is_cancelled_with_a_reason(site, stay):
    site()
    booked, inside = stay(), stay(checked_in=True)
    with pytest.raises(ValidationError):
        services.cancel_many(stays=[booked], by=None, reason=" ")

    assert services.cancel_many(stays=[booked, inside], by=None, reason="Not a contact") == 2
    cancelled, left = Stay.objects.get(pk=booked.pk), Stay.objects.get(pk=inside.pk)
    assert (cancelled.state, cancelled.reason, cancelled.released_at) == (S.CANCELLED, "Not a contact", None)
    assert (left.state, left.released_at) == (S.CANCELLED, now())
    assert [*Room.objects.filter(state=Room.State.CLEANING)] == [inside.room]


def test_many_are_cancelled_and_the_closed_are_left_alone(site, stay):
    site()
    booked, inside, gone = stay(), stay(checked_in=True), stay()
    services.cancel_many(stays=[gone], by=None, reason="x")

    assert services.cancel_many(stays=[booked, inside, gone], by=None, reason="Result withdrawn") == 2
    assert {made.reason for made in Stay.objects.filter(pk__in=[booked.pk, inside.pk])} == {"Result withdrawn"}
    assert Room.objects.get(state=Room.State.CLEANING) == inside.room
    assert services.cancel_many(stays=[], by=None, reason="x") == 0


# --- daily checks ---


@pytest.fixture
def person(people):
    return people(1)[0]


def check(person, **values):
    wanted = {"area": person.area, "day": day(1), "slot": "AM", "temperature": Decimal("36.5"), **values}
    return services.record_check(by=None, person=person, **wanted)


@pytest.mark.parametrize(("temperature", "fever"), [("37.2", False), ("37.3", True), ("39.1", True)])
def test_fever_is_what_the_pack_says(person, temperature, fever):
    assert check(person, temperature=Decimal(temperature), pack="covid19-cn-v8@1").fever is fever


def test_fever_follows_a_pack_of_ones_own(person, tmp_path):
    rule = "  - {key: contact.fever_c, value: '38', data: 38, unit: C, source: us, confidence: local}\n"
    head = "pack: own\ndisease: '*'\nlevel: general\nname: {zh: 本地, en: own}\nvalid_from: 2020-01-01\nrules:\n"
    (tmp_path / "own.yaml").write_text(head + rule, encoding="utf-8")
    policy.configure(tmp_path)
    try:
        assert not check(person, temperature=Decimal("37.9")).fever
    finally:
        policy.configure(None)


def test_the_disease_is_that_of_the_stays_pack():
    assert rules.disease_of("covid19-cn-v8@3f") == "covid19"
    assert rules.disease_of("") == rules.disease_of("gone@1") == "*"


def test_a_check_entered_again_corrects_the_first(person):
    first = check(person)

    again = check(person, temperature=Decimal("38.0"), symptoms="cough")

    assert (again.pk, again.fever, again.version) == (first.pk, True, 2)
    assert actions(again) == ["quarantine.check.recorded", "quarantine.check.corrected"]


def test_a_phone_names_the_check_itself(person):
    identifier = uuid7()

    assert check(person, id=identifier).pk == identifier


def test_a_corrected_check_is_judged_again(person):
    corrected = services.correct_check(check=check(person), by=None, temperature=Decimal("38.5"), base_version=1)

    assert (corrected.fever, corrected.version) == (True, 2)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"temperature": None}, "temperature"), ({"status": DailyCheck.Status.UNAVAILABLE}, "status")],
)
def test_a_check_that_contradicts_itself_is_refused(person, values, field):
    with pytest.raises(ValidationError) as error:
        check(person, **values)
    assert [*error.value.error_dict] == [field]


def test_who_was_not_seen_has_no_fever(person):
    assert not check(person, temperature=None, status=DailyCheck.Status.UNAVAILABLE).fever


def test_a_check_outside_the_scope_is_refused(person):
    with scope.within("410882"), pytest.raises(ValidationError):
        check(person)


# --- reading ---


def test_stays_and_checks_name_person_and_days(site, stay, person):
    site()
    made = stay(ends=2)

    assert str(made) == f"{made.person} 2022-03-15–2022-03-16"
    assert str(check(person)) == f"{person} 2022-03-15 AM"


def test_due_checks_are_of_those_housed_here_without_one(site, need, people):
    site()
    inside, home, checked, tomorrow, over = people(5)
    stays = services.book(
        by=None,
        needs=[
            need(person=inside), need(person=home, place="HOME"), need(person=checked, place="HOME"),
            need(2, 9, person=tomorrow, place="HOME"), need(1, 1, person=over, place="HOME"),
        ],
    ).stays  # fmt: skip
    check(checked)

    def due(area, slot="AM", on=1):
        return {made.person for made in selectors.due_checks(area, day(on), slot)}

    assert due("410883002") == set()  # promised, not come
    services.check_in(stay=stays[0], by=None)
    assert due("410883002") == {inside}
    assert due("410883") == {inside, home, over}
    assert due("410883", "PM") == {inside, home, over, checked}
    assert due(CELL, on=2) == {home, checked, tomorrow}


def test_a_check_by_others_counts_for_everybody(site, stay):
    site()
    made = stay(checked_in=True)
    check(made.person)

    with scope.within("410883002"):
        assert not selectors.due_checks("410883002", day(1), "AM").exists()


def test_occupancy_adds_up_site_by_site(site, stay, need, django_assert_num_queries):
    hotel, _motel = site(rooms=4), site("Motel", rooms=2)
    site("Hospital", rooms=2, kind=Site.Kind.ISOLATION)
    stay(checked_in=True)
    stay()
    number = dict(Room.objects.filter(site=hotel).values_list("number", "pk"))
    Room.objects.filter(pk=number["103"]).update(state=Room.State.CLEANING)
    Room.objects.filter(pk=number["104"]).update(state=Room.State.OUT_OF_USE)
    services.book(by=None, needs=[need()])

    with django_assert_num_queries(4):
        now_ = selectors.occupancy("410883")

    first, second = now_.sites
    counted = ("rooms", "in_use", "promised", "cleaning", "out_of_use", "free")
    assert [getattr(first, name) for name in counted] == [4, 1, 1, 1, 1, 0]
    assert [getattr(second, name) for name in counted] == [2, 0, 1, 0, 0, 1]
    assert [now_.total(name) for name in counted] == [6, 1, 2, 1, 1, 1]
    assert now_.waiting == 0
    services.book(by=None, needs=[need(), need()])
    assert selectors.occupancy("410883").waiting == 1


def test_the_board_shows_every_room_and_who_comes_next(site, stay, django_assert_num_queries):
    hotel = site(rooms=3)
    first = stay(ends=7, checked_in=True)
    second, third = stay(ends=3), stay(ends=3)
    after = stay(starts=8, ends=9)
    Room.objects.filter(pk=third.room_id).update(state=Room.State.CLEANING)

    with django_assert_num_queries(2):
        board = selectors.room_board(hotel)
        assert [(str(cell.room), cell.status) for cell in board] == [
            ("Hotel 101", "IN_USE"), ("Hotel 102", "PROMISED"), ("Hotel 103", "CLEANING"),
        ]  # fmt: skip
    assert [cell.stays for cell in board] == [[first, after], [second], [third]]


def test_a_room_without_anybody_is_ready(site):
    assert [cell.status for cell in selectors.room_board(site(rooms=1))] == ["READY"]


def test_stays_by_reason(site, need, people, django_assert_num_queries):
    site()
    reason, other = uuid7(), uuid7()
    (person,) = people(1)
    central, home = services.book(
        by=None,
        needs=[
            need(1, 7, subject_id=reason, person=person),
            need(8, 9, subject_id=reason, person=person, place="HOME"),
        ],
    ).stays
    services.cancel_many(stays=[central], by=None, reason="x")

    with django_assert_num_queries(1):
        assert selectors.stays_for([reason, other]) == {reason: [central, home], other: []}
    assert selectors.stays_for([reason], open_only=True) == {reason: [home]}
    assert selectors.stay(home.pk) == home
    assert [*selectors.open_stays(CELL)] == [home]


def test_both_areas_see_a_stay_others_do_not(site, stay):
    site()
    made = stay()

    for code, seen in ((CELL, True), ("410883002", True), ("410882", False)):
        with scope.within(code):
            assert selectors.open_stays("41").filter(pk=made.pk).exists() is seen


def test_temperature_curves_and_fevers(person):
    low, high = check(person), check(person, slot="PM", temperature=Decimal("38.8"))
    check(person, day=day(2))

    assert selectors.checks_of([person.pk])[person.pk][:2] == [low, high]
    assert len(selectors.checks_of([person.pk], since=day(2))[person.pk]) == 1
    assert [*selectors.fevers("410883", day(1))] == [high]


def test_rooms_held_by_day(site, stay):
    site()
    stay(starts=1, ends=2)
    stay(starts=2, ends=3)

    assert selectors.rooms_by_day("410883", [day(n) for n in range(1, 5)]) == {
        day(1): 1, day(2): 2, day(3): 1, day(4): 0,
    }  # fmt: skip


def test_closed_sites_are_not_listed(site):
    hotel = site()
    site("Old", closed_on=day(1))

    assert [*selectors.sites_in("410883")] == [hotel]


def test_a_stay_is_neither_begun_nor_ended_by_hand(site, stay, need):
    """It restricts a person: it begins by a rule, and ends on its last day or when its reason is gone."""
    site()
    inside = stay(checked_in=True)
    register = registers.site.get("quarantine.stay")
    assert register.read_only and register.form == ()
    with pytest.raises(ValueError, match="by a rule"):
        need(rule="")
    with pytest.raises(ValidationError, match="lasts until"):
        services.release(stay=inside, by=None)
    assert not hasattr(services, "cancel")
