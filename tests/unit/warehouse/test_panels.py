"""What the nightly panels learn from: silence is not zero, broken years are out, half a school counts as a whole."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from django.utils import timezone

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.policy import Pack
from fangxian.systems.cases import services as cases
from fangxian.systems.environment.models import EnvironmentSample, MonitoringPoint
from fangxian.systems.medical.models import Facility, FeverVisit
from fangxian.systems.people import services as people
from fangxian.systems.surveillance.models import FeedCount
from fangxian.systems.surveillance.rules import pack_of
from fangxian.systems.surveillance.selectors import Figure
from fangxian.warehouse import panels
from tests.unit.surveillance.conftest import DAY, feed, filled  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
FIRST = DAY - timedelta(days=99)


def moment(day: date):
    return timezone.make_aware(datetime.combine(day, time(9)))


def pack() -> Pack:
    return pack_of("410883", DAY)


def series(channel: str, area: str = "410883001", first: date = FIRST, last: date = DAY, county: str = "410883"):
    """The counts of one area and channel, T long; None where the area has no series."""
    for one in panels.channels(county, first, last, pack_of(county, last)):
        if one.channel == channel and area in one.panel.areas:
            return one.panel.counts[one.panel.areas.index(area)]
    return None


def seen(counts, newest: int) -> str:
    return " ".join("·" if np.isnan(count) else f"{count:g}" for count in counts[-newest:])


@pytest.fixture
def patient():
    return people.add_person(by=None, area=Area.objects.get(code="410883001"), name="王建国", sex="MALE")


@pytest.fixture
def clinic(patient):
    """Factory: a clinic whose newest days are drawn; each day the number of visits, f of them with fever."""

    def make(name: str, days: str, area: str = "410883001", **values) -> Facility:
        house = records.create(
            Facility,
            by=None,
            action="test.made",
            area=Area.objects.get(code=area),
            kind="FEVER_CLINIC",
            name=name,
            **values,
        )
        cells = days.split()
        rows = [
            FeverVisit(
                area=house.area, facility=house, person=patient, temperature="38.5", outcome="TREATED",
                is_fever=number < int(cell[0]), visited_at=moment(DAY - timedelta(days=len(cells) - 1 - at)),
            )
            for at, cell in enumerate(cells) for number in range(int(cell[0]) + cell.count("+"))
        ]  # fmt: skip
        records.create_many(FeverVisit, rows, by=None, action="test.made")
        return house

    return make


def test_a_clinic_that_sees_somebody_every_day_is_silent_when_it_sees_nobody(clinic):
    """A day on which it saw only patients without fever (+) is a zero."""
    clinic("one", "2 " * 30 + "0+ 3 0 0")
    assert seen(series("FEVER_CLINIC"), 5) == "2 0 3 · ·"
    assert np.isnan(series("FEVER_CLINIC")[: 100 - 34]).all() and seen(series("FEVER_CLINIC", "410883"), 2) == "· ·"


def test_a_small_clinic_may_have_none(clinic):
    clinic("one", "1 0 0 0 " * 10)
    assert seen(series("FEVER_CLINIC"), 8) == "1 0 0 0 1 0 0 0"


def test_a_silent_clinic_is_taken_to_have_had_its_share(clinic):
    clinic("big", "6 " * 40)
    clinic("small", "2 " * 38 + "0 0")
    clinic("other", "4 " * 40, area="410883002")
    assert seen(series("FEVER_CLINIC"), 3) == "8 8 8"
    assert (
        seen(series("FEVER_CLINIC", "410883002"), 3) == "4 4 4" and seen(series("FEVER_CLINIC", "410883"), 2) == "12 12"
    )


def test_nobody_waits_for_a_closed_clinic_nor_for_ever(clinic):
    clinic("open", "1 " * 40)
    clinic("closed", "4 " * 30 + "0 " * 10, closed_on=DAY - timedelta(days=9))
    assert seen(series("FEVER_CLINIC"), 12) == "5 5 1 1 1 1 1 1 1 1 1 1"
    clinic("rare", "1 " + "0 " * 239, area="410883002")  # one that is rarely needed is still there
    clinic("forgotten", "9 " * 30 + "0 " * 210, area="410883002")
    long_ago = series("FEVER_CLINIC", "410883002", first=DAY - timedelta(days=299))
    assert np.isnan(long_ago[-210:-10]).all() and seen(long_ago, 10) == "0 0 0 0 0 0 0 0 0 0"
    assert seen(series("FEVER_CLINIC", "410883", DAY - timedelta(days=299)), 1) == "1"


def test_a_channel_asks_two_queries_however_many_clinics(clinic, django_assert_max_num_queries):
    for number in range(4):
        clinic(f"{number}", "1 " * 20)
    with django_assert_max_num_queries(16):
        panels.channels("410883", FIRST, DAY, pack())


@pytest.fixture
def point():
    """Factory: a sewage point with its newest days drawn: + positive, - negative, ? no result yet, . no sample."""

    def make(days: str, every: int = 1, **values) -> MonitoringPoint:
        made = records.create(
            MonitoringPoint,
            by=None,
            action="test.made",
            area=Area.objects.get(code="410883001"),
            name=days[:20],
            every_days=every,
            opened_on=DAY - timedelta(days=150),
            **values,
        )
        for at, cell in enumerate(days):
            when = moment(DAY - timedelta(days=len(days) - 1 - at))
            result = {"+": "POSITIVE", "-": "NEGATIVE", "?": "PENDING"}.get(cell)
            if result:
                records.create(
                    EnvironmentSample, by=None, action="test.made", area=made.area, point=made, where="x",
                    barcode=f"{made.pk}{at}", sampled_at=when, due_at=when, result=result,
                    reported_at=None if cell == "?" else when,
                )  # fmt: skip
        return made

    return make


@pytest.mark.parametrize(
    ("days", "every", "told"),
    [
        ("----+-..", 1, "0 0 0 0 1 0 · ·"),  # daily: a day without a sample is a gap
        ("----+-??", 1, "0 0 0 0 1 0 · ·"),  # and so is one without a result
        ("..-...+..", 4, "· 0 0 0 0 1 0 0"),  # every fourth day: none was due between
        ("+.......", 4, "1 0 0 0 · · · ·"),  # until one is
    ],
)
def test_sewage_is_unknown_where_a_sample_is_missing(point, days, every, told):
    point(days, every)
    assert seen(series("ENVIRONMENT"), 8) == told


def test_a_point_nobody_has_sampled_says_nothing_and_a_closed_one_is_not_waited_for(point):
    point("?", 1)
    assert series("ENVIRONMENT") is None
    point("-+--", 1, closed_on=DAY - timedelta(days=1))
    assert seen(series("ENVIRONMENT"), 4) == "0 1 · ·"


def test_cases_may_be_none(patient):
    made = cases.open_case(by=None, person=patient, disease="hfmd", area=patient.area)
    made.positive_at = moment(DAY - timedelta(days=4))
    made.save(update_fields=["positive_at"])
    assert seen(series("CASES"), 6) == "· 1 0 0 0 0" and seen(series("CASES", "410883"), 2) == "0 0"


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ([(4, 600), (4, 600), (4, 600)], [4, 4, 4]),
        ([(4, 600), (3, 300), (4, 600)], [4, 6, 4]),  # half a school
        ([(4, 600), (1, 100), (4, 600)], [4, None, 4]),  # too few of them to say anything
        ([(4, 600), (0, 0), (4, 600)], [4, None, 4]),
        ([(4, 600), (5, None), (4, 640)], [4, 5, 4]),
        ([(4, None), (5, None)], [4, 5]),
        ([(0, 0)], [None]),
    ],
)
def test_a_figure_is_told_in_proportion_to_the_usual_number(figures, told):
    days = {DAY + timedelta(days=at): Figure(*figure) for at, figure in enumerate(figures)}
    scaled = panels.in_proportion(days, pack())
    assert [None if number != number else number for number in scaled.values()] == told


def test_feeds_of_days_weeks_and_months_are_told_in_proportion(feed, filled):  # noqa: F811
    for code, step, length in (("D", "DAY", 1), ("W", "WEEK", 7)):
        filled(feed(code, step=step), [4, 4, 4, 4], last=DAY - timedelta(days=length - 1), step=length)
    month = feed("M", step="MONTH")
    for number in (11, 12, 1, 2):
        filled(month, [4], last=date(2021 if number > 10 else 2022, number, 1))
    FeedCount.objects.update(out_of=600)
    newest = [DAY, DAY - timedelta(days=6), date(2022, 2, 1)]
    FeedCount.objects.filter(on__in=newest).update(out_of=300)
    assert seen(series("ABSENCE"), 2) == "4 8"
    ((_feed, weekly),) = panels.weekly_feeds("410883", DAY)
    (monthly,) = panels.monthly_feeds("410883", DAY)
    assert weekly.counts[0].tolist() == monthly.counts.tolist() == [4, 4, 4, 8]


# Broken years: from 20 January 2020 to 31 January 2023, respiratory and enteric diseases.
NIGHTS = [
    (date(2019, 12, 31), None),
    (date(2020, 3, 1), None),  # the newest 200 days are what the daily methods need
    (date(2022, 3, 14), (date(2020, 1, 20), date(2021, 8, 26))),
    (date(2026, 11, 21), (date(2020, 1, 20), date(2023, 1, 31))),
]


@pytest.mark.parametrize(("night", "broken"), NIGHTS)
def test_no_baseline_learns_from_broken_years_and_the_newest_days_stay(feed, filled, night, broken):  # noqa: F811
    first = date(2018, 1, 1)
    filled(feed("S1"), [3] * ((night - first).days + 1), last=night)
    counts = series("ABSENCE", first=first, last=night)
    days = first + timedelta(days=1) * np.arange(len(counts))
    gone = days[np.isnan(counts)]
    assert (len(gone) == 0) if broken is None else (gone[0], gone[-1], len(gone)) == (
        *broken, (broken[1] - broken[0]).days + 1,
    )  # fmt: skip


def test_broken_years_are_those_of_some_diseases(feed, filled):  # noqa: F811
    night, weeks = date(2026, 11, 22), 8 * 52
    for code, disease in (("I", "influenza"), ("B", "brucellosis")):
        filled(feed(code, channel="VISITS", disease=disease, step="WEEK"), [5] * weeks, last=night, step=7)
    known = {one.code: panel for one, panel in panels.weekly_feeds("410883", night + timedelta(days=6))}
    gone = known["I"].begins[np.isnan(known["I"].counts[0])]
    assert (str(gone[0]), str(gone[-1])) == ("2020-01-19", "2023-01-29")  # weeks that touch it
    assert not np.isnan(known["B"].counts).any()
    whole = {one.code: panel for one, panel in panels.weekly_feeds("410883", night + timedelta(days=6), broken=True)}
    assert not np.isnan(whole["I"].counts).any()


@pytest.mark.parametrize(("years", "gone"), [(13, 37), (4, 0)], ids=["enough is left", "too little would be left"])
def test_months_leave_them_out_where_enough_is_left(feed, filled, years, gone):  # noqa: F811
    month = feed("M", channel="CASES", disease="influenza", step="MONTH")
    last = date(2026, 10, 1) if years > 4 else date(2023, 10, 1)
    for back in range(12 * years):
        number = last.year * 12 + last.month - 1 - back
        filled(month, [20], last=date(number // 12, number % 12 + 1, 1))
    (monthly,) = panels.monthly_feeds("410883", last + timedelta(days=40))
    hidden = [day for day, count in zip(monthly.begins, monthly.counts, strict=True) if np.isnan(count)]
    assert len(hidden) == gone and (not gone or (hidden[0], hidden[-1]) == (date(2020, 1, 1), date(2023, 1, 1)))


def test_a_merged_township_brings_its_cases_and_a_split_one_leaves_them_to_the_county(patient):
    for back in (40, 2):
        made = cases.open_case(by=None, person=patient, disease="hfmd" if back == 40 else "mumps", area=patient.area)
        made.positive_at = moment(DAY - timedelta(days=back))
        made.save(update_fields=["positive_at"])
    change = DAY - timedelta(days=10)
    Area.objects.filter(code="410883001").update(valid_to=change)
    heir = Area.objects.get(code="410883002")
    heir.codes.create(system="nbs", code="410883001", name="大定街道")
    merged = series("CASES", "410883002")
    assert np.nansum(merged) == 1 and series("CASES", "410883001") is None
    heir.codes.all().delete()
    for code in ("410883011", "410883012"):
        Area.objects.create(
            code=code, name=code, kind="township", parent_id="410883", predecessor_id="410883001", valid_from=change
        )
    third = people.add_person(by=None, area=Area.objects.get(code="410883011"), name="张三", sex="MALE")
    made = cases.open_case(by=None, person=third, disease="hfmd", area=third.area)
    made.positive_at = moment(DAY - timedelta(days=1))
    made.save(update_fields=["positive_at"])
    part = series("CASES", "410883011")
    assert np.isnan(part[:-11]).all() and seen(part, 11) == "0 0 0 0 0 0 0 0 0 1 0"
    assert np.nansum(series("CASES", "410883")) == 2 and series("CASES", "410883001") is None
