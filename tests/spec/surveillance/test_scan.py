"""The space-time scan: the same clusters as the reference, an honest p-value, and a drawn cluster."""

import numpy as np
import pytest

from fangxian.engines.surveillance.scan import space_time_scan
from tests.spec.surveillance.reference import numbers, table

LINE = np.array([[0, 1, 2], [1, 0, 2], [2, 1, 3], [3, 2, 4], [4, 3, 2]])


def test_the_forty_best_clusters_are_the_references():
    counts, nearest = numbers("stp_counts_28x100.csv").astype(int), numbers("stp_nn_100x15.csv").astype(int) - 1
    wanted = table("stp_top40.csv")
    found = space_time_scan(counts, nearest, days=28, replicates=499)
    mine = {(one.days, " ".join(str(area + 1) for area in one.areas)): one.score for one in found.clusters}
    theirs = zip(wanted["duration"].astype(int), wanted["locations"], strict=True)
    assert mine.keys() == set(theirs) and len(mine) == 40
    assert np.allclose([one.score for one in found.clusters], wanted["score"], rtol=0, atol=1e-9)
    assert 0.005 < found.p < 0.05 and found.recurrence_days == pytest.approx(1 / found.p)


def drawn() -> np.ndarray:
    counts = np.ones((12, 5), dtype=int)
    counts[-2:, 0:2] += 6
    return counts


def test_a_drawn_cluster_is_found_with_its_neighbours_and_days():
    found = space_time_scan(drawn(), LINE, days=6, replicates=199)
    best = found.clusters[0]
    assert (best.areas, best.days, best.cases) == ((0, 1), 2, 28)
    assert best.expected == pytest.approx(48 * 34 / 84)
    assert found.p < 0.05


def test_the_same_night_twice_says_the_same():
    assert space_time_scan(drawn(), LINE, days=3) == space_time_scan(drawn(), LINE, days=3)


def test_a_sleepy_scan_recurs_later():
    daily, weekly = (space_time_scan(drawn(), LINE, days=3, every=every) for every in (1, 7))
    assert weekly.recurrence_days == pytest.approx(7 * daily.recurrence_days)


@pytest.mark.parametrize("counts", [np.zeros((5, 5), dtype=int), np.tile([1, 0, 0, 0, 0], (5, 1))])
def test_nothing_where_place_and_time_explain_all(counts):
    found = space_time_scan(counts, LINE, days=3)
    assert found.clusters == () and found.p == 1 and found.recurrence_days == 1


def test_no_cluster_has_more_than_its_share_of_all_cases():
    found = space_time_scan(drawn(), LINE, days=6, most=0.25, replicates=19)
    assert max(one.cases for one in found.clusters) <= 0.25 * drawn().sum()


@pytest.mark.parametrize("days", [0, 13])
def test_longer_than_the_days_there_are_is_refused(days):
    with pytest.raises(ValueError, match="longer"):
        space_time_scan(drawn(), LINE, days=days)
