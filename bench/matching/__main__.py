"""`python -m bench.matching [--persons N] [--rows M] [--out FILE]`: ours in a real installation, the peers in memory.

The store is a fresh SQLite installation, or the PostgreSQL that DATABASE_URL names (`scripts/postgres.py`).
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.registers.__main__ import start


def main() -> int:
    """Fill, match, search, compare; fails when ours breaks its promise."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fangxian-bench-") as folder:
        start(Path(folder))
        lines, code = measure(options.persons, options.rows, options.seed)
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return code


def measure(persons: int, rows: int, seed: int) -> tuple[list[str], int]:
    """The report as lines of markdown, and the exit code."""
    from bench.matching import peers
    from fangxian.faces.cli.checks import matching
    from fangxian.faces.cli.checks.matching_truth import listed, population

    before = os.getloadavg()[0]
    ours = matching.run(persons, rows, seed, _told)
    people = population(persons, seed)
    others = peers.run(people, listed(people, rows, seed))
    whole = ours.whole
    lines = [
        f"# A list of {rows:,} rows against {persons:,} people",
        "",
        f"`python -m bench.matching --persons {persons} --rows {rows}` on {datetime.now():%Y-%m-%d %H:%M}.",
        "",
        (
            f"Ours on {ours.store}: the sheet brought, read, matched in the encrypted store, every row kept with its "
            f"reasons in {ours.seconds:.0f} s: **{ours.rate:,.0f} rows a second**, {ours.cpu_rate:,.0f} a CPU second. "
            f"One of {os.cpu_count()} cores; load of the machine {before:.1f} before, {os.getloadavg()[0]:.1f} behind."
        ),
        "",
        (
            f"Of {whole.known:,} rows of people on record {whole.right:,} were matched to them without asking and "
            f"{whole.shown:,} wait for a person with the right one shown; {whole.known - whole.right - whole.shown:,} "
            f"were missed. Of {whole.rows - whole.known:,} rows of people not on record {whole.strangers} were taken "
            f"for somebody. {whole.parked:,} rows wait for a person in all."
        ),
        "",
        *ours.table(),
        "",
        (
            f"Duplicates among {ours.searched:,} people of one village, looked for and kept: "
            f"**{ours.search_s:.2f} s**, {ours.pairs_found} of {ours.pairs_planted} planted pairs proposed."
        ),
        "",
        *_beside(whole, ours, others),
        "",
        *(f"- broken: {finding}" for finding in ours.findings),
        ours.line().replace("check=", "bench="),
    ]
    return lines, ours.exit_code


def _beside(whole: Any, ours: Any, others: Iterable[Any]) -> Iterator[str]:
    """What plain joins find on the same people and rows; no peer does the same work, so no ratio is drawn."""
    yield (
        "No linkage library is among the dependencies, so none gives the same results to be compared with. Beside it "
        "what joins in DuckDB find, over plain columns in memory; they keep nothing, explain nothing and park nothing."
    )
    yield ""
    yield "| | precision | recall | recall with those a person is asked about | CPU s |"
    yield "|---|--:|--:|--:|--:|"
    yield f"| Fangxian | {whole.precision:.4f} | {whole.recall:.4f} | {whole.offered:.4f} | {ours.cpu:.1f} |"
    for one in others:
        yield f"| {one.name} | {one.precision:.4f} | {one.recall:.4f} | – | {one.cpu:.1f} |"


def _told(done: int, total: int, what: str = "") -> None:
    if done % 100_000 < 4_000:
        print(f"{what} {done:,} of {total:,}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
