"""Pages of early warning with something to show: the curve with nowcast and Rt, the season, the card, a notice."""

from datetime import timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.systems.cases.models import Case
from fangxian.systems.people import services as people
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning
from tests.unit.surveillance.conftest import DAY, feed, filled, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
WEEKS = 3 * 52 + 24


@pytest.fixture
def read(officer, sign_in):
    """What an investigator reads under an address, in English."""
    client = sign_in(officer("investigator"))

    def said(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return answer.content.decode()

    return said


@pytest.fixture
def ill(county):
    """Factory: a disease's cases, two a day for so many days, known a day or two after their onset."""
    person = people.add_person(by=None, area=county, name="张三", sex="MALE")

    def make(number: int, disease: str = "influenza") -> None:
        rows = []
        for nth in range(number):
            onset = today() - timedelta(days=1 + nth // 2)
            known = min(now() - timedelta(hours=2), now() - timedelta(days=nth // 2 - nth % 2))
            rows.append(Case(area_id="410883001", person=person, disease=disease, classification="CONFIRMED",
                             number=f"{disease}{nth}", onset_on=onset, positive_at=known))  # fmt: skip
        Case.objects.bulk_create(rows)

    return make


def test_the_curve_shows_nowcast_and_rt_of_what_is_about(read, ill):
    ill(44)
    said = read("/surveillance/curve/")
    assert "Influenza ·" in said and "Rt now" in said and "Light bars are cases" in said
    assert 'id="rt-data"' in said and "serial interval" in said


def test_the_curve_says_how_many_cases_are_wanting(read, ill):
    ill(7)
    said = read("/surveillance/curve/?disease=influenza")
    assert "Not enough cases: 7 of 20" in said and "Not enough cases (7 of 20)" in said and "Rt now" not in said


def test_a_disease_without_a_serial_interval_says_so(read, ill):
    ill(30, "mumps")
    assert "No serial interval of this disease is known" in read("/surveillance/curve/?disease=mumps")
    assert "No case with a day of onset" in read("/surveillance/curve/?disease=cholera")


def test_the_season_names_where_the_newest_week_stands(read, feed, filled):  # noqa: F811
    assert "No feed of weeks" in read("/surveillance/season/")
    counts = [10 + week % 3 + round(60 * 2 ** (-(((week % 52 - 26) / 3) ** 2))) for week in range(WEEKS)]
    filled(feed("ILI", area="410883", channel="VISITS", disease="influenza", step="WEEK"), counts, step=7,
           last=DAY - timedelta(days=13))  # fmt: skip
    said = read("/surveillance/season/")
    assert "seasons: onset" in said and 'id="season-1"' in said and "season" in said.lower()


def test_a_card_shows_where_it_is(read, feed, filled, quiet):  # noqa: F811
    Area.objects.filter(code="410883001").update(latitude=34.9, longitude=112.8)
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    early_warning.warn(as_of=DAY, by=None)
    signal = Signal.objects.get(kind="STATISTICAL")
    said = read(f"/surveillance/signals/{signal.pk}/")
    assert 'id="signal-map"' in said and '"tone": "danger"' in said
    Signal.objects.update(series={**signal.series, "places": [{"code": "410883001", "name": "x镇", "cases": 5}]})
    assert "x镇 <strong>5</strong>" in read(f"/surveillance/signals/{signal.pk}/")
    Area.objects.update(latitude=None)
    assert 'id="signal-map"' not in read(f"/surveillance/signals/{signal.pk}/")


def test_a_notice_leads_to_its_message(read, county):
    made = services.form(by=None, area=county, kind="RISK_NOTICE", title="流感提示", text="勤洗手。", addressee="公众")
    assert "message to the public" not in read(f"/surveillance/products/{made.pk}/")
    services.deliver(product=made, by=None)
    assert "The message to the public it became" in read(f"/surveillance/products/{made.pk}/")
