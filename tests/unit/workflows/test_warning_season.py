"""The lines of a season come from seasons that were like others."""

from datetime import date

import pytest

from fangxian.systems.surveillance.models import FeedCount
from fangxian.workflows.warning.season import seasons
from tests.unit.surveillance.conftest import feed, filled  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
LAST = date(2026, 11, 9)


def winters(weeks: int) -> list[int]:
    return [10 + week % 3 + round(60 * 2 ** (-(((week % 52 - 26) / 3) ** 2))) for week in range(weeks)]


def test_broken_seasons_draw_no_lines(feed, filled):  # noqa: F811
    made = feed("ILI", area="410883", channel="VISITS", disease="influenza", step="WEEK")
    filled(made, winters(8 * 52), last=LAST, step=7)
    (before,) = seasons("410883", LAST)
    FeedCount.objects.filter(on__range=(date(2020, 2, 1), date(2022, 12, 31))).update(count=2000)
    (after,) = seasons("410883", LAST)
    assert before.lines == after.lines is not None and after.seasons == 4  # 2018/19, and three from 2023/24 on


def test_all_of_them_do_where_too_few_would_be_left(feed, filled):  # noqa: F811
    made = feed("ILI", area="410883", channel="VISITS", disease="influenza", step="WEEK")
    filled(made, winters(5 * 52), last=date(2023, 11, 6), step=7)
    (told,) = seasons("410883", date(2023, 11, 12))
    assert told.lines is not None and told.seasons == 5
