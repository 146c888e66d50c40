"""A cluster in place and time among the cases of a county: found, on one card, and the same when run again."""

from datetime import timedelta

import numpy as np
import pytest

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.cases.models import Case
from fangxian.systems.people import services as people
from fangxian.systems.surveillance.models import Signal
from fangxian.warehouse.near import nearest, placed_cases
from fangxian.workflows import early_warning
from tests.unit.surveillance.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
FAR = DAY - timedelta(days=364)


@pytest.fixture
def towns(county) -> list[str]:
    """Eight towns in a row, further and further apart; the last has no place on the map."""
    for number in range(1, 9):
        place = {"latitude": 34.9, "longitude": 112.7 + number**1.2 * 0.05} if number < 8 else {}
        Area.objects.update_or_create(
            code=f"41088300{number}", defaults={"name": f"第{number}镇", "kind": "township", "parent": county, **place}
        )
    return [f"41088300{number}" for number in range(1, 9)]


@pytest.fixture
def ill(county):
    """Factory: cases of one person known so many days ago in a town."""
    person = people.add_person(by=None, area=county, name="张三", sex="MALE")

    def make(code: str, days_ago: list[int], disease: str = "influenza") -> None:
        rows = [
            Case(area_id=code, person=person, disease=disease, classification="CONFIRMED", number=f"{code}{ago}{nth}",
                 positive_at=now() - timedelta(days=1 + ago), onset_on=DAY - timedelta(days=ago + 1))
            for nth, ago in enumerate(days_ago)
        ]  # fmt: skip
        Case.objects.bulk_create(rows)

    return make


@pytest.fixture
def quiet_year(towns, ill):
    """A case now and then in every town but the second and the third."""
    for number, code in enumerate(towns):
        if code not in towns[1:3]:
            ill(code, list(range(10 + 3 * number, 360, 30)))


def test_more_in_two_neighbours_lately_is_one_card_that_names_them(quiet_year, ill, towns):
    ill(towns[1], [0, 2, 4, 6])  # a case a day: no count of any day is out of the ordinary
    ill(towns[2], [1, 3, 5, 7])
    night = early_warning.warn(as_of=DAY, by=None, area_code="410883")
    card = Signal.objects.get(method="SPACE_TIME")
    assert (night.clusters, night.raised, card.area_id, card.disease) == (1, 1, "410883", "influenza")
    assert {place["code"]: place["cases"] for place in card.series["places"]} == {towns[1]: 4, towns[2]: 4}
    assert (card.observed, card.first_on) == (8, DAY - timedelta(days=7)) and card.expected < 1
    assert (card.p, card.recurrence_days) == (0.001, 1000.0)
    assert early_warning.warn(as_of=DAY, by=None, area_code="410883").extended == 1


def test_what_a_rule_of_counts_sees_as_well_has_one_card(quiet_year, ill, towns):
    ill(towns[1], [0] * 4 + [1] * 3 + [2] * 3)
    early_warning.warn(as_of=DAY, by=None, area_code="410883")
    card = Signal.objects.get(kind="STATISTICAL")
    assert card.series["places"] == [{"code": towns[1], "name": "第2镇", "cases": 10}]
    assert [one["method"] for one in card.others if one["method"] == "SPACE_TIME"] == ["SPACE_TIME"]


def test_a_quiet_year_is_no_cluster(quiet_year):
    night = early_warning.warn(as_of=DAY, by=None, area_code="410883")
    assert night.clusters == night.raised == 0


def test_a_place_nobody_knows_is_counted_above_or_left_out(quiet_year, towns):
    found = placed_cases("410883", FAR, DAY, neighbours=3, most=500)["influenza"]
    known = (towns[0], *towns[3:7])
    assert found.areas == known and found.nearest.shape == (5, 3)
    Area.objects.filter(code="410883").update(latitude=34.9, longitude=112.8)
    assert placed_cases("410883", FAR, DAY, neighbours=3, most=500)["influenza"].areas == ("410883", *known)
    assert placed_cases("410883", FAR, DAY, neighbours=3, most=4)["influenza"].areas == ("410883",)
    Area.objects.filter(code__startswith="410883").update(latitude=None)
    assert placed_cases("410883", FAR, DAY, neighbours=3, most=500) == {}


def test_nearest_by_distance_itself_first():
    places = np.array([[34.0, 112.0], [34.0, 112.1], [34.0, 112.1], [34.05, 112.0]])
    assert nearest(places, 3).tolist() == [[0, 3, 1], [1, 2, 0], [2, 1, 0], [3, 0, 1]]
