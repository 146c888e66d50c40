"""What every method says of the same days: who can say, who was asked, and that it stays an explanation."""

from datetime import date, timedelta

import numpy as np
import pytest

from fangxian.core import policy
from fangxian.core.clock import now, today
from fangxian.engines.surveillance import Panel, moving_percentile
from fangxian.systems.cases.models import Case
from fangxian.systems.people import services as people
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows.warning.opinions import NEEDED, Levels, asked, opinions

LEVELS = Levels(alpha=0.01, min_sigma=1.0, percentile=70.0)
YEARS = 2200


def panel(counts: np.ndarray, unknown: int = 0) -> Panel:
    """One series that ends on the frozen morning's day before."""
    counts = counts.astype(float)[None]
    counts[:, :unknown] = np.nan
    begins = np.datetime64(date(2022, 3, 14)) - np.arange(counts.shape[1])[::-1]
    return Panel(("410883",), ("influenza",), begins, counts)


def said(found: list) -> dict:
    return {one.method: one for one in found}


def steady(days: int, newest: float | None = None) -> np.ndarray:
    counts = np.random.default_rng(7).poisson(4, days).astype(float)
    counts[-1] = counts[-1] if newest is None else newest
    return counts


def test_years_of_days_let_every_method_speak_and_the_ladder_asks_two():
    found = opinions(panel(steady(YEARS, newest=40)), LEVELS)
    assert [one.method for one in found] == list(NEEDED)
    assert all(one.speaks and one.alarm and one.observed >= 40 for one in found)
    assert {one.method for one in found if one.chosen} == {"FARRINGTON"}
    assert {one.method: one.days for one in found if one.days == 7} == {"FARRINGTON": 7, "PERCENTILE": 7}
    assert {one.method for one in found if one.chance is None} == {"EARS_C3", "CUSUM"}


def test_days_as_always_alarm_nobody():
    found = opinions(panel(np.full(YEARS, 4.0)), LEVELS)
    assert [one.method for one in found if one.alarm] == []
    assert said(found)["PERCENTILE"].expected == said(found)["PERCENTILE"].bound == 28


# days known before the newest → who speaks, whom the night asks
SHORT = [
    (0, set(), set()),
    (7, {"EARS_C1"}, {"EARS_C1"}),
    (9, {"EARS_C1", "EARS_C2"}, {"EARS_C2"}),
    (11, {"EARS_C1", "EARS_C2", "EARS_C3"}, {"EARS_C2"}),
    (28, {"EARS_C1", "EARS_C2", "EARS_C3", "ESSENCE"}, {"ESSENCE"}),
    (56, {"EARS_C1", "EARS_C2", "EARS_C3", "ESSENCE", "CUSUM"}, {"ESSENCE"}),
    (1116, set(NEEDED) - {"FARRINGTON"}, {"ESSENCE"}),
    (1301, set(NEEDED), {"FARRINGTON"}),
]


@pytest.mark.parametrize(("known", "speaking", "chosen"), SHORT, ids=[str(row[0]) for row in SHORT])
def test_a_short_past_says_who_cannot_say_and_what_is_wanting(known, speaking, chosen):
    found = opinions(panel(steady(YEARS), unknown=YEARS - 1 - known), LEVELS)
    assert {one.method for one in found if one.speaks} == speaking
    assert {one.method for one in found if one.chosen} == chosen
    assert {one.method for one in found if one.is_short} == set(NEEDED) - speaking
    assert all(
        (one.known, one.needed) == (known, NEEDED[one.method]) and not one.alarm for one in found if one.is_short
    )


@pytest.mark.parametrize("days", [1302, 1456, 1845, 1848, 1855, 1862, 1869])
def test_a_panel_as_long_as_its_history_reaches_back_no_further(days):
    found = said(opinions(panel(steady(days, newest=40)), LEVELS))["FARRINGTON"]
    assert found.speaks and found.alarm


def test_a_percentile_decides_what_the_national_method_says():
    counts = steady(YEARS, newest=7)
    bounds = {each: said(opinions(panel(counts), Levels(0.01, 1.0, each)))["PERCENTILE"].bound for each in (50.0, 90.0)}
    assert bounds[50.0] < bounds[90.0]
    wanted = moving_percentile(panel(counts).counts, np.array([90.0]))
    assert bounds[90.0] == wanted.bound[0, -1]


@pytest.mark.parametrize("before", [0, 4])
def test_hardly_a_case_in_the_weeks_before_gives_cusum_nothing_to_add(before):
    counts = np.zeros(200)
    counts[-40:][:before] = 1
    counts[-3:] = 2
    cusum = said(opinions(panel(counts), LEVELS))["CUSUM"]
    assert not cusum.speaks and not cusum.is_short and cusum.observed == 2


def test_an_unknown_newest_day_is_judged_by_nobody():
    counts = steady(300)
    counts[-1] = np.nan
    found = opinions(panel(counts), LEVELS)
    assert not any(one.speaks or one.alarm for one in found) and {one.observed for one in found} == {None}


# --- read from the register ---


@pytest.fixture
def known(county):
    """Factory: so many influenza cases that became known so many days ago."""
    person = people.add_person(by=None, area=county, name="张三", sex="MALE")

    def make(ago: int, number: int = 1, disease: str = "influenza", classification: str = "CONFIRMED") -> None:
        Case.objects.bulk_create(
            Case(area_id="410883001", person=person, disease=disease, classification=classification,
                 number=f"{disease}{ago}{classification[:2]}{nth}", positive_at=now() - timedelta(days=ago))
            for nth in range(number)
        )  # fmt: skip

    return make


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "county", "everywhere")
def test_the_register_is_asked_and_no_card_is_raised(known):
    known(60, disease="measles")  # the register begins here: before it a day is unknown
    known(30)
    known(1, 9)
    known(1, 5, classification="NO_CASE")
    told = asked("410883001", "influenza", today() - timedelta(days=1))
    assert (told.known, told.percentile) == (59, 70.0)
    assert said(told.opinions)["EARS_C2"].observed == 9 and said(told.opinions)["EARS_C2"].alarm
    assert told.speaking == 4 == told.alarming  # CUSUM has too few cases before
    assert asked("410883002", "influenza", told.on).alarming == 0
    assert Signal.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "county", "everywhere")
def test_a_county_without_a_case_knows_nothing():
    told = asked("410883", "influenza", today())
    assert (told.known, told.speaking) == (0, 0) and {one.observed for one in told.opinions} == {None}


OWN = """
pack: county-percentiles
disease: "*"
level: default
area: "410883"
name: {zh: 本县, en: Our county}
valid_from: 2022-01-01
rules:
  - {key: warning.percentile.influenza, value: P95, data: 95, unit: percentile, source: own study, confidence: local}
"""


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "county", "everywhere")
def test_a_county_edits_a_percentile(tmp_path):
    assert asked("410883", "mpox", today()).percentile == 80
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    policy.configure(tmp_path)
    try:
        assert asked("410883", "influenza", today()).percentile == 95
        assert asked("410883", "mumps", today()).percentile == 60
    finally:
        policy.configure(None)
