"""Run the comparison: equal checksums first, then CPU time and ratios."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from bench.tracing import limit, report
from bench.tracing.city import CityLog, cases_of
from bench.tracing.peers import OURS, PEERS, Spec
from bench.tracing.rounds import Result, describe, side_by_side
from bench.tracing.worker import Handle, PeerFailed

COLD_CASES = 20


def main() -> int:
    options = _options()
    wanted = [spec for spec in PEERS if not options.peers or spec.key in options.peers]
    small = min(options.rows, options.small_rows)
    stages = {options.rows: [], small: []}
    for spec in wanted:
        if why := spec.missing():
            print(f"{spec.key} is left out: {why}", flush=True)
        else:
            stages[small if spec.small else options.rows].append(spec)
    run = report.Run(options.cases)
    with _folder(options.keep) as folder:
        for rows, specs in stages.items():
            if specs or rows == options.rows:
                _stage(run, folder / str(rows), rows, specs, options)
    text = report.page(run)
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text)
    print("\n".join(report.lines(run)))
    return 0 if run.agrees else 1


def _stage(run: report.Run, folder: Path, rows: int, specs: Sequence[Spec], options: argparse.Namespace) -> None:
    """All peers on one log, one after the other, each beside us."""
    log = CityLog.at(folder / "arrived", rows, options.seed)
    cases = cases_of(log, options.cases)
    print(f"{log.rows:,} visits in {log.cpu:.0f} s CPU, {options.cases:,} cases", flush=True)
    mine = Result(OURS, log.rows, equal=True)
    with Handle(OURS.target, log, folder / OURS.store) as ours:
        describe(mine, ours, cases)
        run.results.append(mine)
        print(report.progress(mine), flush=True)
        for number, spec in enumerate(specs):
            result = Result(spec, log.rows)
            run.results.append(result)
            _beside(result, mine, ours, cases, options.single, Handle(spec.target, log, folder / spec.store))
            if not options.keep and spec.store not in {OURS.store, *(later.store for later in specs[number + 1 :])}:
                shutil.rmtree(folder / spec.store)
        _ourselves(run, mine, ours, cases, options.single)
    if not options.keep:
        shutil.rmtree(folder)


def _beside(result: Result, mine: Result, ours: Handle, cases: pa.Table, singles: int, peer: Handle) -> None:
    """One peer from loading to its line; what it cannot do is said and does not end the run."""
    began = time.perf_counter()
    try:
        with peer:
            describe(result, peer, cases)
            result.equal = (result.checksum, result.contacts) == (mine.checksum, mine.contacts)
            if result.equal:
                side_by_side(result, ours, peer, cases, singles)
    except PeerFailed as error:
        result.failed = str(error)
    print(report.progress(result), f"({time.perf_counter() - began:.0f} s)", flush=True)


def _ourselves(run: report.Run, mine: Result, ours: Handle, cases: pa.Table, singles: int) -> None:
    """Our own figures: of all the turns beside the peers, and what only we are asked."""
    beside = [result for result in run.peers if result.rows == mine.rows]
    mine.singles = [sample for result in beside for sample in result.our_singles]
    mine.batches = [sample for result in beside for sample in result.our_batches]
    if not mine.singles:
        mine.singles, mine.batches = ours.call("singles", cases.slice(0, singles)), [ours.call("batch", cases)]
    mine.cold = ours.call("cold", cases.slice(0, COLD_CASES))
    if mine is run.ours:
        each = [ours.call("ask", "touched", cases.slice(number, 1)) for number in range(singles)]
        run.limits = report.Limits(limit.probe(), each, ours.call("ask", "touched", cases))


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    """The folder of everything written; open to the server's own user, removed afterwards unless it is to be kept."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="fangxian-bench-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.tracing")
    parser.add_argument("--rows", type=int, default=10_000_000, help="about so many visits are generated")
    parser.add_argument("--small-rows", type=int, default=10_000_000, help="visits for the peers that take no more")
    parser.add_argument("--cases", type=int, default=1000, help="cases of the batch")
    parser.add_argument("--single", type=int, default=200, help="cases traced one by one")
    parser.add_argument("--seed", type=int, default=20211)
    parser.add_argument("--peers", nargs="*", choices=[spec.key for spec in PEERS], help="only these")
    parser.add_argument("--keep", type=Path, default=None, help="use and keep what was generated and loaded here")
    parser.add_argument("--out", type=Path, default=None, help="write the result as Markdown")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
