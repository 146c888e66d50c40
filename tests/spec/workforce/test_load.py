"""What the load of a person is, as a table: shifts in, limits exceeded out."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from fangxian.systems.workforce.load import Limits, Span, breaches, days_worked, load_of
from fangxian.systems.workforce.words import Limit

ZONE = ZoneInfo("Asia/Shanghai")
LIMITS = Limits(
    shift_hours=12, week_hours=60, nights=3, days=6, rest=timedelta(hours=11), loop_days=14,
    loop_kinds=frozenset({"SITE"}), break_=timedelta(hours=1), night_from=time(22), night_until=time(6), night_hours=3,
    day_hours=1, kind_hours=(("DUTY", 24.0), ("SAMPLING", 8.0)),
)  # fmt: skip


def at(day: int, hour: float = 0) -> datetime:
    return datetime(2022, 3, 1, tzinfo=ZONE) + timedelta(days=day - 1, hours=hour)


def span(day: int, hour: float, hours: float, kind: str = "CHECKPOINT") -> Span:
    return Span(at(day, hour), at(day, hour + hours), kind, "officer:1")


def daily(first: int, last: int, hour: float, hours: float, kind: str = "CHECKPOINT") -> list[Span]:
    return [span(day, hour, hours, kind) for day in range(first, last + 1)]


TABLE = [
    ("nothing at all", [], at(15, 8), set()),
    ("a shift of exactly twelve hours", [span(14, 8, 12)], at(14, 20), set()),
    ("a minute more", [span(14, 8, 12 + 1 / 60)], at(14, 21), {Limit.SHIFT}),
    ("one that still runs, cut at the moment", [span(14, 8, 20)], at(14, 20), set()),
    ("the same an hour later", [span(14, 8, 20)], at(14, 21), {Limit.SHIFT}),
    ("a long one counts until its rest is over", [span(14, 8, 13)], at(15, 7.9), {Limit.SHIFT}),
    ("then no more", [span(14, 8, 13)], at(15, 8), set()),
    ("an hour's break does not end a shift, and is not worked", [span(14, 8, 6), span(14, 15, 6)], at(14, 21), set()),
    ("the same, longer", [span(14, 8, 7), span(14, 16, 6)], at(14, 22), {Limit.SHIFT}),
    ("duty may take a day", [span(14, 8, 24, "DUTY")], at(15, 8), set()),
    ("a suit may be worn eight hours", [span(14, 8, 9, "SAMPLING")], at(14, 17), {Limit.SHIFT}),
    ("the strictest kind of a shift counts", [span(14, 8, 2, "SAMPLING"), span(14, 10, 7, "DUTY")], at(14, 17),
     {Limit.SHIFT}),
    ("sixty hours in a week", daily(9, 13, 8, 12), at(14, 8), set()),
    ("and one more", [*daily(9, 13, 8, 12), span(14, 8, 1)], at(14, 9), {Limit.WEEK}),
    ("the week moves with the moment", daily(9, 13, 8, 12), at(16, 20), set()),
    ("three nights", daily(11, 13, 22, 8), at(15, 8), set()),
    ("four nights", daily(10, 13, 22, 8), at(14, 20), {Limit.NIGHTS}),
    ("two hours of a night are none", daily(10, 13, 19, 5), at(14, 20), set()),
    ("six days in a row", daily(9, 14, 9, 8), at(15, 8), set()),
    ("seven", daily(8, 14, 9, 8), at(15, 8), {Limit.DAYS}),
    ("a day of rest between", daily(7, 10, 9, 8) + daily(12, 14, 9, 8), at(15, 8), set()),
    ("half an hour is no day of work", [*daily(9, 13, 9, 4), span(8, 9, 0.5)], at(14, 8), set()),
    ("eleven hours of rest", [span(13, 12, 9), span(14, 8, 8)], at(14, 16), set()),
    ("ten", [span(13, 13, 9), span(14, 8, 8)], at(14, 16), {Limit.REST}),
    ("fourteen days in the loop", daily(1, 14, 9, 6, "SITE")[:14], at(14, 20), {Limit.DAYS}),
    ("fifteen", daily(1, 15, 9, 6, "SITE"), at(15, 20), {Limit.DAYS, Limit.LOOP}),
    ("one fact from two sources counts once", [span(14, 8, 12), span(14, 9, 11)], at(14, 20), set()),
    ("what is only planned does not count yet", [span(14, 8, 8), span(15, 0, 24)], at(14, 16), set()),
]  # fmt: skip


@pytest.mark.parametrize(("spans", "moment", "over"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_limits(spans, moment, over):
    assert {one.limit for one in breaches(load_of(spans, moment, LIMITS, ZONE), LIMITS)} == over


def test_rest_is_owed_from_the_end_of_the_last_shift():
    found = load_of([span(14, 8, 8)], at(14, 20), LIMITS, ZONE)
    assert (found.at_work, found.last_end, found.rest_until) == (False, at(14, 16), at(15, 3))
    assert load_of([span(14, 8, 8)], at(15, 3), LIMITS, ZONE).rest_until is None
    working = load_of([span(14, 8, 8)], at(14, 12), LIMITS, ZONE)
    assert (working.at_work, working.rest_until, working.week_hours) == (True, None, 4)


def test_a_night_shift_is_work_of_both_its_days():
    assert days_worked([(at(13, 20), at(14, 8))], ZONE, 1) == {date(2022, 3, 13), date(2022, 3, 14)}
