"""What the shipped packs say, day by day; and that no published rule was lost on the way."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest

from fangxian.core import clock, diseases, policy
from fangxian.core.policy import Stage
from tests.shared_data import shared

CENTRAL, HOME, WATCH = "central", "home", "observation"

# on           pack                    traced  secondary  close stages                test days        at home  report
COVID = [
    ("2021-08-01", "covid19-cn-v8", True, True, [(CENTRAL, 14), (HOME, 7)], [1, 4, 7, 14], [2, 7], 2),
    ("2022-06-26", "covid19-cn-v8", True, True, [(CENTRAL, 14), (HOME, 7)], [1, 4, 7, 14], [2, 7], 2),
    ("2022-06-27", "covid19-cn-v9", True, True, [(CENTRAL, 7), (HOME, 3)], [1, 2, 3, 5, 7], [3], 2),
    ("2022-11-11", "covid19-cn-20measures", True, False, [(CENTRAL, 5), (HOME, 3)], [1, 2, 3, 5], [1, 3], 2),
    ("2022-12-07", "covid19-cn-10measures", True, False, [(HOME, 5)], [5], [], 2),
    ("2023-01-08", "covid19-cn-class-b", False, False, [(WATCH, 14)], [], [], 2),
    ("2026-11-21", "covid19-cn-class-b", False, False, [(WATCH, 14)], [], [], 24),
]


@pytest.mark.parametrize(("on", "key", "traced", "secondary", "stages", "tests", "home_tests", "report"), COVID)
def test_covid_day_by_day(on, key, traced, secondary, stages, tests, home_tests, report):
    pack = policy.pack(disease="covid19", area_code="410883001", on=date.fromisoformat(on))
    assert pack.key == key
    assert pack.flag("contact.enabled") is traced
    assert pack.flag("contact.secondary.enabled") is secondary
    assert pack.stages("contact.close.isolation") == [Stage(*stage) for stage in stages]
    assert pack.days("contact.close.test_days") == tests
    assert pack.days("contact.close.home_test_days") == home_tests
    assert pack.hours("report.hours") == report


TRACED = [("mers", 14), ("measles", 21), ("novel_influenza", 17), ("ebola", 21), ("plague", 7), ("unknown", 14)]


@pytest.mark.parametrize("on", [date(2015, 5, 20), date(2026, 11, 21)])
@pytest.mark.parametrize(("disease", "days"), TRACED)
def test_contacts_of_other_diseases_are_followed(disease, days, on):
    pack = policy.pack(disease=disease, on=on)
    assert pack.flag("contact.enabled")
    assert pack.number("contact.follow_up_days") == days
    assert sum(stage.days for stage in pack.stages("contact.close.isolation")) == days
    assert pack.number("contact.window_before_onset_days") >= 0


@pytest.mark.parametrize("disease", ["influenza", "hfmd", "norovirus", "dengue", "chikungunya", "brucellosis"])
def test_live_diseases_without_contact_tracing(disease):
    pack = policy.pack(disease=disease, on=date(2026, 11, 21))
    assert (pack.key, pack.flag("contact.enabled")) == (f"{disease}-cn", False)
    assert pack.hours("investigation.lab_positive_to_report_hours") == 24


NEEDED = {
    "flag": ["contact.enabled", "contact.secondary.enabled", "contact.lag_is_general"],
    "number": [
        "contact.window_before_onset_days",
        "contact.window_max_days",
        "contact.max_place_rows",
        "contact.secondary.max_persons",
        "contact.follow_up_days",
        "contact.checks_per_day",
        "contact.fever_c",
        "pool.default_size",
        "trace.most_persons_alone",
        "trace.most_cases",
        "trace.most_persons",
        "trace.source.min_cases",
        "trace.source.max_places",
    ],
    "duration": [
        "contact.lag_minutes",
        "screening.assumed_stay_minutes",
        "contact.close.total_minutes",
        "contact.general.total_minutes",
        "contact.secondary.total_minutes",
        "investigation.lab_positive_to_report_hours",
        "investigation.trajectory_hours",
        "investigation.contact_transfer_hours",
        "investigation.secondary_transfer_hours",
        "investigation.initial_report_hours",
        "investigation.case_form_hours",
        "investigation.general_notice_hours",
        "report.hours",
        "letter.acknowledge_hours",
        "letter.feedback_hours",
        "pool.recall_hours",
        "retention.visits_days",
        "trace.confirm_hours",
        "trace.result_days",
    ],
    "days": ["contact.close.test_days", "contact.close.home_test_days", "contact.secondary.test_days"],
    "stages": ["contact.close.isolation", "contact.secondary.isolation", "contact.general.isolation"],
    "items": ["pool.allowed_sizes", "pool.single_groups"],
    "table": ["contact.close.kinds"],
    "text": ["contact.general.management"],
}


@pytest.mark.parametrize("on", [date(2015, 5, 20), date(2022, 3, 15), date(2022, 7, 15), date(2026, 11, 21)])
@pytest.mark.parametrize("disease", sorted(diseases.KEYS))
def test_every_disease_answers_what_a_response_asks(disease, on):
    pack = policy.pack(disease=disease, area_code="410883", on=on)
    for getter, keys in NEEDED.items():
        for key in keys:
            getattr(pack, getter)(key)


def test_the_response_clocks():
    pack = policy.pack(disease="covid19", on=date(2022, 3, 15))
    clocks = ["lab_positive_to_report", "trajectory", "contact_transfer", "secondary_transfer", "initial_report"]
    assert [pack.hours(f"investigation.{name}_hours") for name in clocks] == [2, 4, 8, 12, 24]
    assert pack.provenance("investigation.trajectory_hours").pack == "response-timelines-cn"
    assert pack.duration("contact.lag_minutes") == timedelta(minutes=30)


AREAS = [
    ("410883", "2021-12-24", "arrival.medium_high", "14 central + 7 home"),
    ("410811", "2021-12-24", "arrival.medium_high", "7 central + 7 home, 2 tests each"),
    ("140403", "2022-02-11", "arrival.rule", "medium/high: 14+5 central"),
    ("140403", "2022-02-22", "arrival.rule", "medium/high: 14+5 central"),
    ("140403", "2022-02-23", "arrival.rule", "first landing point"),
    ("140403", "2022-09-26", "arrival.rule", "no 48h test"),
]


@pytest.mark.parametrize(("area", "on", "key", "text"), AREAS)
def test_local_notices_hold_where_and_when_they_were_given(area, on, key, text):
    assert policy.pack(disease="covid19", area_code=area, on=date.fromisoformat(on)).text(key).startswith(text)


def test_a_local_notice_says_nothing_elsewhere():
    assert policy.pack(disease="covid19", area_code="450226", on=date(2022, 3, 1)).get("arrival.rule") is None


def test_today_is_the_day_of_the_clock():
    with clock.frozen(datetime(2022, 3, 15, tzinfo=UTC)):
        assert policy.pack(disease="covid19").key == "covid19-cn-v8"


PREFIXES = {
    "aefi-cn": "aefi.",
    "early-warning-cidars": "warning.",
    "health-code-henan": "healthcode.",
    "no-epidemic-community": "community.",
    "pharmacy-henan": "pharmacy.",
    "school-cn-2022": "school.",
    "transport-contact-rules": "transport.",
    "vaccination-covid19-cn": "vaccination.",
}
COLUMNS = ("value", "unit", "source", "confidence", "note", "valid_from", "valid_to")


def test_no_published_rule_is_lost():
    with shared("data/domain/policy_rules.csv").open(encoding="utf-8-sig", newline="") as file:
        published = list(csv.DictReader(file))
    said = {
        (rule.pack, rule.key, *(str(getattr(rule, column) or "") for column in COLUMNS))
        for pack in policy.store().packs
        for rule in pack.rules
    }
    assert len(published) == 182
    for row in published:
        key = PREFIXES.get(row["pack"], "") + row["key"]
        assert (row["pack"], key, *(row[column] for column in COLUMNS)) in said


def test_every_rule_of_our_own_is_marked():
    own = [pack for pack in policy.store().packs if pack.key == "fangxian-tracing-defaults"]
    assert {(rule.confidence, rule.source) for rule in own[0].rules} == {("local", "operator's decision; change it")}
