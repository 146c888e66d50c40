"""Run the comparison: equal checksums first, then CPU time and ratios."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.tracing import report, rounds
from bench.tracing.city import cases_of, generate
from bench.tracing.native import Native
from bench.tracing.ours import Ours
from bench.tracing.parquet import DuckParquet, Polars
from bench.tracing.postgres import Postgres


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
        results = rounds.compare(makers, visits, cases, options.single, Path(folder))
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


if __name__ == "__main__":
    sys.exit(main())
