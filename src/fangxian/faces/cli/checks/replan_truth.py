"""What a change from the 8th to the 9th edition does to a plan, worked out again: no pack, no plan of ours is read.

The days are typed from the published protocols. Whoever doubts a number reads it beside the source in the packs.
"""

from datetime import date, timedelta

CHANGE = date(2022, 6, 27)
#: rule → for each edition: stages, test days of the first stage, test days at home after it
EDITIONS = {
    "contact.close": (
        ([("central", 14), ("home", 7)], [1, 4, 7, 14], [2, 7]),
        ([("central", 7), ("home", 3)], [1, 2, 3, 5, 7], [3]),
    ),
    "contact.secondary": (([("central", 7)], [1, 4, 7], []), ([("home", 7)], [1, 4, 7], [])),
    "inbound": (
        ([("central", 14), ("home", 7)], [1, 4, 7, 14], [2, 7]),
        ([("central", 7), ("home", 3)], [1, 2, 3, 5, 7], [3]),
    ),
}
OLD, NEW = 0, 1


def stages(rule: str, edition: int, begins: date) -> list[tuple[str, date, date]]:
    """Place, first and last day of each stage."""
    found, first = [], begins
    for place, length in EDITIONS[rule][edition][0]:
        last = first + timedelta(length - 1)
        found.append((place, first, last))
        first = last + timedelta(1)
    return found


def tests(rule: str, edition: int, begins: date) -> set[date]:
    """The days of the tests."""
    held = stages(rule, edition, begins)
    _stages, first, after = EDITIONS[rule][edition]
    days = {held[0][1] + timedelta(number - 1) for number in first}
    if len(held) > 1:
        days |= {held[1][1] + timedelta(number - 1) for number in after}
    return days


def new_stages(rule: str, begins: date, today: date) -> list[tuple[str, date, date]]:
    """The stages under the new edition. A plan that would be over ends today, in its last stage."""
    held = stages(rule, NEW, begins)
    if held[-1][2] < today:
        place, first, _last = held[-1]
        held[-1] = (place, first, today)
    return held


def new_tests(rule: str, begins: date, today: date) -> set[date]:
    """Days of tests under the new edition: what was owed before today stays, of the new days those from today on."""
    old, new = tests(rule, OLD, begins), tests(rule, NEW, begins)
    return {day for day in old if day < today} | {day for day in new if day >= today or day in old}


def is_open(rule: str, begins: date, today: date) -> bool:
    """Whether a plan of the old edition is still under way."""
    return stages(rule, OLD, begins)[-1][2] >= today
