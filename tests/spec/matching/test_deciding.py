"""Who is whom: what each set of signs makes of a row, and which pairs are proposed."""

from datetime import date

import pytest

from fangxian.engines.matching import Entry, How, Known, Part, Rules, Slip, State, compare, decide, pairs

BORN = date(1980, 5, 17)
POINTS = {
    "number.same": 20, "number.repaired": 8, "number.other": -8, "name.same": 8, "name.same_sound": 6, "name.other": -8,
    "birth.same": 8, "birth.swapped": 5, "birth.other": -6, "phone.same": 5, "phone.other": -1, "door.same": 4,
    "door.other": -1, "sex.other": -4,
}  # fmt: skip
RULES = Rules(POINTS, certain=18, doubt=10, margin=4, crowd=3)
ZHANG = Known("zhang", "张伟", "m", BORN, "N1", "P1", frozenset({"D1"}))


def entry(name="张伟", number="", slip=Slip.NONE, **values) -> Entry:
    return Entry("row", name, numbers={number: slip} if number else {}, has_number=bool(number), **values)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (entry(number="N1"), State.MATCHED),
        (entry("张卫", number="N1"), State.MATCHED),
        (entry("", number="N1"), State.MATCHED),
        (entry("李娜", number="N1"), State.DOUBTFUL),  # somebody else's number
        (entry(number="N1", slip=Slip.SWAPPED, birth=BORN), State.MATCHED),
        (entry(number="N1", slip=Slip.ONE_DIGIT), State.DOUBTFUL),
        (entry(number="N2", phone="P1", birth=BORN), State.NEW),  # two good numbers
        (entry(number="N2", slip=Slip.ONE_DIGIT, phone="P1", birth=BORN), State.DOUBTFUL),
        (entry(phone="P1", birth=BORN), State.MATCHED),
        (entry("张卫", phone="P1", birth=BORN), State.MATCHED),
        (entry(birth=BORN), State.DOUBTFUL),  # a namesake of one birthday
        (entry(phone="P1"), State.DOUBTFUL),
        (entry("李娜", phone="P1", birth=BORN), State.NEW),  # a family's phone
        (entry(phone="P1", birth=BORN, sex="f"), State.DOUBTFUL),
        (entry(doors=frozenset({"D1"}), birth=BORN), State.MATCHED),
        (entry(doors=frozenset({"D2"}), phone="P2"), State.NEW),
        (entry(), State.NEW),
    ],
)
def test_what_becomes_of_a_row(row, state):
    verdict = decide(row, [ZHANG], RULES)
    assert verdict.state == state
    assert (verdict.best is None) is (state == State.NEW)


def test_two_people_who_come_near_are_a_question():
    again = Known("again", "张伟", "m", BORN, "", "P1")
    assert decide(entry(phone="P1", birth=BORN), [ZHANG, again], RULES).state == State.DOUBTFUL


def test_every_sign_is_kept_strongest_first():
    match = compare(entry("张卫", phone="P2", birth=date(1980, 5, 18)), ZHANG, RULES)
    assert [(sign.part, sign.how) for sign in match.signs] == [
        (Part.NAME, How.SAME_SOUND), (Part.PHONE, How.OTHER), (Part.BIRTH, How.ONE_PART),
    ]  # fmt: skip
    assert match.score == 5


def test_pairs_meet_only_in_a_block_and_never_with_two_good_numbers():
    people = [
        Known("a", "张伟", birth=BORN, phone="P1"), Known("b", "张卫", birth=BORN, phone="P1"),
        Known("c", "李娜", birth=BORN, phone="P1"), Known("d", "张伟", number="N1", phone="P1"),
        Known("e", "张伟", number="N2", doors=frozenset({"D"})),
        Known("f", "张伟", number="N3", doors=frozenset({"D"})),
    ]  # fmt: skip
    wide = Rules(POINTS, certain=18, doubt=10, margin=4, crowd=9)
    found = [{one.ref, match.known.ref} for one, match in pairs(people, wide)]
    assert found == [{"a", "b"}, {"a", "d"}, {"b", "d"}]
    assert [{one.ref, match.known.ref} for one, match in pairs(people, RULES)] == [{"a", "b"}]  # four share the phone


def test_exchanged_day_and_month_meet():
    one, other = (
        Known("a", "张伟", birth=date(1980, 5, 7), doors=frozenset("D")),
        Known("b", "张伟", birth=date(1980, 7, 5)),
    )
    assert [match.known.ref for _one, match in pairs([one, other], RULES)] == ["b"]
