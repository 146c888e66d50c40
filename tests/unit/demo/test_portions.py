"""Visits go to the log by whole days, so that no day is sealed in pieces."""

import numpy as np
import pytest

from fangxian.demo.days import BEGIN, DAY
from fangxian.demo.load import _portions


@pytest.mark.parametrize(("most", "portions"), [(1, 4), (5, 2), (100, 1)])
def test_days_stay_whole_and_every_row_comes_once(most, portions):
    entered = BEGIN + np.array([3, 0, 1, 0, 2, 1, 3, 0]) * DAY + np.arange(8)
    found = list(_portions(entered, most))
    assert len(found) == portions
    assert sorted(np.concatenate(found).tolist()) == list(range(8))
    days = [set(((entered[rows] - BEGIN) // DAY).tolist()) for rows in found]
    assert sum(map(len, days)) == 4
    assert [max(one) for one in days] == sorted(max(one) for one in days)
