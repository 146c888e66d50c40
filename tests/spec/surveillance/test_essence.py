"""ESSENCE's switch: equal to CDC's program, and what holidays and missing days do."""

import numpy as np
import pytest

from fangxian.engines.surveillance.essence import Colour, essence_switch, ewma, kinds_of, regression
from tests.spec.surveillance.reference import same, table

MONDAY = np.datetime64("2026-03-02")


def weeks(number: int, *, week: str = "20 16 15 15 15 6 4", noise: int = 1) -> np.ndarray:
    days = np.tile([float(cell) for cell in week.split()], number)
    return days[None] + np.random.default_rng(3).integers(-noise, noise + 1, len(days))


def calendar(length: int, **how) -> np.ndarray:
    return kinds_of(MONDAY + np.arange(length), **how)


def test_equals_the_reference_on_every_day():
    wanted = table("essence_switch.csv")
    series, days = 4, 200
    counts = wanted["count"].reshape(series, days)
    kinds = kinds_of(wanted["date"][:days].astype("datetime64[D]"))
    found, smooth = essence_switch(counts, kinds, floored=False), ewma(counts, floored=False)
    colours = np.array([Colour[word.upper()] for word in wanted["switch_alert"]]).reshape(series, days)
    regressed, r2 = regression(counts, kinds, floored=False)
    assert np.array_equal(found.colour, colours)
    assert (found.colour == Colour.RED).sum() == 25 and (found.colour == Colour.YELLOW).sum() == 47
    for mine, column in (
        (found.p, "switch_p"), (regressed.p, "reg_p"), (regressed.expected, "reg_exp"), (r2, "reg_r2"),
        (smooth.p, "ewma_p"), (smooth.expected, "ewma_exp"),
    ):  # fmt: skip
        theirs = wanted[column].reshape(series, days)
        assert np.allclose(mine, theirs, rtol=0, atol=1e-9 * max(1, np.nanmax(theirs)), equal_nan=True), column


def test_a_weekly_rhythm_is_explained_and_its_monday_is_no_alarm():
    found = essence_switch(weeks(8), calendar(56))
    assert found.regression[0, 40:].all() and not found.alarm[0, 40:].any()


def test_a_spring_festival_monday_is_expected_to_be_a_sunday():
    counts = weeks(8)
    counts[0, 49] = 4
    holiday = np.array([MONDAY + 49])
    plain = essence_switch(counts, calendar(56))
    told = essence_switch(counts, calendar(56, holidays=holiday))
    assert plain.expected[0, 49] > 17 and told.expected[0, 49] < 7


def test_a_saturday_worked_is_expected_to_be_a_working_day():
    told = essence_switch(weeks(8), calendar(56, working=np.array([MONDAY + 54])))
    assert told.expected[0, 54] > 12


def test_a_missing_day_leaves_a_gap():
    counts = weeks(8)
    counts[0, [30, 45]] = np.nan
    found = essence_switch(counts, calendar(56))
    assert found.colour[0, [30, 45]].tolist() == [Colour.GREY] * 2 and found.judged[0, [31, 46]].all()


@pytest.mark.parametrize(("days", "judged"), [(9, 0), (10, 1)])
def test_the_first_day_with_a_baseline(days, judged):
    assert essence_switch(weeks(2)[:, :days], calendar(days)).judged.sum() == judged


def test_a_weekday_never_seen_is_left_to_smoothing():
    kinds = np.tile([0, 1, 2], 20)
    kinds[-1] = 6
    found = essence_switch(weeks(9)[:, :60], kinds)
    assert found.judged[0, -1] and not found.regression[0, -1]


def test_the_bound_is_where_a_day_turns_red():
    for counts in (weeks(8), np.random.default_rng(5).poisson(2, (1, 56)).astype(float)):
        bound = essence_switch(counts, calendar(56)).bound[0, -1]
        for more, red in ((-0.01, False), (0.01, True)):
            tried = counts.copy()
            tried[0, -1] = bound + more
            assert essence_switch(tried, calendar(56)).alarm[0, -1] == red


def test_a_series_of_zeros_is_quiet():
    assert not essence_switch(np.zeros((2, 40)), calendar(40)).alarm.any()
    assert same(essence_switch(np.zeros((1, 40)), calendar(40)).r2[0, 20:], np.zeros(20), 1e-9)


def test_the_floor_keeps_a_first_case_from_turning_red():
    counts = np.zeros((1, 40))
    counts[0, 38] = 1
    plain, floored = (essence_switch(counts, calendar(40), floored=way) for way in (False, True))
    assert plain.alarm[0, 38] and floored.p[0, 38] > 1e-4 > plain.p[0, 38]
