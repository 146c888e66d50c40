"""Early warning of many counties by a real Spark: the function of a county's night mapped, and the same answers."""

from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from fangxian.engines.surveillance import Panel, Step
from fangxian.engines.surveillance.newest import newest
from fangxian.engines.surveillance.on_spark import judged, series
from tests.spark import local_spark

FIRST = date(2021, 9, 6)
DISEASES = ("hfmd", "influenza", "mumps")
BY_AREA = [("area", "ascending"), ("disease", "ascending")]

pytestmark = pytest.mark.timeout(200)  # a virtual machine starts, and Python in it


@pytest.fixture
def spark():
    return local_spark().session


def nation(counties: int, periods: int, step: Step) -> Panel:
    """Counties with a count a disease, some of them with a short history, some silent on the last day."""
    chance = np.random.default_rng(20)
    names = [(f"{410000 + county}", disease) for county in range(counties) for disease in DISEASES]
    counts = (
        chance.poisson(np.repeat(chance.gamma(2, 2, counties), len(DISEASES))[:, None], (len(names), periods)) * 1.0
    )
    counts[5::17, : periods - 10] = np.nan
    counts[3::29, -1] = np.nan
    counts[::50, -1] += 25
    begins = np.datetime64(FIRST) + np.arange(periods) * step.value
    areas, diseases = zip(*names, strict=True)
    return Panel(areas, diseases, begins, counts, step=step)


@pytest.mark.parametrize(("periods", "step"), [(90, Step.DAY), (300, Step.WEEK)], ids=["days", "weeks"])
def test_a_nation_on_spark_is_a_nation_on_one_machine(spark, tmp_path, periods, step):
    panel = nation(200, periods, step)
    for part in range(4):
        pq.write_table(series(panel).slice(part * 150, 150), tmp_path / f"{part}.parquet")
    here, there = newest(panel), judged(spark.read.parquet(str(tmp_path)), first=FIRST, step=step).toArrow()
    assert there.num_rows == here.num_rows > 550 and sum(here["alarm"].to_pylist()) > 10
    here, there = here.sort_by(BY_AREA), there.cast(here.schema).sort_by(BY_AREA)
    for name in here.schema.names:
        assert same(here[name].to_pylist(), there[name].to_pylist()), name


def same(ours: list, theirs: list) -> bool:
    """Equal, figures to twelve digits: sums over other numbers of rows at once round in another order."""
    if not isinstance(ours[0], float):
        return ours == theirs
    return np.allclose(np.array(ours, dtype=float), np.array(theirs, dtype=float), rtol=1e-12, atol=0, equal_nan=True)
