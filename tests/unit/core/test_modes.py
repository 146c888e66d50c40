"""The mode of an area at a moment: the smallest area's word counts, what is kept is forgotten in time."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import modes, policy, records
from fangxian.core.areas import Area, ZoneMember
from fangxian.core.modes import FOLLOW, Book, Mode, OperatingMode, Said

NOON = datetime(2022, 3, 15, 4, tzinfo=UTC)
N, A, E = Mode.NORMAL, Mode.ALERT, Mode.EMERGENCY
COUNTY, TOWN, VILLAGE, OTHER = "410883", "410883001", "410883001212", "410882001"


def said(area, mode, hours=0, declared=None):
    at = NOON + timedelta(hours=hours)
    return Said(at, NOON + timedelta(hours=declared) if declared is not None else at, mode, area)


# declared (area, mode, hours from noon) | asked (area, hours) | mode
DRAWN = [
    ([], (VILLAGE, 0), N),
    ([(COUNTY, E)], (VILLAGE, 0), E),
    ([(COUNTY, E)], (VILLAGE, -1), N),
    ([(COUNTY, E)], (OTHER, 0), N),
    ([(COUNTY, E)], ("41088", 9), N),
    ([(COUNTY, A), (TOWN, E)], (VILLAGE, 0), E),
    ([(COUNTY, A), (TOWN, E)], ("410883002", 0), A),
    ([(COUNTY, E), (TOWN, N)], (VILLAGE, 0), N),
    ([(COUNTY, A), (COUNTY, E, 2)], (COUNTY, 1), A),
    ([(COUNTY, A), (COUNTY, E, 2)], (COUNTY, 2), E),
    ([(COUNTY, E), (TOWN, A, 1), (TOWN, FOLLOW, 2)], (TOWN, 1), A),
    ([(COUNTY, E), (TOWN, A, 1), (TOWN, FOLLOW, 2)], (TOWN, 2), E),
    ([(TOWN, FOLLOW)], (TOWN, 2), N),
]


@pytest.mark.parametrize(("declared", "asked", "mode"), DRAWN)
def test_the_smallest_area_with_a_word_of_its_own_counts(declared, asked, mode):
    area, hours = asked
    book = Book(said(*one) for one in reversed(declared))
    assert book.mode(area, NOON + timedelta(hours=hours)) == mode


def test_of_two_for_one_moment_the_one_declared_last_counts():
    book = Book([said(COUNTY, A, 5, declared=1), said(COUNTY, E, 5, declared=0)])
    assert book.mode(COUNTY, NOON + timedelta(hours=6)) == A


def test_a_zone_commands_its_members_until_they_speak_for_themselves():
    zones = [("410871", TOWN)]
    assert Book([said("410871", E)], zones).mode(VILLAGE, NOON) == E
    assert Book([said("410871", E), said(COUNTY, A)], zones).mode(VILLAGE, NOON) == E
    assert Book([said("410871", E), said(TOWN, A)], zones).mode(VILLAGE, NOON) == A
    assert Book([said("410871", E)], zones).with_also(said("410871", A, 1)).mode(VILLAGE, NOON + timedelta(1)) == A


def test_areas_with_a_mode_of_their_own_are_named():
    book = Book([said(TOWN, E), said(COUNTY, A), said(OTHER, A), said(OTHER, FOLLOW, 1)])
    assert list(book.own(NOON + timedelta(hours=2))) == [COUNTY, TOWN]
    assert list(book.own(NOON - timedelta(hours=2))) == []


def declared(area, mode, at, state="declared"):
    return records.create(
        OperatingMode, by=None, action="test.made", area=Area.objects.get(code=area), mode=mode, from_at=at,
        reason="drill", basis="no. 1", state=state, declared_at=at if state == "declared" else None,
    )  # fmt: skip


@pytest.mark.usefixtures("county", "everywhere", "frozen")
class TestStored:
    def test_only_what_is_declared_counts(self):
        declared(COUNTY, E, NOON, state="proposed")
        assert modes.mode_of(VILLAGE, NOON) == N
        row = declared(COUNTY, A, NOON)
        assert modes.mode_of(VILLAGE, NOON) == A
        assert modes.mode_of("", NOON) == N
        assert str(row).endswith(": " + str(A.label))
        assert (N.gravity, A.gravity, E.gravity) == (0, 1, 2)

    def test_a_zone_of_the_store_commands_its_members(self):
        zone = Area.objects.create(code="410871", name="示范区", kind="zone", parent_id="4108")
        ZoneMember.objects.create(zone=zone, member_id=OTHER)
        declared("410871", E, NOON)
        assert modes.mode_of(OTHER, NOON) == E

    def test_what_is_remembered_is_read_once_and_forgotten_when_told(self, django_assert_num_queries):
        with modes.remembered():
            with modes.remembered(), django_assert_num_queries(1):
                assert [modes.mode_of(VILLAGE, NOON) for _ in range(3)] == [N, N, N]
            assert modes.mode_of(VILLAGE, NOON) == N
            declared(COUNTY, A, NOON)
            assert modes.mode_of(VILLAGE, NOON) == N
            with modes.remembered():
                modes.forget()
            assert modes.mode_of(VILLAGE, NOON) == A

    def test_looking_ahead_writes_nothing(self):
        with modes.supposing(said(COUNTY, E, -4)):
            assert modes.mode_of(VILLAGE, NOON) == E
            assert policy.pack(disease="covid19", area_code=VILLAGE).mode == E
        modes.forget()
        assert modes.mode_of(VILLAGE, NOON) == N

    def test_the_packs_follow_the_mode_of_the_moment(self, frozen):
        declared(TOWN, E, frozen + timedelta(hours=3))
        ask = lambda **how: policy.pack(disease="covid19", area_code=VILLAGE, **how)  # noqa: E731
        today = frozen.date()
        assert ask().mode == N
        assert ask(on=today + timedelta(days=1)).mode == E
        assert ask(on=today - timedelta(days=1)).mode == N
        assert ask(mode=E).number("command.duty.shift_hours") < ask().number("command.duty.shift_hours")
        assert policy.mode_of(ask(mode=E).version) == E
        assert policy.mode_of(ask().version) == policy.mode_of("covid19-cn-v8@0+odd") == N
