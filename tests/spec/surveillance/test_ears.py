"""EARS on drawn days, and equal to R where R is right."""

import numpy as np
import pytest

from fangxian.engines.surveillance import C1, C2, Ears, ears, ears_c3
from tests.spec.surveillance.reference import grid, rows, same, simulated

EVEN = "2 4 2 4 2 4 3 2 4"


def days(text: str) -> np.ndarray:
    return np.array([[np.nan if cell == "·" else float(cell) for cell in text.split()]])


STORIES = {
    "too short a past": ("2 4 2 4 2 4 3", C1, "-------"),
    "an ordinary day": (f"{EVEN} 5", C1, "----------"),
    "a day far above the week": (f"{EVEN} 9", C1, "---------!"),
    "an outbreak that grows hides itself from C1": (f"{EVEN} 9 9 9", C1, "---------!--"),
    "C2 leaves two days between": (f"{EVEN} 9 9 9", C2, "---------!!!"),
    "no judgement without the day": (f"{EVEN} ·", C1, "----------"),
    "no judgement while the baseline has a gap": (f"2 4 2 · 2 4 3 2 4 {'9'}", C1, "----------"),
    "the first case after zeros": ("0 0 0 0 0 0 0 1", C1, "-------!"),
    "one case is no alarm with a least deviation": ("0 0 0 0 0 0 0 1", Ears(min_sigma=0.5), "--------"),
}


@pytest.mark.parametrize("story", STORIES)
def test_ears(story):
    table, settings, wanted = STORIES[story]
    judged = ears(days(table), settings)
    assert "".join("!" if alarm else "-" for alarm in judged.alarm[0]) == wanted


def test_what_a_judgement_says():
    judged = ears(days(f"{EVEN} 5"))
    assert judged.expected[0, 9] == 3.0 and judged.bound[0, 9] == pytest.approx(6.090232306, abs=1e-9)
    assert judged.p[0, 9] == pytest.approx(0.02275013, abs=1e-8)
    assert judged.judged[0].tolist() == [False] * 7 + [True] * 3


def test_c3_sums_today_and_the_two_days_before():
    creeping = days("2 4 2 4 2 4 3 2 4 5 5 5")
    assert not ears(creeping, C2).alarm.any()
    assert ears_c3(creeping).alarm[0].tolist() == [False] * 11 + [True]


def test_c3_alarms_on_two_hundred():
    judged = ears_c3(days("3 4 2 3 4 3 2 3 4 3 2 4 3 200"))
    assert judged.alarm[0, -1] and 3 < judged.bound[0, -1] < 10


def test_c3_after_days_without_any_deviation():
    judged = ears_c3(days("0 0 0 0 0 0 0 0 0 0 0 1"))
    assert judged.alarm[0].tolist() == [False] * 11 + [True] and judged.bound[0, -1] == 0


def test_a_baseline_of_one_day_is_refused():
    with pytest.raises(ValueError, match="two days"):
        ears(days("1 2 3"), Ears(baseline=1))


@pytest.mark.parametrize(("method", "settings"), [("C1", C1), ("C2", C2)])
def test_equals_r(method, settings):
    wanted = rows("r_earsC_100x49.csv.gz", method=method)
    judged = ears(simulated()[:100], settings)
    assert same(judged.bound[:, 263:], grid(wanted, "upper"), 1e-12)
    assert np.array_equal(judged.alarm[:, 263:], grid(wanted, "alarm") == 1)
