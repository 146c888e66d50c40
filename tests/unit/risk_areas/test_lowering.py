"""When an area may be lowered: the pack's steps as a table, the checklist, and what sets the clock back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from fangxian.core import policy
from fangxian.workflows.risk_areas.lowering import CONTACTS, Facts, Infection, Step, lowering, next_step

DAY = date(2022, 3, 15)
CASE = Infection("MZ-1", date(2022, 3, 1))
CLEAR = Facts(
    today=DAY, level="LOCKDOWN", declared_on=date(2022, 3, 1), standing_since=date(2022, 3, 1), infections=(CASE,),
    residents=200, negative=200,
)  # fmt: skip


def pack(on):
    return policy.pack(disease="covid19", area_code="410883", on=on, mode="normal")


V8, V9, TWENTY, CLASS_B = (pack(date(*day)) for day in ((2022, 3, 15), (2022, 8, 1), (2022, 11, 20), (2023, 3, 1)))


@pytest.mark.parametrize(
    ("rules", "level", "came_from", "step"),
    [
        (V8, "LOCKDOWN", "", Step("LIFTED", "zone.release.all_of", 14, 14, 2)),
        (V8, "CONTROL", "", Step("ALERT", "zone.control.to_alert_days", 7)),
        (V8, "ALERT", "CONTROL", Step("LIFTED", "zone.alert.to_lifted_days", 7)),
        (V8, "PRECAUTION", "", Step("LIFTED", "zone.precaution.measure", no_others=True)),
        (V8, "MEDIUM", "", Step("LOW", "riskarea.low", 14)),
        (V8, "HIGH", "", Step("LOW", "riskarea.low", 14)),
        (V8, "LOW", "", None),
        (V9, "HIGH", "", Step("MEDIUM", "riskarea.high.to_medium_days", 7, round_within_days=1)),
        (V9, "MEDIUM", "HIGH", Step("LOW", "riskarea.high.medium_to_low_days", 3)),
        (V9, "MEDIUM", "", Step("LOW", "riskarea.medium.to_low_days", 7, round_within_days=1)),
        (V9, "LOCKDOWN", "", None),
        (TWENTY, "HIGH", "", Step("LOW", "riskarea.high.to_low_days", 5)),
        (CLASS_B, "HIGH", "", None),
    ],
)
def test_the_way_down_by_protocol(rules, level, came_from, step):
    assert next_step(level, came_from, rules) == step


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [
        ({}, True),
        ({"today": DAY - timedelta(days=1)}, False),  # the fourteenth day is not over
        ({"negative": 199}, False),
        ({"positive": 1}, False),
        ({"residents": 0, "negative": 0}, False),  # nobody known is nobody cleared
        ({"contacts": (date(2022, 2, 28),), "contacts_negative": 1}, True),
        ({"contacts": (date(2022, 3, 1),), "contacts_negative": 1}, False),  # fourteen days, not more than fourteen
        ({"contacts": (date(2022, 2, 1),), "contacts_negative": 0}, False),
    ],
)
def test_all_of_it_has_to_hold(changed, allowed):
    assert lowering(replace(CLEAR, **changed), V8).allowed is allowed


def test_a_transferred_contact_who_becomes_a_case_restarts_the_clock():
    converted = Infection("MZ-7", date(2022, 3, 9), was_transferred=True)

    found = lowering(replace(CLEAR, infections=(converted, CASE)), V8)

    assert not found.allowed and found.clock_from == date(2022, 3, 9) and found.earliest == date(2022, 3, 23)
    assert [(tick.number, tick.was_transferred, tick.restarted) for tick in found.clock] == [
        ("MZ-1", False, False), ("MZ-7", True, True),
    ]  # fmt: skip
    assert found.checks[0].facts == {"since": "2022-03-09", "days": 6, "case": "MZ-7"}


def test_the_second_step_counts_from_the_first():
    lowered = replace(CLEAR, level="MEDIUM", came_from="HIGH", standing_since=DAY - timedelta(days=2))

    assert lowering(lowered, V9).earliest == DAY + timedelta(days=1)


def test_without_a_case_the_clock_runs_from_the_declaration():
    found = lowering(replace(CLEAR, infections=()), V8)

    assert found.clock_from == CLEAR.declared_on and found.clock == ()


def test_precaution_ends_with_the_others():
    rest = replace(CLEAR, level="PRECAUTION")

    assert lowering(rest, V8).allowed
    assert not lowering(replace(rest, others_standing=1), V8).allowed
    assert lowering(rest, V8).earliest is None


def test_a_check_is_kept_as_plain_values():
    told = lowering(replace(CLEAR, contacts=(date(2022, 3, 5),), contacts_negative=1), V8).checks[1].as_json()

    assert told["label"] == CONTACTS and told["values"] == {"days": 14} and told["from"] == "2022-03-20"
    assert told["facts"] == {"contacts": 1, "negative": 1, "last": "2022-03-05"} and told["holds"] is False


def test_no_way_down_is_no_answer():
    assert lowering(replace(CLEAR, level="LOW"), V8) is None
