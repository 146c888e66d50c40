"""Run the comparison: equal checksums first, then CPU time and ratios."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.tracing import report
from bench.tracing.city import cases_of, generate
from bench.tracing.measure import median_ms, spent
from bench.tracing.native import Native
from bench.tracing.ours import Ours
from bench.tracing.parquet import DuckParquet, Polars
from bench.tracing.postgres import Postgres
from fangxian.engines.tracing import CONTACTS, checksum


def main() -> int:
    options = _options()
    visits = generate(options.visits, options.seed)
    cases = cases_of(visits, options.cases)
    print(f"{visits.num_rows:,} visits, {options.cases:,} cases", flush=True)
    makers = [Ours, Native, DuckParquet, Polars]
    if options.postgres.exists():
        makers.insert(2, lambda: Postgres(options.postgres))
    else:
        print(f"PostgreSQL is left out: nothing at {options.postgres}", flush=True)
    with tempfile.TemporaryDirectory(prefix="fangxian-bench-") as folder:
        results = [_measured(make(), visits, cases, options.single, Path(folder)) for make in makers]
    text = report.table(results, visits.num_rows, cases.num_rows, options.single)
    print(text)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(report.page(text, results))
    print(report.line(results, visits.num_rows))
    return 0 if report.agree(results) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.tracing")
    parser.add_argument("--visits", type=int, default=10_000_000, help="about so many visits are generated")
    parser.add_argument("--cases", type=int, default=1000, help="cases of the batch")
    parser.add_argument("--single", type=int, default=200, help="cases traced one by one")
    parser.add_argument("--seed", type=int, default=20211)
    parser.add_argument("--postgres", type=Path, default=Path("/usr/lib/postgresql/15/bin"), help="its programs")
    parser.add_argument("--out", type=Path, default=None, help="write the result as Markdown")
    return parser.parse_args()


def _measured(peer, visits, cases, single: int, folder: Path) -> report.Result:
    """Load, trace everything once for the checksum (and to warm up), then measure."""
    own = folder / type(peer).__name__
    own.mkdir()
    try:
        _, loading = spent(lambda: peer.load(visits, own), peer.cpu)
        found = peer.trace(cases).select(CONTACTS.names).cast(CONTACTS)
        singles = [cases.slice(number, 1) for number in range(min(single, cases.num_rows))]
        for case in singles[:20]:
            peer.trace(case)
        one = median_ms(((lambda case=case: peer.trace(case)) for case in singles), peer.cpu)
        alone = None
        if isinstance(peer, Postgres):
            alone = median_ms(((lambda case=case: peer.trace(case)) for case in singles), peer.backend_cpu)
        _, batch = spent(lambda: peer.trace(cases), peer.cpu)
        found_rows = checksum(found), found.num_rows
        result = report.Result(peer.key, peer.name, peer.version, *found_rows, loading, one, alone, batch)
    finally:
        peer.close()
    print(f"{result.name}: {result.checksum}, {one:.2f} ms a case, {batch:.2f} s for all", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
