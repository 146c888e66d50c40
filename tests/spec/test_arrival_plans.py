"""What each edition asks of whom, as drawn tables: the 8th and 9th edition, the 20 measures, the five sets of Changzhi.

C a day in quarantine, H a day at home, P a day of own monitoring; the line below marks the days of tests.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from fangxian.core import policy
from fangxian.workflows.loop import rules
from fangxian.workflows.loop.rules import Trip

LETTERS = {"central": "C", "home": "H", "personal": "P"}
MENGZHOU, CHANGZHI, ELSEWHERE = "410883", "140403", "330106"

PLANS = [
    # on           where      category     rule                    days and tests
    ("2022-03-15", ELSEWHERE, "OVERSEAS", "inbound", "CCCCCCCCCCCCCCHHHHHHH", "1 4 7 14 16 21"),
    ("2022-03-15", ELSEWHERE, "HIGH", "", "", ""),  # the 8th edition leaves it to the cities
    ("2022-03-15", MENGZHOU, "HIGH", "arrival.medium_high", "CCCCCCCCCCCCCCHHHHHHH", "1 4 7 14 16 21"),
    ("2022-07-04", ELSEWHERE, "OVERSEAS", "inbound", "CCCCCCCHHH", "1 2 3 5 7 10"),
    ("2022-07-04", ELSEWHERE, "HIGH", "traveller.high", "CCCCCCC", "1 2 3 5 7"),
    ("2022-07-04", MENGZHOU, "HIGH", "traveller.high", "CCCCCCC", "1 2 3 5 7"),  # younger than the city's notice
    ("2022-07-04", ELSEWHERE, "MEDIUM", "traveller.medium", "HHHHHHH", "1 4 7"),
    ("2022-07-04", ELSEWHERE, "LOW", "traveller.low", "PPP", "1 3"),
    ("2022-11-15", ELSEWHERE, "HIGH", "traveller.high", "HHHHHHH", "1 3 5 7"),
    ("2022-11-15", ELSEWHERE, "OVERSEAS", "inbound", "CCCCCHHH", "1 2 3 5 6 8"),
    ("2022-11-15", ELSEWHERE, "MEDIUM", "", "", ""),  # the level was abolished
    ("2023-02-01", ELSEWHERE, "HIGH", "", "", ""),
    # Changzhi, five sets in eight months
    ("2022-02-11", CHANGZHI, "HIGH", "arrival.medium_high", "C" * 19, "1 4 7 10 14"),
    ("2022-02-11", CHANGZHI, "LOW", "arrival.low", "H" * 19, "1 4 7 10 14"),
    ("2022-02-23", CHANGZHI, "MEDIUM", "arrival.medium_high", "C" * 19, "1 4 7 10 14"),
    ("2022-04-22", CHANGZHI, "HIGH", "arrival.medium_high", "C" * 14 + "H" * 7, "1 2 3 5 7"),
    ("2022-04-22", CHANGZHI, "LOW", "arrival.low", "H" * 12, "1 2 3 5 7"),
    ("2022-04-22", CHANGZHI, "OUTSIDE", "arrival.outside", "H" * 12, "1 2 3 5 7"),
    ("2022-08-08", CHANGZHI, "HIGH", "traveller.high", "CCCCCCC", "1 2 3 5 7"),
    ("2022-08-08", CHANGZHI, "OUTSIDE", "", "", ""),
    ("2022-09-26", CHANGZHI, "LOW", "traveller.low", "PPP", "1 3"),
]


@pytest.mark.parametrize(("on", "where", "category", "rule", "days", "tests"), PLANS)
def test_what_is_asked(on, where, category, rule, days, tests):
    begins = date.fromisoformat(on)
    pack = policy.pack(disease="covid19", area_code=where, on=begins)
    assert rules.prefix_for(category, pack) == rule
    if not rule:
        return
    plan = rules.plan_for(rule, pack, begins=begins)
    drawn = "".join(LETTERS[one.place] * ((one.ends_on - one.starts_on).days + 1) for one in plan.stretches)
    assert drawn == days
    assert " ".join(str((one.due_on - begins).days + 1) for one in plan.tests) == tests
    assert plan.until == begins + timedelta(days=len(days) - 1)


SERVED = [
    # released after so many days elsewhere; what is left under the national rule
    ("2022-03-15", 0, "CCCCCCCCCCCCCCHHHHHHH"),
    ("2022-03-15", 14, "HHHHHHH"),
    ("2022-03-15", 16, "HHHHH"),
    ("2022-03-15", 21, ""),
    ("2022-07-04", 7, "HHH"),
    ("2022-07-04", 5, "CCHHH"),
]


@pytest.mark.parametrize(("on", "served", "days"), SERVED)
def test_what_is_left_after_a_hand_over(on, served, days):
    begins = date.fromisoformat(on)
    pack = policy.pack(disease="covid19", area_code=ELSEWHERE, on=begins)
    plan = rules.plan_for(rules.prefix_for("RELEASED", pack), pack, begins=begins, served_days=served)
    drawn = "".join(LETTERS[one.place] * ((one.ends_on - one.starts_on).days + 1) for one in plan.stretches)
    assert drawn == days


LANDED = datetime(2022, 3, 15, 2, 0, tzinfo=UTC)
LANDINGS = [
    # on           tested h ago  declared days before  due in hours (None: no test at the landing)
    ("2022-02-11", None, None, None),
    ("2022-02-23", None, None, 2),
    ("2022-02-23", 47, None, None),
    ("2022-02-23", 49, None, 2),
    ("2022-08-08", None, None, 24),
    ("2022-08-08", None, 1, 24),
    ("2022-08-08", None, 2, None),
    ("2022-09-26", 10, 3, 24),
]


@pytest.mark.parametrize(("on", "tested", "declared", "due"), LANDINGS)
def test_who_is_tested_at_the_landing(on, tested, declared, due):
    day = date.fromisoformat(on)
    landed = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
    trip = Trip(
        day, landed, None if tested is None else landed - timedelta(hours=tested),
        None if declared is None else day - timedelta(days=declared),
    )  # fmt: skip
    pack = policy.pack(disease="covid19", area_code=CHANGZHI, on=day)
    found = rules.landing_test_due(trip, pack)
    assert found == (None if due is None else landed + timedelta(hours=due))
    assert rules.landing_test_due(Trip(day), pack) is None
