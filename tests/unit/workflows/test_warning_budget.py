"""What a week's budget has spent, and a figure that was answered: findings of weeks, months and a scan, many nights."""

from datetime import date, timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import FeedCount, Signal
from fangxian.systems.surveillance.rules import pack_of
from fangxian.systems.surveillance.services import Found
from fangxian.workflows import early_warning
from fangxian.workflows.warning.budget import within_budget
from tests.unit.surveillance.conftest import DAY, feed, filled, one_a_week  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
DISEASES = ("influenza", "hfmd", "mumps", "measles", "rubella", "norovirus", "scarlet_fever", "dysentery")
NIGHTS = [DAY + timedelta(days=later) for later in range(8)]


def statistical() -> list[Signal]:
    return list(Signal.objects.filter(kind="STATISTICAL").order_by("raised_for"))


def far_back(step: str, number: int) -> Found:
    """A finding whose excess began long before the night, as that of a week, a month or a scan does."""
    first = {"week": DAY - timedelta(days=6), "month": date(2022, 2, 1), "scan": DAY - timedelta(days=29)}[step]
    method = {"week": "FARRINGTON", "month": "HISTORICAL", "scan": "SPACE_TIME"}[step]
    return Found(
        area=Area.objects.get(code="410883001"), kind="STATISTICAL", method=method, channel="CASES",
        disease=DISEASES[number], first_on=first, observed=20, p=1e-4 * (number + 1),
        period_on=None if step == "scan" else first,
    )  # fmt: skip


def test_four_weeks_have_four_cards_also_on_one_night():
    found = [far_back("week", number) for number in range(8)]
    raised = []
    for later in (0, 1, 7, 27, 28):
        night = DAY + timedelta(days=later)
        kept = within_budget("410883", found, night, pack_of("410883", night))
        raised.append([one.disease for one in kept if not services.has_card(one, night)])
        services.raise_signals(found=kept, as_of=night, by=None)
    assert raised == [list(DISEASES[:4]), [], [], [], list(DISEASES[4:])]


@pytest.mark.usefixtures("one_a_week")
@pytest.mark.parametrize("step", ["week", "month", "scan"])
def test_a_week_has_one_card_however_long_ago_its_excess_began(step):
    found = [far_back(step, number) for number in range(8)]
    raised = []
    for night in NIGHTS:
        kept = within_budget("410883", found, night, pack_of("410883", night))
        raised.append(len(services.raise_signals(found=kept, as_of=night, by=None).new))
    assert raised == [1, 0, 0, 0, 0, 0, 0, 1]
    assert [row.raised_for for row in statistical()] == [NIGHTS[0], NIGHTS[7]]


@pytest.mark.usefixtures("one_a_week")
def test_eight_weekly_feeds_and_eight_nights_and_the_same_again(feed, filled):  # noqa: F811
    for number, disease in enumerate(DISEASES):
        made = feed(f"W{number}", channel="VISITS", disease=disease, step="WEEK")
        filled(made, [5, 4, 6, 5, 4, 5, 6, 4, 5, 6, 5, 40 + number], last=DAY - timedelta(days=6), step=7)
    nights = [early_warning.warn(as_of=night, by=None) for night in NIGHTS[:7]]
    assert [night.raised for night in nights] == [1, 0, 0, 0, 0, 0, 0]
    assert [night.withheld for night in nights] == [7] * 7
    before = list(Signal.objects.order_by("pk").values_list("pk", "version"))
    again = [early_warning.warn(as_of=night, by=None) for night in NIGHTS[:7]]
    assert [night.raised for night in again] == [0] * 7 and [night.withheld for night in again] == [7] * 7
    assert list(Signal.objects.order_by("pk").values_list("pk", "version")) == before


@pytest.fixture
def months(feed, filled):  # noqa: F811
    """Three years of a monthly figure, the newest far above the others, on its card."""
    made = feed("M1", area="410883", channel="CASES", disease="influenza", step="MONTH")
    begins = [date(2019 + number // 12, 1 + number % 12, 1) for number in range(38)]
    for number, day in enumerate(begins):
        filled(made, [400 if number == 37 else 20 + number % 3], last=day)
    early_warning.warn(as_of=DAY, by=None)
    return made


@pytest.mark.parametrize(("corrected", "cards"), [(None, 1), (900, 2)], ids=["the same", "corrected"])
def test_an_answered_figure_is_no_news_again_unless_it_is_corrected(months, officer, corrected, cards):
    (first,) = statistical()
    assert (first.period_on, first.observed) == (date(2022, 2, 1), 400)
    services.judge(signal=first, by=officer("investigator"), verdict="CHANCE", reason="delayed reports")
    if corrected:
        FeedCount.objects.filter(feed=months, on=date(2022, 2, 1)).update(count=corrected)
    for later in (1, 8, 9, 16):
        early_warning.warn(as_of=DAY + timedelta(days=later), by=None)
    assert len(statistical()) == cards


@pytest.mark.usefixtures("one_a_week")
def test_an_answered_figure_leaves_the_budget_to_others(months, officer):
    services.judge(signal=statistical()[0], by=officer("investigator"), verdict="CHANCE", reason="delayed reports")
    late = DAY + timedelta(days=12)
    figure = Found(
        area=Area.objects.get(code="410883"), kind="STATISTICAL", method="HISTORICAL", channel="CASES",
        disease="influenza", first_on=date(2022, 2, 1), observed=400, p=1e-9, period_on=date(2022, 2, 1),
    )  # fmt: skip
    kept = within_budget("410883", [figure, far_back("week", 1)], late, pack_of("410883", late))
    raised = services.raise_signals(found=kept, as_of=late, by=None)
    assert ([row.disease for row in raised.new], len(raised.quiet)) == (["hfmd"], 1)
