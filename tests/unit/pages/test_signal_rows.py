"""The rows behind a signal on its card: whose they are, of which days, who may see them, where all of them stand."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.faces.web.pages.surveillance import lists
from fangxian.faces.web.registers import named
from fangxian.systems.cases.models import Case, Exposure
from fangxian.systems.environment.models import EnvironmentSample, MonitoringPoint
from fangxian.systems.medical.models import FeverVisit
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Household
from fangxian.systems.pharmacies import services as pharmacies
from fangxian.systems.surveillance.models import Signal
from tests.unit.medical.conftest import house, patient, town  # noqa: F401
from tests.unit.pharmacies.conftest import opened
from tests.unit.surveillance.conftest import DAY, feed, filled  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
TOWN = "410883001"
LIMIT = 40
"""Queries of a card, whatever lies behind it."""


@pytest.fixture
def signal():
    """Factory: a card of three days in a township."""

    def make(**values) -> Signal:
        given = {"area": Area.objects.get(code=TOWN), "kind": "STATISTICAL", "method": "ESSENCE", "channel": "CASES",
                 "disease": "influenza", "first_on": DAY - timedelta(days=2), "last_on": DAY, "raised_for": DAY,
                 "raised_at": now(), "due_at": now(), "observed": 3, "expected": 0.5, **values}  # fmt: skip
        return records.create(Signal, by=None, action="test.made", **given)

    return make


@pytest.fixture
def case():
    """Factory: a case known some days before the last one."""

    def make(number: str, disease: str = "influenza", back: int = 0, area: str = TOWN, **values) -> Case:
        person = people.add_person(by=None, area=Area.objects.get(code=area), name=f"病人{number}", sex="MALE")
        given = {"classification": "CONFIRMED", "positive_at": now() - timedelta(days=1 + back), **values}
        return Case.objects.create(area_id=area, person=person, disease=disease, number=number, **given)

    return make


@pytest.fixture
def said(officer, sign_in):
    """What a card says to an officer, in English."""

    def read(signal, role: str = "investigator", path: str = "") -> str:
        answer = sign_in(officer(role)).get(path or f"/surveillance/signals/{signal.pk}/")
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    return read


def opened_rows(text: str) -> str:
    """The address of exactly these rows, as the card gives it."""
    return re.findall(r'href="([^"]+)">(?:<i[^>]*></i>)?Open exactly these', text)[0]


def test_the_cases_of_its_area_disease_and_days_and_no_other(signal, case, said):
    for number, values in {"A1": {}, "A2": {"back": 2}, "A3": {"back": 3}, "B1": {"disease": "covid19"},
                           "C1": {"area": "410883002"}, "D1": {"classification": "NO_CASE"}}.items():  # fmt: skip
        case(number, **values)
    card = signal()
    text = said(card)
    assert [number for number in ("A1", "A2", "A3", "B1", "C1", "D1") if f">{number}<" in text] == ["A1", "A2"]
    assert "2, 12 Mar 2022 to 14 Mar 2022" in text and "病人A1" in text
    register = said(card, path=opened_rows(text))
    assert "behind a signal: Influenza, 12 Mar 2022 to 14 Mar 2022" in register
    assert [number for number in ("A1", "A2", "A3", "B1", "C1", "D1") if f">{number}<" in register] == ["A1", "A2"]


def test_a_syndrome_means_all_its_diseases_and_a_cluster_its_places(signal, case):
    case("A1"), case("B1", "covid19"), case("C1", "cholera"), case("D1", area="410883002")
    numbers = lambda of: sorted(  # noqa: E731
        row.number for row in named.rows(lists.CASES, lists.KEY, lists.cases_of(of).value)
    )
    assert numbers(signal(disease="s:respiratory")) == ["A1", "B1"]
    county = Area.objects.get(code="410883")
    places = {"places": [{"code": "410883002", "name": "x", "cases": 1}]}
    assert numbers(signal(area=county, where="x", series=places)) == ["A1", "D1"]
    assert numbers(signal(area=county, method="SPACE_TIME", series=places)) == ["D1"]


def test_a_rule_counts_those_who_share_its_place(signal, case):
    village = Area.objects.get(code="410883001212")
    home = records.create(Household, by=None, action="test.made", area=village, number="H-7")
    inside, outside = case("A1"), case("A2")
    told_late = case("A3", positive_at=None, reported_at=now() - timedelta(days=1))
    people.change_person(by=None, person=inside.person, household=home)
    Exposure.objects.create(area_id=TOWN, case=outside, kind="WORK", place_name="第一小学", starts_at=now())
    numbers = lambda of: sorted(  # noqa: E731
        row.number for row in named.rows(lists.CASES, lists.KEY, lists.cases_of(of).value)
    )
    rule = {"kind": "RULE", "method": "CLUSTER", "rule": "cluster.x"}
    assert numbers(signal(**rule)) == ["A1", "A2", told_late.number]
    assert numbers(signal(**rule, where="H-7", subject_id=home.pk)) == ["A1"]
    assert numbers(signal(**rule, where="第一小学")) == ["A2"]
    assert numbers(signal()) == ["A1", "A2"]


def test_fever_patients_and_who_may_not_see_them(signal, said, patient, house):  # noqa: F811
    clinic = house("FEVER_CLINIC", "发热门诊")
    for back, fever in ((1, True), (2, False), (9, True)):
        FeverVisit.objects.create(area_id=TOWN, facility=clinic, person=patient, temperature=38 + back / 10,
                                  is_fever=fever, visited_at=now() - timedelta(days=back))  # fmt: skip
    card = signal(channel="FEVER_CLINIC", disease="s:respiratory")
    text = said(card)
    assert "38.1" in text and "38.2" not in text and "38.9" not in text
    register = said(card, path=opened_rows(text))
    assert "38.1" in register and "38.2" not in register and "38.9" not in register
    refused = said(card, role="viewer")
    assert "Your post has no right to read these rows" in refused and "38.1" not in refused


def test_medicine_by_pharmacy_and_day(signal, said, town):  # noqa: F811
    shop = opened(town, "怀庆大药房")
    for back, number in ((1, 2), (2, 1), (9, 3)):
        for nth in range(number):
            pharmacies.take_over(by=None, pharmacy=shop, items="B1", name="王建国", phone="13812345678",
                                 receipt=f"R{back}-{nth}", sold_at=now() - timedelta(days=back))  # fmt: skip
    text = said(signal(channel="PHARMACY", disease="s:respiratory"))
    assert "Medicine sold, by pharmacy and day" in text and text.count("怀庆大药房") >= 2
    assert re.findall(r'Packages sold" class="fx-number">\s*(\S+)\s*<', text)[:2] == ["2", "1"]
    register = said(signal(channel="PHARMACY", disease="s:x"), path=opened_rows(text))
    assert register.count("怀庆大药房") == 3
    assert "Your post has no right" in said(signal(channel="PHARMACY", disease="s:y"), role="viewer")


def test_sewage_by_point(signal, said):
    point = MonitoringPoint.objects.create(area_id=TOWN, kind="SEWAGE", name="污水厂")
    for back, result in ((1, "POSITIVE"), (2, "NEGATIVE"), (9, "POSITIVE")):
        EnvironmentSample.objects.create(
            area_id=TOWN, kind="SEWAGE", where="污水厂", point=point, barcode=f"S{back}", result=result,
            sampled_at=now() - timedelta(days=back), due_at=now(), reported_at=now(),
        )  # fmt: skip
    card = signal(channel="ENVIRONMENT", disease="s:enteric")
    text = said(card)
    assert "Sewage, by monitoring point" in text and "污水厂" in text
    register = said(card, path=opened_rows(text))
    assert [code for code in ("S1", "S2", "S9") if f"{code}" in register] == ["S1", "S2"]


def test_a_feed_shows_its_figures_also_the_last_ones_before_it_fell_silent(signal, said, feed, filled):  # noqa: F811
    school = feed("S1")
    filled(school, [11, 12, 13, 14, 15])
    filled(feed("S2", channel="OTHER"), [71, 72, 73, 74, 75])
    text = said(signal(channel="ABSENCE", disease="s:respiratory"))
    assert [number for number in (11, 12, 13, 14, 15, 75) if f">{number}<" in re.sub(r"\s", "", text)] == [13, 14, 15]
    silent = signal(kind="SILENCE", method="SILENT", channel="ABSENCE", subject_id=school.pk,
                    first_on=DAY + timedelta(days=1), last_on=DAY + timedelta(days=1))  # fmt: skip
    assert [number for number in (11, 15, 75) if f">{number}<" in re.sub(r"\s", "", said(silent))] == [11, 15]
    assert "Rows behind it" not in said(signal(kind="SILENCE", method="SILENT", channel="PHARMACY", where="x"))


def test_what_names_no_rows_says_so(officer, sign_in):
    client = sign_in(officer("investigator"))
    for value in ("x", "2022-03-01 2022-03-02", "2022-03-01 x influenza 410883"):
        answer = client.get(reverse("register", args=["cases.case"]), {"list": "signal", "value": value})
        assert answer.status_code == 422, value


def test_as_many_queries_however_many_rows(signal, case, officer, sign_in):
    client, card = sign_in(officer("investigator")), signal()

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/surveillance/signals/{card.pk}/").status_code == 200
        return len(queries)

    for number in range(3):
        case(f"A{number}")
    counted()
    few = counted()
    for number in range(3, 40):
        case(f"A{number}")
    assert counted() == few <= LIMIT


def test_another_channel_of_another_area_is_named_with_it(signal, said):
    told = {"channel": "PHARMACY", "method": "EARS_C2", "observed": 60, "expected": 42.4, "p": 0.001, "step": "DAY"}
    text = said(signal(others=[{**told, "area": "410883002", "name": "会昌街道"}, {**told, "channel": "ABSENCE"}]))
    assert "Medicine sold · 会昌街道" in text and "Absence from school or work<" in text
