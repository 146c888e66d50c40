"""What the comparison prints: a table, the versions, one machine-readable line."""

import platform
from dataclasses import dataclass
from pathlib import Path

TARGETS = {"duckdb_native": 5.0, "postgresql": 3.0, "duckdb_parquet": 30.0, "polars_parquet": 30.0}
"""For one case: at least so many times less CPU than this peer."""


@dataclass(frozen=True)
class Result:
    """One engine. loading, batch: CPU seconds. one: median CPU milliseconds of a case; alone: those in the server."""

    key: str
    name: str
    version: str
    checksum: str
    rows: int
    loading: float
    one: float
    alone: float
    batch: float


def agree(results: list[Result]) -> bool:
    return len({(result.checksum, result.rows) for result in results}) == 1


def table(results: list[Result], visits: int, cases: int, singles: int) -> str:
    ours = results[0]
    lines = [
        f"{visits:,} visits; {cases:,} cases of five days; {ours.rows:,} contacts.",
        f"One case: median of {singles}. CPU time of process and server; ratio: to the first row.",
        f"Checksums over all columns and rows {'are equal: ' + ours.checksum if agree(results) else 'DIFFER'}.",
        "",
        "| engine | one case, ms | ratio | all cases, s | ratio | load, s |",
        "|---|---|---|---|---|---|",
    ]
    for r in results:
        ratios = r.one / ours.one, r.batch / ours.batch
        cells = f"{r.one:.2f} | {ratios[0]:.1f} | {r.batch:.2f} | {ratios[1]:.1f} | {r.loading:.1f}"
        lines.append(f"| {r.name} ({r.version}) | {cells} |")
    for r in results:
        if r.key == "postgresql":
            lines += ["", f"{r.name}: {r.alone:.2f} ms of a case in the server alone, ratio {r.alone / ours.one:.1f}."]
    return "\n".join(lines)


def page(text: str, results: list[Result]) -> str:
    verdicts = [
        f"- {r.name}: {r.one / results[0].one:.1f} times our CPU for one case, target {target:.0f}: "
        f"{'met' if r.one / results[0].one >= target else 'missed'}"
        for r in results
        if (target := TARGETS.get(r.key))
    ]
    heading = "# Tracing, side by side in one run"
    machine = f"{_processor()}, Python {platform.python_version()}."
    return "\n\n".join([heading, machine, text, "\n".join(verdicts), ""]).rstrip() + "\n"


def line(results: list[Result], visits: int) -> str:
    """`bench tracing visits=… equal=yes one_case_ms=… ratio_…=…`, the last line printed."""
    ours = results[0]
    one = " ".join(f"one_case_ratio_{r.key}={r.one / ours.one:.1f}" for r in results[1:])
    batch = " ".join(f"batch_ratio_{r.key}={r.batch / ours.batch:.1f}" for r in results[1:])
    equal = "yes" if agree(results) else "no"
    figures = f"one_case_ms={ours.one:.2f} {one} batch_s={ours.batch:.2f} {batch}"
    return f"bench tracing visits={visits} equal={equal} {figures}"


def _processor() -> str:
    for entry in Path("/proc/cpuinfo").read_text().splitlines():
        if entry.startswith("model name"):
            return entry.split(":")[1].strip()
    return platform.processor()
