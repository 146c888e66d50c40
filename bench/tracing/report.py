"""What the comparison prints: tables, verdicts, one machine-readable line a peer."""

import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from bench.tracing.limit import Machine, Touched
from bench.tracing.measure import Sample
from bench.tracing.rounds import EXPAND_S, LIMIT, Chained, Result, middle

SINGLE_MS, BATCH_S, COLD_MS, FAST_BYTES, SEALED_BYTES, SEAL_CPU, CHAIN_S = 2.0, 1.0, 50.0, 27.0, 18.0, 0.4, 2.0
"""Targets of our own figures at a hundred million visits."""
CHAIN_RATIO = 3.0
HEADING = """\
| engine | one case, CPU ms | ratio | wall ms | cold, wall ms | all, CPU s | ratio | wall s | load, CPU s | B a visit |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True)
class Limits:
    """The machine as probed, and what single cases and all cases together read."""

    machine: Machine
    singles: list[Touched]
    batch: Touched

    @property
    def single(self) -> float:
        """Seconds, the median case."""
        return median(touched.seconds(self.machine) for touched in self.singles)

    @property
    def together(self) -> float:
        return self.batch.seconds_together(self.machine)


@dataclass
class Run:
    """Everything of one run; of each log the first result is ours."""

    cases: int
    results: list[Result] = field(default_factory=list)
    limits: Limits | None = None

    @property
    def ours(self) -> Result:
        return self.results[0]

    @property
    def peers(self) -> list[Result]:
        return [result for result in self.results if result.spec.key != self.ours.spec.key]

    @property
    def agrees(self) -> bool:
        """Whether every peer ran and answered as we do."""
        chains = [result.chain.equal for result in self.peers if result.chain]
        return all(result.equal and not result.failed for result in self.peers) and all(chains)


def progress(result: Result) -> str:
    """One line as soon as a peer is done."""
    if result.failed:
        return f"{result.spec.key} failed:\n{result.failed}"
    said = f"{result.name}: {result.checksum}, {result.contacts:,} contacts"
    return f"{said}\n{_row(result, result)}\n{_line(result)}" if result.singles else said


def lines(run: Run) -> list[str]:
    """`peer=… rows=… cpu_ratio_single=… cpu_ratio_1000=…` each, and a last one about us."""
    ours, limits = run.ours, run.limits
    last = f"bench tracing rows={ours.rows} equal={'yes' if run.agrees else 'no'} "
    last += f"single_ms={middle(ours.singles) * 1000:.2f} batch_s={middle(ours.batches):.2f}"
    if limits:
        last += f" of_limit_single={middle(ours.singles) / limits.single:.0f}"
    return [*(_line(result) for result in run.peers), last]


def _line(result: Result) -> str:
    if result.failed or not result.equal:
        return f"peer={result.spec.key} rows={result.rows} {'failed=yes' if result.failed else 'equal=no'}"
    ratios = f"cpu_ratio_single={result.single_ratio:.1f} cpu_ratio_1000={result.batch_ratio:.1f}"
    return f"peer={result.spec.key} rows={result.rows} {ratios}"


def page(run: Run) -> str:
    """The whole result as Markdown."""
    parts = ["# Tracing, side by side in one run", _setting(run)]
    for rows in dict.fromkeys(result.rows for result in run.results):
        parts += [f"## {rows:,} visits", _agreement(run, rows), _table([r for r in run.results if r.rows == rows])]
    parts += ["## Contacts of contacts", _chains(run), "## Sealing and disk", _store(run.ours)]
    if run.limits:
        parts += ["## Distance to the physical limit", _limits(run.ours, run.limits)]
    parts += ["## Targets", _verdicts(run), "## For machines", "    " + "\n    ".join(lines(run)), "## How", _how(run)]
    return "\n\n".join(parts) + "\n"


def _setting(run: Run) -> str:
    cores, load = os.cpu_count(), os.getloadavg()[1]
    return (
        f"{_processor()}, {cores} cores, Python {platform.python_version()}; load {load:.1f} at the end. "
        f"{run.cases:,} cases of five days. CPU time of process and server decides; wall time is beside it. Every "
        "ratio is to our own CPU for the same cases, measured turn by turn with that peer."
    )


def _agreement(run: Run, rows: int) -> str:
    found = [result for result in run.results if result.rows == rows]
    differ = [result.spec.key for result in found[1:] if not result.equal]
    said = f"{found[0].contacts:,} contacts, checksum over all rows and columns {found[0].checksum}: "
    return said + (f"NOT the same for {', '.join(differ)}." if differ else "the same for every engine.")


def _table(results: list[Result]) -> str:
    return "\n".join([HEADING, *(_row(result, results[0]) for result in results)])


def _row(result: Result, ours: Result) -> str:
    if not result.singles or result.build is None:
        return f"| {result.name or result.spec.key} | did not answer or differs | | | | | | | | |"
    mine = result is ours
    cells = [
        f"{result.name} ({result.version})",
        f"{middle(result.singles) * 1000:.2f}",
        "1" if mine else f"{result.single_ratio:.3g}",
        f"{middle(result.singles, 'wall') * 1000:.2f}",
        f"{middle(result.cold, 'wall') * 1000:.0f}" if result.cold else "",
        f"{middle(result.batches):.2f}",
        "1" if mine else f"{result.batch_ratio:.3g}",
        f"{middle(result.batches, 'wall'):.2f}",
        f"{result.build.cpu:.0f}",
        f"{result.build.bytes / result.rows:.1f}" if result.build.bytes else "",
    ]
    return f"| {' | '.join(cells)} |"


def _chains(run: Run) -> str:
    found = [result for result in run.peers if result.chain and result.our_chain]
    if not found:
        return "Not measured: no peer of it was asked."
    asked = len(found[0].chain.samples)
    text = [
        f"Expanded from {EXPAND_S // 60} minutes together, the best {LIMIT:,} of each case; {asked} cases, warm.",
        "",
        "| engine | median CPU s | ratio | worst CPU s | worst wall s | rows | checksums |",
        "|---|--:|--:|--:|--:|--:|---|",
        _chain_row(run.ours.name, found[0].our_chain, found[0].our_chain),
        *(_chain_row(result.name, result.chain, result.our_chain) for result in found),
    ]
    return "\n".join(text)


def _chain_row(name: str, chain: Chained, ours: Chained) -> str:
    ratio = middle(chain.samples) / middle(ours.samples)
    worst = max(sample.cpu for sample in chain.samples), max(sample.wall for sample in chain.samples)
    equal = "equal" if chain.equal else "DIFFER"
    figures = f"{middle(chain.samples):.3f} | {ratio:.1f} | {worst[0]:.2f} | {worst[1]:.2f}"
    return f"| {name} | {figures} | {chain.rows:,} | {equal} |"


def _store(ours: Result) -> str:
    said = ours.build.more
    sealing = f"{said['seal_cpu']:.2f} s CPU, {said['seal_wall']:.2f} s wall"
    return "\n".join(
        [
            "| | a visit or a million visits |",
            "|---|--:|",
            f"| sealed days (record: both orders, all columns) | {said['sealed_bytes']:.1f} B |",
            f"| fast segments (derived) | {said['fast_bytes']:.1f} B |",
            f"| sealing, both, with checksums and `fsync` | {sealing} |",
            f"| of it the fast segment | {said['fast_cpu']:.2f} s CPU |",
        ]
    )


def _limits(ours: Result, limits: Limits) -> str:
    machine, one = limits.machine, limits.single
    bytes_, misses = (median(getattr(touched, name) for touched in limits.singles) for name in ("bytes", "misses"))
    cpu, batch = middle(ours.singles), middle(ours.batches)
    read = f"{limits.batch.rows:,} rows ({limits.batch.bytes / 1e6:.0f} MB)"
    return (
        f"Probed in the same run: one core reads {machine.bandwidth / 1e9:.1f} GB/s in sequence, a read at a random "
        f"place takes {machine.latency * 1e9:.0f} ns, sorting a million keys {machine.sort * 1e9:.0f} ns a key.\n\n"
        f"- One case (median) reads {bytes_ / 1000:.0f} kB of rows and waits for {misses:.0f} look-ups: at least "
        f"{one * 1e6:.0f} µs. We take {cpu * 1e6:.0f} µs, {cpu / one:.0f} times that.\n"
        f"- All cases together read {read}, in sequence at least {limits.together * 1000:.1f} ms. We take "
        f"{batch:.2f} s, {batch / limits.together:.0f} times that; one NumPy sort of as many keys, to bring the "
        f"rows of a contact together, would take {limits.batch.rows * machine.sort:.2f} s."
    )


def _verdicts(run: Run) -> str:
    ours, said = run.ours, run.ours.build.more
    own = [
        ("one case, CPU ms", middle(ours.singles) * 1000, SINGLE_MS),
        ("one case cold, wall ms", middle(ours.cold, "wall") * 1000, COLD_MS),
        ("1,000 cases, CPU s", middle(ours.batches), BATCH_S),
        ("fast bytes a visit", said["fast_bytes"], FAST_BYTES),
        ("sealed bytes a visit", said["sealed_bytes"], SEALED_BYTES),
        ("sealing a million, CPU s", said["seal_cpu"], SEAL_CPU),
    ]
    chains = [result for result in run.peers if result.chain and result.spec.single]
    own += [("second degree, wall s p95", _p95(chains[0].our_chain.samples), CHAIN_S)] if chains else []
    compiled = [result for result in run.peers if result.chain and result.spec.key == "fangxian_numba"]
    own += [("second degree with Numba, wall s p95", _p95(one.chain.samples), CHAIN_S) for one in compiled]
    text = [f"- {what}: {value:.2f}, at most {most:g}: {_met(value <= most)}" for what, value, most in own]
    for result in run.peers:
        for what, target, ratio in _ratios(result):
            verdict = f"{ratio:.1f} times, at least {target:g}: {_met(ratio >= target)}"
            text.append(f"- {what} against {result.name}: {verdict}")
    return "\n".join(text)


def _ratios(result: Result) -> list[tuple[str, float, float]]:
    spec = result.spec
    if not result.singles:
        return []
    found = [("one case", spec.single, result.single_ratio), ("1,000 cases", spec.batch, result.batch_ratio)]
    if result.chain and spec.single:
        found.append(("second degree", CHAIN_RATIO, middle(result.chain.samples) / middle(result.our_chain.samples)))
    return [entry for entry in found if entry[1]]


def _how(run: Run) -> str:
    said = {result.name: result.forget or "all in memory, no cold case" for result in run.results}
    forgotten = "\n".join(f"- {name}: {how}." for name, how in said.items())
    return (
        "Warm: the same cases were asked just before. Cold, before each case anew (`posix_fadvise(DONTNEED)` on every "
        f"file after `fsync`; a virtual machine's disk may keep a cache of its own):\n\n{forgotten}"
    )


def _met(yes: bool) -> str:
    return "met" if yes else "**missed**"


def _p95(samples: list[Sample]) -> float:
    return quantiles((sample.wall for sample in samples), n=20, method="inclusive")[-1] if len(samples) > 1 else 0.0


def _processor() -> str:
    for entry in Path("/proc/cpuinfo").read_text().splitlines():
        if entry.startswith("model name"):
            return entry.split(":")[1].strip()
    return platform.processor()
