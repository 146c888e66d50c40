"""`python -m bench.detection [--series N] [--weeks N] [--out FILE]`: equal results first, then CPU ratios of one run.

R `surveillance` and EpiEstim come from Debian (`apt-get install r-cran-surveillance r-cran-epiestim`); without R only
our own times are told. One core: the package sets the threads of numerical libraries to one before NumPy is loaded.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import numpy as np

from fangxian.engines.surveillance import ORIGINAL, SerialInterval, farrington, reproduction, space_time_scan, weights
from fangxian.engines.surveillance.evaluation import scenarios
from fangxian.engines.surveillance.farrington import IMPROVED, Farrington

PEERS = Path(__file__).with_name("peers.R")
TARGETS = {"improved": 80.0, "original": 300.0, "rt": 40.0}
"""Least ratios of CPU time; improved Farrington without a compiler."""
NAMES = {"improved": "improved Farrington", "original": "original Farrington", "rt": "Rt"}
SECONDS = 10.0
NEIGHBOURS, LONGEST, CASES = 100, 30, 3600


class Timed(NamedTuple):
    """CPU seconds, and the answer."""

    cpu: float
    answer: Any


def main() -> int:
    """Compare, measure; fails when an answer differs or a target is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--series", type=int, default=210, help="weekly series for R")
    parser.add_argument("--weeks", type=int, default=6, help="weeks judged of each")
    parser.add_argument("--outbreaks", type=int, default=20, help="daily series of a year for EpiEstim")
    parser.add_argument("--newest", type=int, default=50_000, help="series whose newest week is judged")
    parser.add_argument("--areas", type=int, default=2_000, help="areas of the scan")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    lines, code = measure(options)
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return code


def measure(options: argparse.Namespace) -> tuple[list[str], int]:
    """The report as lines of markdown, and the exit code."""
    load, rng = os.getloadavg()[0], np.random.default_rng(1)
    counts = scenarios.simulate(replicates=1).counts[:: max(1, 210 // options.series)][: options.series, -312:]
    cases = rng.poisson(np.exp(1 + 1.2 * np.sin(2 * np.pi * np.arange(365) / 120)), (options.outbreaks, 365)) * 1.0
    ours = _ours(counts, cases, options.weeks)
    call = f"`python -m bench.detection --series {len(counts)} --weeks {options.weeks} --outbreaks {len(cases)}`"
    lines = [
        "# Early warning beside R",
        "",
        f"{call}, {datetime.now():%Y-%m-%d %H:%M}, load {load:.1f}, one core, plain NumPy.",
        "",
    ]
    compared, machine, failed = _beside_r(counts, cases, options.weeks, ours)
    newest = _timed(lambda: farrington(_many(options.newest, counts), range(311, 312)))
    scanned = _scan(options.areas, rng)
    slow = int(newest.cpu > SECONDS) + int(scanned.cpu > SECONDS)
    scan = f"Scan of {options.areas:,} areas, 365 days, {CASES:,} cases, {LONGEST} days at most, 999 replicates"
    lines += [
        *compared,
        "",
        f"Newest week of {options.newest:,} series: {newest.cpu:.1f} s of CPU.",
        f"{scan}: {scanned.cpu:.1f} s of CPU, p = {scanned.answer.p:.3f}.",
        "",
        *machine,
        f"bench=detection newest_s={newest.cpu:.2f} scan_s={scanned.cpu:.2f} missed={failed + slow}",
    ]
    return lines, 1 if failed + slow else 0


def _ours(counts: np.ndarray, cases: np.ndarray, weeks: int) -> dict[str, Timed]:
    judged = range(counts.shape[1] - weeks, counts.shape[1])

    def by(settings: Farrington) -> np.ndarray:
        return farrington(counts, judged, settings).bound

    compatible = Farrington(**{**vars(ORIGINAL), "as_r": True})
    chances = weights(SerialInterval(5.0, 2.5, "the peer's own example"), 365)
    calls = {
        "improved": lambda: by(IMPROVED),
        "original": lambda: by(compatible),
        "rt": lambda: reproduction(cases, chances).mean,
    }
    return {name: _timed(call, least=1.0) for name, call in calls.items()}


def _timed(call: Callable[[], Any], *, least: float = 0.0) -> Timed:
    """CPU seconds a call, repeated until enough seconds have gone by."""
    answer, begun, turns = call(), process_time(), 0
    while not turns or process_time() - begun < least:
        answer = call()
        turns += 1
    return Timed((process_time() - begun) / turns, answer)


def _beside_r(
    counts: np.ndarray, cases: np.ndarray, weeks: int, ours: dict[str, Timed]
) -> tuple[list[str], list[str], int]:
    """Table, lines for machines, and how many answers differ or ratios fall short."""
    if shutil.which("Rscript") is None:
        return ["R is not installed: nothing to compare with."], ["peer=R absent"], 0
    with tempfile.TemporaryDirectory(prefix="fangxian-bench-detection-") as folder:
        peers, said = _in_r(Path(folder), counts, cases, weeks)
    rows = [
        f"{said}.",
        "",
        "| method | R, CPU s | ours, CPU s | ratio | largest relative difference |",
        "|---|--:|--:|--:|--:|",
    ]
    machine, failed = [], 0
    for name, peer in peers.items():
        mine, ratio = ours[name], peer.cpu / ours[name].cpu
        apart = _apart(mine.answer, peer.answer)
        rows.append(f"| {NAMES[name]} | {peer.cpu:.2f} | {mine.cpu:.4f} | {ratio:.0f} | {apart:.0e} |")
        machine.append(f"peer=R method={name} cpu_ratio={ratio:.1f} wanted={TARGETS[name]:.0f} apart={apart:.1e}")
        failed += int(ratio < TARGETS[name]) + int(not apart <= 1e-9)
    return rows, machine, failed


def _in_r(folder: Path, counts: np.ndarray, cases: np.ndarray, weeks: int) -> tuple[dict[str, Timed], str]:
    """The peers' CPU seconds and results, and their versions."""
    np.savetxt(folder / "counts.csv", counts, fmt="%d", delimiter=",")
    np.savetxt(folder / "cases.csv", cases, fmt="%d", delimiter=",")
    (folder / "plan.csv").write_text(f"weeks\n{weeks}\n")
    ran = subprocess.run(["Rscript", str(PEERS), str(folder)], capture_output=True, text=True, check=True)
    with (folder / "cpu.csv").open() as file:
        cpu = {row["name"]: float(row["cpu"]) for row in csv.DictReader(file)}
    results = {name: np.genfromtxt(folder / f"{name}.csv", delimiter=",", missing_values="NA") for name in cpu}
    return {name: Timed(cpu[name], results[name]) for name in cpu}, ran.stdout.strip().splitlines()[-1]


def _apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest relative difference where they tell anything; infinite when not the same cells are told."""
    ours = ours[:, -theirs.shape[1] :]
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return float("inf")
    told = ~np.isnan(theirs)
    return float((np.abs(ours - theirs)[told] / np.maximum(np.abs(theirs[told]), 1e-9)).max(initial=0.0))


def _many(number: int, counts: np.ndarray) -> np.ndarray:
    """So many series: the simulated ones over and over."""
    return counts[np.arange(number) % len(counts)]


def _scan(areas: int, rng: np.random.Generator) -> Timed:
    """A scan as large as New York's, with one cluster planted."""
    places = rng.random((areas, 2))
    apart = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    nearest = np.argsort(apart, axis=1)[:, : min(NEIGHBOURS, areas)]
    counts = rng.multinomial(CASES, np.full(365 * areas, 1 / (365 * areas))).reshape(365, areas)
    counts[-5:, nearest[0, :5]] += rng.binomial(1, 0.5, (5, 5))
    return _timed(lambda: space_time_scan(counts, nearest, days=LONGEST))


if __name__ == "__main__":
    sys.exit(main())
