"""The chain ladder: equal to baselinenowcast, and how wide it is."""

import numpy as np
import pytest

from fangxian.engines.surveillance.nowcast import as_of, delay_chances, fill, nowcast
from tests.spec.surveillance.reference import table

DRAWN = """
80 50 25 10
100 50 30 20
90 45 25 ·
80 40 · ·
70 · · ·
"""


def triangle(text: str) -> np.ndarray:
    return np.array(
        [[np.nan if cell == "·" else float(cell) for cell in line.split()] for line in text.split("\n")[1:-1]]
    )


def read(name: str) -> np.ndarray:
    return np.array([column for head, column in table(name).items() if head != "day"]).T


def test_delays_and_filled_table_equal_the_reference():
    reported = read("nowcast_triangle.csv")
    delays = delay_chances(reported, 63)
    assert np.abs(delays - table("nowcast_delay_pmf.csv")["pmf"]).max() <= 1e-12
    assert np.abs(fill(reported, delays) - read("nowcast_point.csv")).max() <= 1e-9


def test_quantiles_are_those_of_the_references_draws():
    wanted = table("nowcast_quantiles.csv")
    found = nowcast(read("nowcast_triangle.csv"), delay_rows=31, retrospective=31, probabilities=(0.05, 0.5, 0.95))
    for number, name in enumerate(("5%", "50%", "95%")):
        assert np.abs(found.quantiles[:, number] - wanted[name]).max() <= 0.08 * wanted[name].max()
    covered = (found.quantiles[:, 0] <= wanted["final"]) & (wanted["final"] <= found.quantiles[:, 2])
    assert covered[-21:].mean() >= 0.85


def test_a_drawn_triangle():
    reported = triangle(DRAWN)
    delays = delay_chances(reported, 5)
    assert delays.sum() == pytest.approx(1) and delays[1] / delays[0] == pytest.approx(185 / 350)
    filled = fill(reported, delays)
    assert filled[4, 0] == 70 and filled[4].sum() > 120 and np.array_equal(filled[0], reported[0])


def test_the_triangle_of_an_earlier_day():
    assert np.array_equal(
        as_of(triangle(DRAWN), 1),
        triangle("\n80 50 25 10\n100 50 30 ·\n90 45 · ·\n80 · · ·\n"),
        equal_nan=True,
    )


def test_a_complete_table_stays_what_it_is():
    whole = np.tile([5.0, 3.0, 2.0], (30, 1))
    assert delay_chances(whole, 10).tolist() == [0.5, 0.3, 0.2]
    found = nowcast(whole, delay_rows=10, retrospective=10)
    assert np.array_equal(found.totals, np.full(30, 10.0)) and (found.quantiles == 10).all()


@pytest.mark.parametrize("table", ["\n· 1\n1 1\n", "\n1 ·\n1 1\n"])
def test_a_triangle_without_a_beginning_is_refused(table):
    with pytest.raises(ValueError, match="first"):
        delay_chances(triangle(table), 2)


def test_too_short_a_triangle_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        nowcast(triangle(DRAWN), delay_rows=4, retrospective=4)


def test_days_too_young_to_have_been_reported_stay_unknown():
    """Nobody is reported on the day of their onset: the newest day is no zero, and no day becomes infinite."""
    days, delays = np.indices((70, 6))
    triangle = np.where(days + delays < 70, np.array([0.0, 4, 2, 1, 0, 0])[delays], np.nan)
    found = nowcast(triangle, delay_rows=30, retrospective=14)
    assert np.isnan(found.totals[-1]) and np.isnan(found.quantiles[-1]).all()
    assert np.allclose(found.totals[-6:-1], 7, atol=1.5) and (found.quantiles[:-1] < 40).all()
