"""`python -m bench.goods [--rows N] [--recalls N] [--out FILE]`: equal results first, then CPU ratios of one run."""

import argparse
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time

from bench.goods import city
from bench.goods.peers import Duck, Postgres
from fangxian.engines.lots import ANYWHERE, Direction, LotGraph, Seed


def main() -> int:
    """Build, compare, measure; fails when an answer differs or a recall takes a second."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--recalls", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    lines, code = measure(options.rows, options.recalls, options.seed)
    print("\n".join(lines))
    if options.out:
        options.out.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return code


def measure(rows: int, recalls: int, seed: int) -> tuple[list[str], int]:
    """The report as lines of markdown, and the exit code."""
    load, movements = os.getloadavg()[0], city.trade(rows, seed)
    lots = city.positives(movements, recalls, seed)
    begin, end = city.BEGIN, int(movements.at.max())
    started = process_time()
    graph = LotGraph(movements)
    built = process_time() - started
    ours, cpu, slowest = _ours(graph, lots, begin, end)
    sizes = [len(answer) for answer in ours]
    lines = [
        f"# {recalls} recalls among {len(movements):,} movements of goods",
        "",
        f"`python -m bench.goods --rows {rows} --recalls {recalls}`, {datetime.now():%Y-%m-%d %H:%M}, load {load:.1f}.",
        f"One recall reached {min(sizes)} to {max(sizes):,} holdings, {sum(sizes) / len(sizes):,.0f} on the average.",
        "",
        "| engine | building, CPU s | one recall, CPU ms | times ours |",
        "|---|--:|--:|--:|",
        f"| Fangxian, sorted arrays | {built:.2f} | {cpu / recalls * 1000:.2f} | 1 |",
    ]
    machine, wrong = [], 0
    for kind in (Duck, Postgres):
        with tempfile.TemporaryDirectory(prefix="fangxian-bench-goods-") as folder:
            row, line, differing = _peer(kind, movements, Path(folder), lots, begin, end, ours, cpu)
        lines.append(row)
        machine.append(line)
        wrong += differing
    told = f"Answers compared row by row first: {wrong} differ. Our slowest took {slowest * 1000:.1f} ms of the clock."
    last = f"bench=goods rows={len(movements)} recalls={recalls} slowest_s={slowest:.3f} wrong={wrong}"
    lines += ["", told, "", *machine, last]
    return lines, 0 if wrong == 0 and slowest < 1 else 1


def _ours(graph: LotGraph, lots: list[int], begin: int, end: int):
    answers, slowest, started = [], 0.0, process_time()
    for lot in lots:
        clock = perf_counter()
        found = graph.follow([Seed(lot, ANYWHERE, begin)], direction=Direction.DOWN, limit=end)
        slowest = max(slowest, perf_counter() - clock)
        answers.append([tuple(row) for row in found.holdings])
    return answers, process_time() - started, slowest


def _peer(kind, movements, folder: Path, lots: list[int], begin: int, end: int, ours, cpu: float):
    started = process_time()
    peer = kind(movements, folder)
    built = process_time() - started + peer.server_cpu()
    try:
        before = process_time() + peer.server_cpu()
        answers = [peer.follow(lot, begin, end) for lot in lots]
        spent = process_time() + peer.server_cpu() - before
    finally:
        peer.close()
    wrong = sum(one != other for one, other in zip(ours, answers, strict=True))
    ratio = spent / cpu
    row = f"| {peer.name} | {built:.2f} | {spent / len(lots) * 1000:.2f} | {ratio:.1f} |"
    return row, f"peer={kind.__name__.lower()} cpu_ratio={ratio:.1f} wrong={wrong}", wrong


if __name__ == "__main__":
    sys.exit(main())
