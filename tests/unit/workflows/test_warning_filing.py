"""Where the findings of a night go: what belongs to a card under way stands on it, what is new has one of its own."""

from datetime import date, timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.cases.models import Case
from fangxian.systems.people import services as people
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.rules import pack_of
from fangxian.systems.surveillance.services import Found
from fangxian.workflows import early_warning
from fangxian.workflows.warning.filing import filed_findings, line_of
from tests.unit.surveillance.conftest import DAY, feed, filled, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
COUNTY, TOWN, OTHER = "410883", "410883001", "410883002"


def found(area: str, disease: str = "influenza", p: float = 1e-4, **more) -> Found:
    named = {"kind": "STATISTICAL", "method": "FARRINGTON", "channel": "CASES", "observed": 20.0, "expected": 4.0}
    first = more.pop("first_on", DAY - timedelta(days=2))
    return Found(area=Area.objects.get(code=area), disease=disease, p=p, first_on=first, **{**named, **more})


def raised(*given: Found, on: date = DAY) -> Signal:
    return services.raise_signals(found=given, as_of=on, by=None).new[0]


def filed(*given: Found, on: date = DAY):
    return filed_findings(COUNTY, given, on, pack_of(COUNTY, on))


def keys(cards: list[Found]) -> list[tuple[str, str]]:
    return [(one.area.code, one.disease) for one in cards]


def test_a_township_joins_the_open_card_of_its_county_and_spends_nothing():
    county, town = raised(found(COUNTY)), found(TOWN, observed=9.0)
    later = DAY + timedelta(days=3)
    said = filed(town, on=later)
    assert said.cards == [] and [(one, card.pk) for one, card in said.joins] == [(town, county.pk)]
    for _again in range(2):
        services.join_signal(signal=county, lines=[line_of(town)], as_of=later, by=None)
    card = Signal.objects.get()
    assert (card.last_on, card.area_id, card.observed) == (later, COUNTY, 20)
    (line,) = card.others
    assert (line["area"], line["observed"], line["disease"]) == (TOWN, 9.0, "influenza") and line["name"]


def test_its_own_finding_lengthens_a_card_and_is_no_line_on_it():
    card = raised(found(COUNTY))
    own = found(COUNTY, observed=30.0)
    assert filed(own, on=DAY + timedelta(days=1)).cards == [own]
    services.join_signal(signal=card, lines=[line_of(own)], as_of=DAY, by=None)
    assert Signal.objects.get().others == []


@pytest.mark.parametrize(
    ("what", "days"),
    [("answered", 2), ("long ago", 8), ("another disease", 1), ("another town", 1)],
)
def test_what_takes_nothing_in(what, days, officer):
    card = raised(
        found(OTHER if what == "another town" else COUNTY, "mumps" if what == "another disease" else "influenza")
    )
    if what == "answered":
        services.judge(signal=card, by=officer("investigator"), verdict="CHANCE", reason="late reports")
    said = filed(found(TOWN), on=DAY + timedelta(days=days))
    assert keys(said.cards) == [(TOWN, "influenza")] and said.joins == []


def test_disease_and_syndrome_of_one_town_share_a_card_named_by_the_disease():
    calls = {"channel": "CALLS", "method": "ESSENCE", "observed": 7.0, "expected": 2.0, "p": None}
    syndrome = found(TOWN, "s:respiratory", p=1e-6, channel="FEVER_CLINIC", method="COMBINED", others=[
        {"area": TOWN, "disease": "s:respiratory", **calls}, {**line_of(found(TOWN)), "p": 0.01},
    ])  # fmt: skip
    (card,) = filed(found(TOWN), syndrome, found(OTHER, "s:respiratory", p=1e-3)).cards[:1]
    assert keys([card]) == [(TOWN, "influenza")] and card.p == 1e-6
    assert [line["channel"] for line in card.others] == ["FEVER_CLINIC", "CALLS"]
    assert len(filed(found(TOWN), syndrome, found(OTHER, "s:respiratory")).cards) == 2


def test_a_cluster_stands_on_the_card_of_its_area_or_has_its_own():
    places = {"step": "DAY", "places": [{"code": TOWN, "name": "x", "cases": 4}]}
    scan = {"method": "SPACE_TIME", "series": places, "p": 0.001}
    (both,) = filed(found(TOWN, p=0.002), found(TOWN, **scan)).cards
    assert both.method == "FARRINGTON" and both.series["places"] == places["places"] and both.p == 0.001
    assert [line["method"] for line in both.others] == ["SPACE_TIME"]
    (alone,) = filed(found(TOWN, **scan)).cards
    assert alone.method == "SPACE_TIME"


@pytest.fixture
def six_years(county):
    """Two cases a week of influenza in a town for six years, and eight in the week that ends tonight."""
    person = people.add_person(by=None, area=county, name="张三", sex="MALE")
    known = [*range(7, 2190, 3), *[back for back in range(5) for _twice in range(2)]]
    rows = [
        Case(area_id=TOWN, person=person, disease="influenza", classification="CONFIRMED", number=f"{nth}",
             positive_at=now() - timedelta(days=back + 1), onset_on=DAY - timedelta(days=back + 1))
        for nth, back in enumerate(known)
    ]  # fmt: skip
    Case.objects.bulk_create(rows)


def test_cases_with_years_of_history_are_judged_by_the_seven_days_that_end_tonight(six_years):
    early_warning.warn(as_of=DAY, by=None, area_code=COUNTY)
    card = Signal.objects.get(kind="STATISTICAL")
    assert (card.method, card.disease, card.area_id, card.observed) == ("FARRINGTON", "influenza", TOWN, 10)
    assert card.series["step"] == "WEEK" and card.series["counts"][-1] == 10 and card.series["bound"][-1] < 10
    assert card.period_on == DAY - timedelta(days=6) and card.first_on <= card.period_on
    assert card.p < 0.001 and card.recurrence_days > 365
    again = early_warning.warn(as_of=DAY + timedelta(days=1), by=None, area_code=COUNTY)
    assert (again.raised, again.extended) == (0, 1)
