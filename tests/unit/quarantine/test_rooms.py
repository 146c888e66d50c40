"""Giving rooms out, as drawn days: one letter a person, one row a room."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from fangxian.systems.quarantine.rooms import Hold, RoomPlan

ROOMS = [UUID(int=n) for n in (1, 2)]
FIRST = date(2022, 3, 1)


def person(letter: str) -> UUID:
    return UUID(int=ord(letter))


def drawn(text: str) -> list[tuple[int, Hold]]:
    """`AAA.BB` is A from day 0 to 2 and B on days 4 and 5."""
    holds = []
    for room, line in enumerate(text.split()):
        for letter in sorted(set(line) - {"."}, key=line.index):
            first, last = line.index(letter), line.rindex(letter)
            holds.append((room, Hold(person(letter), FIRST + timedelta(first), FIRST + timedelta(last))))
    return holds


@pytest.mark.parametrize(
    ("held", "wanted", "room"),
    [
        ("...... ......", "AA....", 1),  # the first empty one
        ("BB.... ......", "AA....", 2),  # an empty one
        ("BB.... CCCCCC", "..AA..", 1),  # after somebody
        ("BB..DD CCCCCC", "..AA..", 1),  # between two
        ("BB.... CCCCCC", ".AAA..", None),  # nobody leaves and comes on one day
        ("BBBBBB CCCCCC", "AAAAAA", None),
        ("AAA... BBBBBB", "..AAA.", 1),  # one's own room, longer
        ("AAAD.. ......", "..AAA.", 2),  # one's own is promised to somebody else
        ("AA.... ......", "...AAA", 2),  # days apart are no claim to the room
    ],
)
def test_which_room_is_given(held, wanted, room):
    plan = RoomPlan(ROOMS)
    for index, hold in drawn(held):
        plan.hold(ROOMS[index], hold)
    ((_room, hold),) = drawn(wanted)

    assert plan.find(hold) == (ROOMS[room - 1] if room else None)


def test_a_room_given_is_held():
    plan = RoomPlan(ROOMS[:1])
    ((_room, first), (_same, second)) = drawn("AA BB")

    assert [plan.find(first), plan.find(second), plan.find(second)] == [ROOMS[0], None, None]


def test_a_room_not_given_out_any_more_is_still_ones_own():
    plan = RoomPlan([])
    ((_room, hold),) = drawn("AAA")
    plan.hold(ROOMS[0], hold)

    assert plan.find(hold) == ROOMS[0]
    assert plan.find(drawn("BBB")[0][1]) is None
    assert plan.find(Hold(person("C"), FIRST + timedelta(9), FIRST + timedelta(9))) is None
