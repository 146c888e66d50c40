"""The comparison with peers compares like with like: on a small city every peer gives our contacts, row by row."""

from importlib import import_module

import pytest

from bench.tracing import peers, report
from bench.tracing.city import CityLog, cases_of, generate
from bench.tracing.limit import Machine
from bench.tracing.measure import Sample
from bench.tracing.ours import Ours
from bench.tracing.rounds import EXPAND_S, Result
from bench.tracing.worker import Build
from fangxian.engines.tracing import CONTACTS, SECOND, checksum

IN_PROCESS = [spec for spec in peers.PEERS if not spec.key.startswith(("fangxian", "postgresql", "spark", "chdb"))]
"""The others need a server, a JVM or seconds to start; `python -m bench.tracing --rows 100_000` asks them all."""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Twenty thousand visits on disk, and cases."""
    log = CityLog.at(tmp_path_factory.mktemp("city") / "arrived", 20_000, seed=1)
    return log, cases_of(log, 12)


@pytest.fixture(scope="module")
def ours(city, tmp_path_factory):
    peer = Ours(city[0], tmp_path_factory.mktemp("ours"))
    said = peer.build()
    peer.open()
    yield peer, said
    peer.close()


def test_a_city_is_the_same_for_the_same_seed():
    one, again = (list(generate(5_000, seed=3)) for _ in range(2))
    assert one == again
    assert len(one) == 14
    assert all(day["entered_at"].to_pylist() == sorted(day["entered_at"].to_pylist()) for day in one)


def test_a_city_on_disk_is_written_once(city):
    log, _ = city
    written = [file.stat().st_mtime_ns for file in log.files]
    assert CityLog.at(log.folder, 20_000, seed=1) == log
    assert [file.stat().st_mtime_ns for file in log.files] == written
    assert sum(table.num_rows for _, table in log.days()) == log.rows


@pytest.mark.parametrize("spec", IN_PROCESS, ids=lambda spec: spec.key)
def test_peers_agree_with_us(spec, city, ours, tmp_path):
    if why := spec.missing():
        pytest.skip(why)
    log, cases = city
    module, _, name = spec.target.partition(":")
    peer = getattr(import_module(module), name)(log, tmp_path)
    peer.build()
    peer.open()
    try:
        for asked in (cases, cases.slice(3, 1)):
            found = peer.trace(asked).select(CONTACTS.names).cast(CONTACTS)
            assert found.num_rows > 0
            assert checksum(found) == checksum(ours[0].trace(asked))
        if spec.chains:
            found = peer.second_degree(cases.slice(3, 1), EXPAND_S, 50).select(SECOND.names).cast(SECOND)
            assert checksum(found) == checksum(ours[0].second_degree(cases.slice(3, 1), EXPAND_S, 50))
            assert found.num_rows == 50
        if peer.forget:
            peer.cool()
            assert peer.trace(cases.slice(0, 1)).num_rows == ours[0].trace(cases.slice(0, 1)).num_rows
    finally:
        peer.close()


def test_the_result_says_who_is_ahead_and_what_was_missed(city, ours):
    log, cases = city
    mine, other = (Result(spec, log.rows, spec.key, "1", "closed", equal=True) for spec in (peers.OURS, IN_PROCESS[0]))
    mine.build = other.build = Build(1.0, 2.0, 1_000, ours[1])
    mine.singles = mine.cold = other.our_singles = [Sample(0.001, 0.0, 0.002)]
    mine.batches = other.our_batches = [Sample(0.5, 0.0, 0.6)]
    other.singles, other.batches = [Sample(0.004, 0.0, 0.004)], [Sample(2.0, 0.0, 2.0)]
    touched = ours[0].touched(cases)
    run = report.Run(12, [mine, other], report.Limits(Machine(1e10, 1e-7, 1e-8), [touched], touched))
    text = report.page(run)
    assert touched.rows > 0 and touched.misses > 0
    assert report.lines(run)[0] == f"peer=duckdb_native rows={log.rows} cpu_ratio_single=4.0 cpu_ratio_1000=4.0"
    assert "one case against duckdb_native: 4.0 times, at least 5: **missed**" in text
    assert "1,000 cases against duckdb_native: 4.0 times, at least 2.5: met" in text
    other.equal = False
    assert not run.agrees
    assert report.lines(run)[0].endswith("equal=no")
