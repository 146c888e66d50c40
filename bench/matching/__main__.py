"""`python -m bench.matching [--persons N] [--rows M] [--out FILE]`: ours in a real installation, the peers in memory.

The store is a fresh SQLite installation, or the PostgreSQL that DATABASE_URL names (`scripts/postgres.py`).
"""

import argparse
import sys
import tempfile
from pathlib import Path

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

    ours = matching.run(persons, rows, seed, _told)
    people = population(persons, seed)
    others = peers.run(people, listed(people, rows, seed))
    lines = [
        f"# A list of {rows:,} rows against {persons:,} people",
        "",
        (
            f"Ours on {ours.store}: sheet brought, read, matched in the encrypted store, every row kept with reasons: "
            f"{ours.cpu_rate:,.0f} rows a CPU second, {ours.rate:,.0f} a second with other work on the machine. "
            "The peers read plain columns in memory and keep nothing."
        ),
        "",
        "| | precision | recall | recall with those a person is asked about | CPU s | s |",
        "|---|--:|--:|--:|--:|--:|",
        (
            f"| Fangxian | {ours.precision:.4f} | {ours.recall:.4f} | {ours.offered:.4f} | {ours.cpu:.1f} "
            f"| {ours.seconds:.1f} |"
        ),
        *(
            f"| {one.name} | {one.precision:.4f} | {one.recall:.4f} | – | {one.cpu:.1f} | {one.seconds:.1f} |"
            for one in others
        ),
        "",
        f"{ours.doubtful:,} rows wait for a person. {ours.strangers} of the rows of people not on record were matched.",
        "",
        *ours.table(),
        "",
        (
            f"Duplicates among {ours.searched:,} people of one village: {ours.search_s:.2f} s, {ours.pairs_found} of "
            f"{ours.pairs_planted} planted pairs proposed."
        ),
        "",
        *(f"- broken: {finding}" for finding in ours.findings),
        ours.line().replace("check=", "bench="),
    ]
    return lines, ours.exit_code


def _told(done: int, total: int, what: str = "") -> None:
    if done % 100_000 < 4_000:
        print(f"{what} {done:,} of {total:,}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
