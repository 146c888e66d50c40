"""Every cluster, outbreak and emergency rule of every pack: met by the cases drawn for it, and by no fewer or later."""

from datetime import date, timedelta

import pytest

from fangxian.core import diseases, policy
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.cases.models import Case, Exposure
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.rules import LEVELS, ClusterRule
from fangxian.workflows.warning.by_rule import by_rule
from tests.unit.surveillance.cases import admitted, at, draw, spread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county", "everywhere")]
NOW, MARGIN = date(2026, 11, 1), timedelta(days=40)
PARTS = {"window_days", "min_cases", "min_deaths", "min_admissions", "report_hours", "settings"}


def written() -> list[tuple[str, policy.model.Rule]]:
    """The rules as the packs have them: disease and row; of those in parts the one with the number."""
    rows = [(file.disease, rule) for file in policy.store().packs for rule in file.rules]
    rows = [(disease, rule) for disease, rule in rows if rule.key.partition(".")[0] in LEVELS]
    return [(disease, rule) for disease, rule in rows if rule.key.partition(".")[2] not in PARTS - {"min_cases"}]


def in_force(rule) -> date:
    """A day well inside the days of a rule."""
    return rule.valid_to - MARGIN if rule.valid_to else max(NOW, rule.valid_from + MARGIN)


def asked() -> list[tuple[str, date, ClusterRule]]:
    """The rules as they are looked at: a row in parts is one for each of its settings."""
    found = {}
    for disease, row in written():
        for rule in rules.cluster_rules(disease, "", in_force(row)) if disease != ANY_DISEASE else []:
            found[disease, rule.key] = (disease, in_force(row), rule)
    return [found[key] for key in sorted(found)]


ASKED = asked()
IDS = [f"{disease} {rule.key}" for disease, _on, rule in ASKED]
OTHERWISE = [
    (disease, on, rule, what, least) for disease, on, rule in ASKED for what, least in rule.least if what != "cases"
]


def gravity(key: str) -> int:
    level = key.partition(".")[0]
    return LEVELS.index(level) if level in LEVELS else -1


def graver(disease: str, rule: ClusterRule, number: int) -> set[str]:
    """Rules of the disease that as few cases of one place meet too: in scarlet fever ten are both."""
    rows = [one for said, _on, one in ASKED if said == disease and gravity(one.key) > gravity(rule.key)]
    return {one.key for one in rows if dict(one.least)["cases"] <= number}


def met(disease: str, on: date) -> set[str]:
    return {one.rule for one in by_rule("410883", on) if one.disease == disease}


def test_every_rule_of_every_pack_is_looked_at_or_says_why_not():
    looked = {(disease, rule.key) for disease, _on, rule in ASKED}
    for disease, row in written():
        level, _dot, setting = row.key.partition(".")
        settings = [setting] if isinstance(row.data, dict) else policy.pack(disease=disease, on=in_force(row)).items(
            f"{level}.settings")  # fmt: skip
        said = {(disease, f"{level}.{one}") for one in settings}
        assert said <= looked or len(rules.not_counted(row)) > 20, row
    assert len(ASKED) >= 36 and {rule.level for _disease, _on, rule in ASKED} == {"", *LEVELS}


def test_every_setting_a_rule_names_is_known_and_has_both_names():
    known = {row["key"]: row for row in rules.pack_of("", NOW).items("warning.settings")}
    assert {rule.setting for _disease, _on, rule in ASKED} <= known.keys()
    assert all(row["zh"] != row["en"] for row in known.values())
    for row in known.values():
        assert set(row.get("takes", "").split()) | {row.get("within", row["key"])} <= known.keys()


@pytest.mark.parametrize(("disease", "on", "rule"), ASKED, ids=IDS)
def test_a_rule_is_met_by_its_cases_and_by_no_fewer_or_later(disease, on, rule):
    least = dict(rule.least)["cases"]
    cases = draw(disease, spread(least, rule.window, on))
    at(rule.setting, cases)
    assert met(disease, on) & {rule.key, *graver(disease, rule, least)}
    found = [one for one in by_rule("410883", on) if one.rule == rule.key]
    assert all((one.observed, one.bound, one.first_on) == (least, least, cases[0].positive_at.date()) for one in found)
    assert rule.key not in met(disease, on + timedelta(days=1))
    assert rule.key not in met(disease, on - timedelta(days=1)) or least == 1
    Exposure.objects.filter(case=cases[-1]).delete()
    Case.objects.filter(pk=cases[-1].pk).delete()
    assert rule.key not in met(disease, on)


@pytest.mark.parametrize(("disease", "on", "rule", "what", "least"), OTHERWISE)
def test_so_many_deaths_or_admissions_are_enough(disease, on, rule, what, least):
    deaths = {"outcome": "DECEASED", "outcome_on": on} if what == "deaths" else {}
    cases = draw(disease, [on - timedelta(days=20)] * least, **deaths)
    at(rule.setting, cases)
    assert rule.key not in met(disease, on - timedelta(days=1))
    if what == "admissions":
        admitted(cases[1:], on)
        assert rule.key not in met(disease, on)
        admitted(cases[:1], on)
    (found,) = [one for one in by_rule("410883", on) if one.rule == rule.key]
    assert (found.observed, found.series["rule"]["counted"]) == (least, what)
    assert rule.key not in met(disease, on + rule.window)
    assert rule.key not in {one.rule for one in by_rule("410883", on - timedelta(days=1))}


def test_a_pack_that_ends_stops_at_its_end():
    ended = [row for _disease, row in written() if row.valid_to]
    assert [row.pack for row in ended] == ["covid19-cn-v9"]
    last = ended[0].valid_to - timedelta(days=1)
    at("school", draw("covid19", [last, last]))
    assert "cluster.school" in met("covid19", last)
    assert met("covid19", last + timedelta(days=1)) == set()


def test_before_a_pack_begins_it_says_nothing():
    first = next(row.valid_from for _disease, row in written() if row.pack == "covid19-cn-v9")
    draw("covid19", [first - timedelta(days=1)] * 2)
    assert met("covid19", first - timedelta(days=1)) == set() and met("covid19", first) == {"cluster.village"}


def test_imported_cases_are_no_local_cluster():
    days = [NOW] * 3
    at("campus", draw("dengue", days, origin="POINT_OF_ENTRY"))
    assert met("dengue", NOW) == set()
    at("campus", draw("dengue", days[:2]))
    assert met("dengue", NOW) == set()
    at("campus", draw("dengue", days[:1]))
    assert met("dengue", NOW) == {"cluster.campus"}


def test_a_disease_no_table_knows_stops_nothing():
    draw("nosuch", [NOW] * 3)
    draw("hfmd", [NOW] * 3)
    assert "nosuch" not in diseases.KEYS and met("hfmd", NOW) == {"cluster.village"} and met("nosuch", NOW) == set()
