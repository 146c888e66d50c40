"""The moving epidemic method: the numbers of `epimem` 0.2.0 on drawn seasons, and those of R on its table `flucyl`."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from fangxian.engines.surveillance import Level, moving_epidemic
from fangxian.engines.surveillance.moving_epidemic import epidemic

TABLE = """
13 19 12 16 16 22 16 13 22 24 48 79 113 150 178 191 129 95 47 25 19 20 11 9 15 21 16 18 16 9
21 9 16 15 14 12 15 13 10 22 15 29 35 47 88 83 89 115 93 86 70 41 31 29 23 15 12 10 13 12
11 13 13 9 11 13 17 23 54 104 187 232 295 234 156 104 45 28 20 10 23 11 11 13 14 11 9 17 13 12
22 15 10 14 16 9 14 15 18 30 38 58 100 129 127 130 127 113 88 56 37 20 15 10 15 22 14 11 13 17
18 15 12 21 8 13 13 10 12 17 19 25 25 43 47 58 62 80 73 88 61 62 48 37 29 24 15 14 14 21
"""
SEASONS = np.array([line.split() for line in TABLE.strip().splitlines()], dtype=float)
LINES = [26.779478753276063, 32.365955862296836, 104.1856134816147, 194.64589909857034, 256.5773841218327]


def lines(season) -> list[float]:
    return [season.onset, season.end, season.medium, season.high, season.very_high]


def test_the_numbers_of_epimem():
    found = moving_epidemic(SEASONS)
    assert lines(found) == pytest.approx(LINES, rel=1e-12)
    assert [one.weeks for one in found.epidemics] == [9, 11, 8, 10, 12]
    assert [one.start for one in found.epidemics] == [10, 12, 8, 10, 13]
    assert found.epidemics[0].percent == pytest.approx(74.52966714905934)


def test_a_week_has_a_level():
    found = moving_epidemic(SEASONS)
    rates = np.array([0.0, 26.7, 27.0, 105.0, 195.0, 257.0, np.nan])
    named = [Level.BASELINE, Level.BASELINE, Level.LOW, Level.MEDIUM, Level.HIGH, Level.VERY_HIGH, Level.BASELINE]
    assert found.level(rates).tolist() == named


def test_a_missing_week_moves_no_line_by_itself():
    gaps = SEASONS.copy()
    gaps[0, [3, 26]] = np.nan
    found = moving_epidemic(gaps)
    assert [one.weeks for one in found.epidemics] == [9, 11, 8, 10, 12]
    assert lines(found) == pytest.approx(LINES, rel=0.02)


def test_a_season_without_cases_counts_for_nothing():
    nothing, unknown = np.zeros((1, 30)), np.full((1, 30), np.nan)
    found = moving_epidemic(np.vstack([nothing, SEASONS, unknown]))
    assert lines(found) == pytest.approx(LINES, rel=1e-12)


def test_one_season_is_too_few():
    with pytest.raises(ValueError, match="two past seasons"):
        moving_epidemic(SEASONS[:1])


@pytest.mark.parametrize("season", [np.zeros(9), np.full(9, np.nan)])
def test_no_cases_no_epidemic(season):
    with pytest.raises(ValueError, match="without cases"):
        epidemic(season)


def test_a_season_cut_to_its_epidemic_has_no_line_of_onset():
    with pytest.raises(ValueError, match="outside"):
        moving_epidemic(np.array([[30.0, 60.0, 30.0], [20.0, 70.0, 20.0]]))


def test_the_numbers_of_mem_on_its_own_table():
    with (files("epimem") / "data" / "flucyl.csv").open() as file:
        _header, *rows = csv.reader(file)
    found = moving_epidemic(np.array(rows, dtype=float).T)
    wanted = [53.33644935008508, 60.486430971740745, 249.92343346426662, 441.89863002040175, 568.4895963500838]
    assert lines(found) == pytest.approx(wanted, rel=1e-12)
