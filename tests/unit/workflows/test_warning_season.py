"""The season from what the registers hold: a fact is entered once."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from fangxian.core.clock import today
from fangxian.systems.cases.models import Case
from fangxian.systems.medical.models import Facility, FeverVisit
from fangxian.systems.people import services as people
from fangxian.systems.surveillance.models import FeedCount
from fangxian.workflows.warning.season import Year, _place, seasons
from tests.unit.surveillance.conftest import feed, filled  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
WINTER, SUMMER = date(2022, 1, 10), date(2021, 6, 14)


def peaked(peak: date, day: date, width: float = 30.0, height: float = 3.0) -> int:
    """Cases of a day: most on one day of the year."""
    away = (day - peak).days % 365.25
    away = min(away, 365.25 - away)
    return round(height * float(np.exp(-((away / width) ** 2))) + 0.3 * (day.toordinal() % 7 == 0))


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=12)


@pytest.fixture
def person(county):
    return people.add_person(by=None, area=county, name="张三", sex="MALE")


@pytest.fixture
def years_of_cases(person):
    """Factory: cases of a disease known day by day since a day, most around one day of the year."""

    def make(disease: str, peak: date, since: date) -> None:
        days = [since + timedelta(days=number) for number in range((today() - since).days + 1)]
        Case.objects.bulk_create(
            Case(area_id="410883001", person=person, disease=disease, classification="CONFIRMED",
                 number=f"{disease}{day:%y%m%d}{nth}", positive_at=noon(day))
            for day in days for nth in range(peaked(peak, day))
        )  # fmt: skip

    return make


def of(area: str = "410883") -> dict:
    return {(one.disease, one.channel): one for one in seasons(area, today() - timedelta(days=1))}


def test_cases_make_the_weeks_of_a_season(years_of_cases):
    years_of_cases("influenza", WINTER, date(2018, 9, 1))
    told = of()["influenza", "CASES"]
    assert told.feed is None and told.seasons == 3 and told.lines is not None and told.level
    assert told.days[0] == date(2021, 10, 4) and told.days[-1] == date(2022, 3, 7)
    monday = date(2022, 1, 10)
    wanted = sum(peaked(WINTER, monday + timedelta(days=number)) for number in range(7))
    assert told.counts[told.days.index(monday)] == wanted


def test_the_week_under_way_is_not_judged(years_of_cases):
    years_of_cases("influenza", WINTER, date(2018, 9, 1))
    last = of()["influenza", "CASES"].days[-1] + timedelta(days=6)
    assert last < today() and (today() - last).days <= 7


def test_a_disease_of_the_summer_has_a_year_of_its_own(years_of_cases):
    years_of_cases("hfmd", SUMMER, date(2019, 1, 1))
    told = of()["hfmd", "CASES"]
    assert told.days[0] == date(2022, 1, 3) and told.seasons == 3 and told.level == "baseline"
    assert all(15 <= epidemic.start <= 27 for epidemic in told.lines.epidemics)


def test_too_few_seasons_have_no_lines(years_of_cases):
    years_of_cases("influenza", WINTER, date(2020, 10, 1))
    told = of()["influenza", "CASES"]
    assert (told.seasons, told.lines, told.level) == (1, None, "")
    assert of()["hfmd", "CASES"].seasons == 0  # nobody had it: a year without a case makes no line


def test_a_season_the_register_began_in_late_is_none(years_of_cases):
    years_of_cases("influenza", WINTER, date(2020, 5, 1))
    assert of()["influenza", "CASES"].seasons == 1


def test_fever_patients_have_their_season(person, county):
    house = Facility.objects.create(area_id="410883001", name="发热门诊", kind="FEVER_CLINIC")
    since = date(2019, 9, 1)
    days = [since + timedelta(days=number) for number in range((today() - since).days)]
    FeverVisit.objects.bulk_create(
        FeverVisit(area_id="410883001", home_area_id="410883001", facility=house, person=person, visited_at=noon(day),
                   temperature="38.5", is_fever=fever)
        for day in days for fever in [True] * peaked(WINTER, day) + [False]
    )  # fmt: skip
    told = of()["", "FEVER_CLINIC"]
    assert told.seasons == 2 and told.lines is not None
    monday = date(2022, 1, 10)
    assert told.counts[told.days.index(monday)] == sum(peaked(WINTER, monday + timedelta(days=n)) for n in range(7))
    assert of("410902")["", "FEVER_CLINIC"].seasons == 0


# day, first week of the season → season and week of it
PLACES = [
    (date(2021, 10, 4), 40, (2021, 0)), (date(2021, 9, 27), 40, (2020, 51)), (date(2022, 1, 3), 40, (2021, 13)),
    (date(2020, 12, 28), 40, (2020, 12)), (date(2022, 1, 3), 1, (2022, 0)), (date(2021, 12, 27), 1, (2021, 51)),
    (date(2020, 12, 28), 1, (2020, 51)),
]  # fmt: skip


@pytest.mark.parametrize(("day", "first", "place"), PLACES)
def test_a_week_has_its_place_in_the_season(day, first, place):
    assert _place(day, Year(first, 40)) == place


LAST = date(2026, 11, 9)


def winters(weeks: int) -> list[int]:
    return [10 + week % 3 + round(60 * 2 ** (-(((week % 52 - 26) / 3) ** 2))) for week in range(weeks)]


def test_broken_seasons_draw_no_lines(feed, filled):  # noqa: F811
    made = feed("ILI", area="410883", channel="VISITS", disease="influenza", step="WEEK")
    filled(made, winters(8 * 52), last=LAST, step=7)
    before = seasons("410883", LAST)[0]
    FeedCount.objects.filter(on__range=(date(2020, 2, 1), date(2022, 12, 31))).update(count=2000)
    after = seasons("410883", LAST)[0]
    assert before.lines == after.lines is not None and after.seasons == 4  # 2018/19, and three from 2023/24 on


def test_all_of_them_do_where_too_few_would_be_left(feed, filled):  # noqa: F811
    made = feed("ILI", area="410883", channel="VISITS", disease="influenza", step="WEEK")
    filled(made, winters(5 * 52), last=date(2023, 11, 6), step=7)
    told = seasons("410883", date(2023, 11, 12))[0]
    assert told.lines is not None and told.seasons == 5
