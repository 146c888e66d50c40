"""The public page's figures: by township and day, small ones hidden with whatever would give them away."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.systems.cases.models import Case
from fangxian.systems.people import services as people
from fangxian.workflows import public_page

NOON = datetime(2022, 7, 10, 4, tzinfo=UTC)
DADING, HUICHANG = "410883001", "410883002"


@pytest.fixture
def county_(county):
    with clock.frozen(NOON), scope.everywhere("test data"):
        yield county


@pytest.fixture
def ill(county_):
    def make(code: str, count: int, *, days_ago: int = 1, classification: str = "CONFIRMED"):
        area = Area.objects.get(code=code)
        for _number in range(count):
            person = people.add_person(by=None, area=area, name="王建国", sex="MALE")
            records.create(
                Case, by=None, action="test.made", area=area, person=person, disease="covid19",
                number=str(person.pk), classification=classification,
                positive_at=NOON - timedelta(days=days_ago),
            )  # fmt: skip

    return make


def confirmed(county) -> dict[str, tuple]:
    tables = public_page.page_of(county).tables
    return {row.area.code if row.area else "rest": row.cells for row in tables[0].rows} if tables else {}


def test_a_small_figure_is_hidden_with_the_one_that_would_give_it_away(ill, county_):
    ill(DADING, 2)
    ill(HUICHANG, 6)
    ill(HUICHANG, 7, days_ago=2)
    shown = confirmed(county_)
    assert shown["410883"][:3] == (8, 7, 0)
    assert shown[DADING][:3] == (None, 0, 0) and shown[HUICHANG][:3] == (None, 7, 0)


def test_today_is_not_shown_before_it_is_over(ill, county_):
    ill(DADING, 9, days_ago=0)
    assert confirmed(county_) == {}


def test_what_lies_in_no_township_has_its_row(ill, county_):
    ill("410883", 6)
    shown = confirmed(county_)
    assert shown["410883"][0] == 6 and shown["rest"][0] == 6 and shown[DADING][0] == 0


def test_another_countys_cases_are_not_here_and_kinds_stand_apart(ill, county_):
    ill("410882001", 9)
    ill(DADING, 5, classification="CONFIRMED_NO_SYMPTOMS")
    tables = public_page.page_of(Area.objects.get(code=DADING)).tables
    assert [(table.measure, table.rows[0].cells[0]) for table in tables] == [("confirmed", 0), ("silent", 5)]
    assert not any(table.hides for table in tables)
