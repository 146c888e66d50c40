"""`python -m bench.ingest`: durable scans a second, waits and CPU a scan, beside a plain Django endpoint.

    python -m bench.ingest                                       a minute, figures to look at
    python -m bench.ingest --sustain 5000000 --out bench/results/ingest.md

Every scan counted was acknowledged after a commit with full sync; afterwards the rows in the store are counted too. CPU
is that of the server's process and of PostgreSQL, not of the devices. One last line a store is for machines.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.ingest import cluster, places
from bench.ingest.load import People, Sent, post
from bench.ingest.serving import cpu_of, server

SHAPES = {"single": (1, 64), "batch": (1000, 4)}
PEER_CONNECTIONS = 8
"""More connections only make the peer's writers wait for each other: its figures are the better for it."""
ASK = "from bench.ingest import {module}; print({module}.{what})"
SHARES = {"ours": 1.0, "plain": 0.1}


@dataclass
class Figure:
    """One shape of load on one server."""

    store: str
    peer: str
    shape: str
    sent: Sent
    cpu: float
    stored: int

    @property
    def micros(self) -> float:
        """CPU µs a scan."""
        return 1e6 * self.cpu / max(self.sent.rows, 1)

    def row(self) -> str:
        """A row of the table."""
        rate = self.sent.rows / self.sent.took
        return (
            f"| {self.store} | {self.peer} | {self.shape} | {self.sent.rows:,} | {rate:,.0f} | {self.micros:.1f} "
            f"| {self.sent.percentile(0.5):.1f} | {self.sent.percentile(0.99):.1f} | {self.stored:,} |"
        )


HEAD = """| store | endpoint | scans a request | acknowledged | scans/s | CPU µs a scan | p50 ms | p99 ms | stored |
|---|---|---|---|---|---|---|---|---|"""


def main() -> int:
    """Measure; 1 when a row that was acknowledged is not stored, or none was sent."""
    options = _options()
    lines, ends = [], []
    for store, given, servers in _stores(options.store):
        figures = list(_measure(store, given, servers, options))
        lines += [figure.row() for figure in figures]
        ends.append(_line(store, figures))
        print("\n".join(lines[-len(figures) :]), flush=True)
    text = "\n".join([HEAD, *lines, "", *ends])
    print(f"\n{text}")
    if options.out:
        options.out.write_text(_report(options, text), encoding="utf-8")
    return 0 if ends and all("lost=0" in end for end in ends) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, default=10_000, help="single scans to us; a tenth of them to the peer")
    parser.add_argument("--rows", type=int, default=200_000, help="rows in batches to us; a tenth of them to the peer")
    parser.add_argument("--sustain", type=int, default=0, help="rows in 1,000-row batches in one go, to us only")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), help="only this store")
    parser.add_argument("--out", type=Path, help="write the table here")
    return parser.parse_args()


def _stores(only: str | None) -> Iterator[tuple[str, dict[str, str], set[int]]]:
    if only != "postgresql":
        yield "sqlite", {}, set()
    programs = cluster.home()
    if only != "sqlite" and programs is not None:
        with cluster.running(programs) as (url, dsn, pid):
            yield "postgresql", {"url": url, "dsn": dsn}, {pid}


def _measure(store: str, given: dict, servers: set[int], options: argparse.Namespace) -> Iterator[Figure]:
    for shape, (scans, connections) in SHAPES.items():
        for peer in ("plain", "ours"):
            used = min(connections, PEER_CONNECTIONS) if peer == "plain" else connections
            rows = int((options.scans if scans == 1 else options.rows) * SHARES[peer])
            yield _figure(store, peer, shape, given, servers, rows, scans, used)
    if options.sustain:
        yield _figure(store, "ours", "sustained", given, servers, options.sustain, 1000, 4)


def _figure(
    store: str, peer: str, shape: str, given: dict, servers: set[int], rows: int, scans: int, connections: int
) -> Figure:
    """One server on an empty store, warmed up, loaded, counted."""
    with places.folder() as folder:
        where = {places.FOLDER: str(folder), places.DSN: given.get("url" if peer == "plain" else "dsn", "")}
        if given:
            _empty(given["dsn"])
        token = _ask(peer, "prepare('bench')" if peer == "plain" else "prepare()", where)
        token = "bench" if peer == "plain" else token
        people, each = People(), max(rows // scans // connections, 1)
        with server(f"bench.ingest.{peer}:application", where) as (port, session):
            warm = asyncio.run(post(port, token, [people.bodies(scans, 5) for _ in range(connections)], scans))
            before = cpu_of({session}, servers)
            sent = asyncio.run(post(port, token, [people.bodies(scans, each) for _ in range(connections)], scans))
            cpu = cpu_of({session}, servers) - before
        stored = int(_ask(peer, "stored()", where)) - warm.rows
    return Figure(store, peer, shape, sent, cpu, stored)


def _ask(peer: str, what: str, where: dict[str, str]) -> str:
    """In a process of its own: the peer's settings and ours do not fit into one."""
    program = ASK.format(module=peer, what=what)
    asked = subprocess.run([sys.executable, "-c", program], env={**os.environ, **where}, check=True, stdout=-1)
    return asked.stdout.decode().strip()


def _empty(dsn: str) -> None:
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")


def _line(store: str, figures: list[Figure]) -> str:
    """For machines: ratios of CPU, and whether what was acknowledged is there."""
    by = {(figure.peer, figure.shape): figure for figure in figures}
    ratios = {shape: by["plain", shape].micros / by["ours", shape].micros for shape in SHAPES}
    best = by.get(("ours", "sustained"), by["ours", "batch"])
    acknowledged, stored = sum(f.sent.rows for f in figures), sum(f.stored for f in figures)
    return (
        f"store={store} acknowledged={acknowledged} stored={stored} lost={acknowledged - stored} "
        f"cpu_us_single={by['ours', 'single'].micros:.1f} cpu_us_batch={by['ours', 'batch'].micros:.2f} "
        f"cpu_ratio_single={ratios['single']:.1f} cpu_ratio_batch={ratios['batch']:.1f} "
        f"visits_per_s={best.sent.rows / best.sent.took:.0f} p99_ms={best.sent.percentile(0.99):.1f}"
    )


def _report(options: argparse.Namespace, text: str) -> str:
    return (
        f"# Ingest\n\n`python -m bench.ingest --scans {options.scans} --rows {options.rows} "
        f"--sustain {options.sustain}` "
        f"on {time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.\n\n"
        f"{text}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
