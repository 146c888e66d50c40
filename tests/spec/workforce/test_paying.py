"""Which days of a month are paid, by which category and at which rate."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from fangxian.systems.workforce.load import Span
from fangxian.systems.workforce.paying import Line, Rate, days_of_month, lines, paid_days

ZONE = ZoneInfo("Asia/Shanghai")
DIRECT = Rate("direct", frozenset({"SITE", "SAMPLING"}), Decimal(300), 4, "p@1")
OTHER = Rate("other", frozenset({"CHECKPOINT"}), Decimal(200), 4, "p@1")
FEBRUARY = days_of_month(date(2022, 2, 17))


def span(day: int, hour: float, hours: float, kind: str) -> Span:
    begins = datetime(2022, 2, 1, tzinfo=ZONE) + timedelta(days=day - 1, hours=hour)
    return Span(begins, begins + timedelta(hours=hours), kind, "officer:1")


TABLE = [
    ("a day", [span(3, 8, 8, "SITE")], {3: 300}),
    ("too short", [span(3, 8, 3.9, "SITE")], {}),
    ("in two parts", [span(3, 8, 2, "SITE"), span(3, 14, 2, "SAMPLING")], {3: 300}),
    ("one hour known from two sources is one hour", [span(3, 8, 3, "SITE"), span(3, 8, 3, "SAMPLING")], {}),
    ("never two categories a day: the dearer", [span(3, 8, 4, "SITE"), span(3, 13, 8, "CHECKPOINT")], {3: 300}),
    ("the dearer needs its own hours", [span(3, 8, 3, "SITE"), span(3, 13, 8, "CHECKPOINT")], {3: 200}),
    ("a night is paid on the days that have the hours", [span(3, 20, 12, "SITE")], {3: 300, 4: 300}),
    ("what lies in another month is that month's", [span(0, 18, 5, "SITE"), span(28, 20, 12, "SITE")], {28: 300}),
    ("work nobody pays", [span(3, 8, 8, "OTHER")], {}),
]


@pytest.mark.parametrize(("spans", "paid"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_days(spans, paid):
    found = paid_days(spans, FEBRUARY, lambda _day: [OTHER, DIRECT], ZONE)
    assert {one.day.day: int(one.rate.yuan) for one in found} == paid


def test_a_rate_that_changes_within_the_month_makes_two_lines():
    dearer = Rate("direct", DIRECT.kinds, Decimal(350), 4, "p@2")
    spans = [span(day, 8, 8, "SITE") for day in range(13, 18)]
    found = lines(paid_days(spans, FEBRUARY, lambda day: [dearer if day.day >= 15 else DIRECT], ZONE))
    assert found == [Line("direct", 3, Decimal(350), "p@2"), Line("direct", 2, Decimal(300), "p@1")]
    assert sum(one.amount for one in found) == 1650


def test_the_days_of_a_month():
    assert (FEBRUARY[0], FEBRUARY[-1], len(FEBRUARY)) == (date(2022, 2, 1), date(2022, 2, 28), 28)
    assert len(days_of_month(date(2024, 12, 31))) == 31
