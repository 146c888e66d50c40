"""A whole panel at once: each series by its own method, the same as alone, and the same as rows for Spark."""

from datetime import date

import numpy as np
import pytest

from fangxian.engines.surveillance import Method, Panel, Step, farrington
from fangxian.engines.surveillance.farrington import Farrington
from fangxian.engines.surveillance.newest import NEWEST, Levels, judge, newest
from fangxian.engines.surveillance.on_spark import _judge, panel_of, series

FIRST = date(2021, 12, 6)


def panel(periods: int, step: Step = Step.DAY, series: int = 6) -> Panel:
    counts = np.random.default_rng(7).poisson(5.0, (series, periods)).astype(float)
    begins = np.datetime64(FIRST) + np.arange(periods) * step.value
    return Panel(tuple(f"41088300{n}" for n in range(series)), ("hfmd",) * series, begins, counts, step=step)


def test_each_series_by_the_method_it_has_the_history_for():
    daily = panel(60)
    daily.counts[1, :49] = daily.counts[2, :51] = daily.counts[3, :57] = np.nan
    daily.counts[4, -1] = np.nan
    found = {group.method: group.rows.tolist() for group in judge(daily)}
    assert found == {Method.ESSENCE: [0, 4, 5], Method.EARS_C2: [1], Method.EARS_C1: [2]}
    told = newest(daily).to_pylist()
    assert [(row["area"][-1], row["method"]) for row in told] == [
        ("0", "essence"), ("1", "ears_c2"), ("2", "ears_c1"), ("5", "essence"),
    ]  # fmt: skip
    assert told[0]["observed"] == daily.counts[0, -1] and told[0]["begins"] == date(2022, 2, 3)


def test_weeks_are_farringtons_together_or_alone():
    weekly = panel(300, Step.WEEK)
    (group,) = judge(weekly, Levels(alpha=0.05))
    assert group.method is Method.FARRINGTON and np.isnan(group.judged.bound[:, :288]).all()
    alone = farrington(weekly.counts[2:3], range(288, 300), Farrington(alpha=0.05), begins=weekly.begins)
    assert np.array_equal(group.judged.bound[2, 288:], alone.bound[0], equal_nan=True)
    assert {row["method"] for row in newest(weekly).to_pylist()} == {"farrington"}


def test_years_left_out_are_in_no_baseline_and_three_others_are_needed():
    """Six years, of which the second and third are left out: whatever was counted in them makes no difference."""
    weekly, flooded = panel(330, Step.WEEK), panel(330, Step.WEEK)
    flooded.counts[:, 60:130] *= 20
    first, last = (weekly.begins[at].astype(date) for at in (60, 129))
    (group,), (other,) = (judge(one.without([(first, last)])) for one in (weekly, flooded))
    assert group.method is Method.FARRINGTON and (group.judged.bound[:, -1] < 20).all()
    assert np.array_equal(group.judged.p, other.judged.p, equal_nan=True)
    last = weekly.begins[199].astype(date)
    (group,) = judge(weekly.without([(first, last)]))
    assert group.method is Method.EARS_C2


def test_what_no_baseline_reaches_is_no_history():
    """Ten years known long ago and half a year of now are half a year."""
    weekly = panel(520, Step.WEEK)
    weekly.counts[:, 300:490] = np.nan
    assert [group.method for group in judge(weekly)] == [Method.EARS_C2]


def test_a_holiday_is_judged_as_a_sunday_and_a_worked_weekend_as_a_weekday():
    """A clinic with forty on weekdays and ten on Sundays has ten on a holiday, forty on the Sunday worked for it."""
    first, length = date(2026, 8, 3), 60
    days = np.datetime64(first) + np.arange(length)
    kinds = (days.astype(np.int64) + 3) % 7
    holiday, worked = days[58], days[55]  # a Wednesday, and the Sunday before
    counts = np.where(kinds == 6, 10.0, 40.0) + np.arange(length) % 3
    counts[58], counts[55] = 10.0, 40.0
    clinic = Panel(("410883001",), ("s:respiratory",), days, counts[None, :])
    levels = Levels(holidays=(holiday.astype(date),), working=(worked.astype(date),))
    ((plain,), (told,)) = judge(clinic), judge(clinic, levels)
    assert plain.judged.p[0, 55] < 0.001 and told.judged.p[0, 55] > 0.05
    assert told.judged.expected[0, 58] < 20 < plain.judged.expected[0, 58]


def test_nobody_has_a_history():
    assert newest(panel(5)).equals(NEWEST.empty_table())


def test_a_panel_as_rows_is_the_same_panel():
    daily = panel(40)
    daily.counts[3, 5:9] = np.nan
    (batch,) = series(daily).to_batches()
    again = panel_of(batch, FIRST, Step.DAY)
    assert np.array_equal(again.counts, daily.counts, equal_nan=True) and np.array_equal(again.begins, daily.begins)
    halves = [batch.slice(0, 4), batch.slice(4), batch.slice(0, 0)]
    told = [row for part in _judge(FIRST, Step.DAY, Levels())(halves) for row in part.to_pylist()]
    assert told == newest(daily).to_pylist()


def test_rows_of_two_lengths_are_refused():
    short, long = (series(panel(periods, series=1)) for periods in (30, 32))
    import pyarrow as pa

    (batch,) = pa.concat_tables([short, long]).combine_chunks().to_batches()
    with pytest.raises(ValueError, match="equally long"):
        panel_of(batch, FIRST, Step.DAY)
