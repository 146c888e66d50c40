"""A trace on a real Spark cluster, master and two workers: NumPy's answer, also when an executor dies in the middle."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fangxian.engines.tracing import CASES, VISITS, checksum, trace
from tests.integration.engines.cluster import Cluster, environment, running
from tests.spark import need_spark

ROOT = Path(__file__).resolve().parents[3]
PARTS = 40
ROWS = 40_000
QUARTER = 6 * 3600
PERSONS, PLACES = 20_000, 800

pytestmark = pytest.mark.timeout(400)  # five virtual machines start


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    need_spark()
    with running(tmp_path_factory.mktemp("spark")) as started:
        yield started


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Ten days sealed in forty parts, cases over all of them, and the checksum of NumPy's answer."""
    folder = tmp_path_factory.mktemp("days")
    parts = [_part(number) for number in range(PARTS)]
    for number, visits in enumerate(parts):
        for order in ("person", "place"):
            rows = visits.sort_by([(f"{order}_id", "ascending"), ("entered_at", "ascending")])
            pq.write_table(rows, folder / f"{number:02}-{order}.parquet")
    whole = [np.full(100, 0), np.full(100, PARTS * QUARTER)]
    cases = pa.table([np.arange(100), np.arange(100) * 7, *whole], schema=CASES)
    pq.write_table(cases, folder / "cases.parquet")
    return folder, checksum(trace(pa.concat_tables(parts), cases, engine="segments"))


def _part(number: int) -> pa.Table:
    chance = np.random.default_rng(number)
    entered = number * QUARTER + chance.integers(0, QUARTER, ROWS)
    columns = (chance.integers(0, PERSONS, ROWS), chance.integers(0, PLACES, ROWS), entered)
    left = entered + chance.integers(60, 7200, ROWS)
    return pa.table([column.astype(np.int32) for column in (*columns, left)], schema=VISITS)


def test_a_lost_executor_changes_nothing(cluster: Cluster, days: tuple[Path, str]) -> None:
    folder, expected = days
    command = [sys.executable, "-m", "tests.integration.engines.driver", cluster.url, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=environment(), text=True) as driver:
        try:
            lines = (json.loads(line) for line in driver.stdout)
            calm = _answer(lines)
            killed = _kill_in_the_middle(lines, cluster)
            shaken = _answer(lines)
            assert driver.wait(60) == 0
        finally:
            driver.kill()
    assert calm["checksum"] == expected
    assert all(one["alive"] for one in calm["executors"])
    assert shaken["checksum"] == expected
    lost = [one for one in shaken["executors"] if not one["alive"]]
    assert len(lost) == 1, f"executor process {killed} was killed, the application lost {lost}"
    assert lost[0]["id"] in {one["id"] for one in calm["executors"]}


def _answer(lines: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """The next answer of the driver."""
    return next(line for line in lines if line["event"] == "answer")


def _kill_in_the_middle(lines: Iterator[dict[str, Any]], cluster: Cluster) -> int:
    """SIGKILL one of the executors while tasks of the second run are done and others are running; its process id."""
    for line in lines:
        assert line["event"] == "tasks", "the run was over before anything could be killed"
        if line["run"] == 2 and line["done"] >= 3 and line["active"] >= 2:
            break
    victim = cluster.executors()[0]
    os.kill(victim, signal.SIGKILL)
    return victim
