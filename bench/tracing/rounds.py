"""Load every peer, compare checksums, then measure in rounds: what else the machine does strikes all of them alike."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa

from bench.tracing.measure import spent
from bench.tracing.report import Result
from fangxian.engines.tracing import CONTACTS, checksum

ROUND = 20
"""Cases one after the other with one peer, before it is the next one's turn: its data stay in the caches meanwhile."""
WARM = 5
"""Cases of a round before the measured ones, as others have used the caches."""
BATCHES = 3


class Peer(Protocol):
    """One engine with its own copy of the visits. `cpu` counts everything it uses, its server too."""

    key: str
    name: str
    version: str

    def cpu(self) -> float: ...
    def load(self, visits: pa.Table, folder: Path) -> None: ...
    def trace(self, cases: pa.Table) -> pa.Table: ...
    def close(self) -> None: ...


def compare(
    makers: Sequence[Callable[[], Peer]], visits: pa.Table, cases: pa.Table, singles: int, folder: Path
) -> list[Result]:
    """Everything about every peer, in the order given."""
    with ExitStack() as stack:
        peers = []
        for make in makers:
            peers.append(make())
            stack.callback(peers[-1].close)
        loading = [_loaded(peer, visits, folder) for peer in peers]
        found = [_checked(peer, cases) for peer in peers]
        ones = _one_by_one(peers, cases, singles)
        batches = [[_all_at_once(peer, cases) for peer in peers] for _ in range(BATCHES)]
    medians = np.median(ones, axis=1) * 1000
    whole = np.median(batches, axis=0)
    return [
        Result(peer.key, peer.name, peer.version, *found[n], loading[n], medians[n, 0], medians[n, 1], whole[n])
        for n, peer in enumerate(peers)
    ]


def _loaded(peer: Peer, visits: pa.Table, folder: Path) -> float:
    own = folder / peer.key
    own.mkdir()
    seconds = spent(lambda: peer.load(visits, own), peer.cpu)[1]
    print(f"{peer.name}: loaded in {seconds:.1f} s", flush=True)
    return seconds


def _checked(peer: Peer, cases: pa.Table) -> tuple[str, int]:
    found = peer.trace(cases).select(CONTACTS.names).cast(CONTACTS)
    print(f"{peer.name}: {checksum(found)}", flush=True)
    return checksum(found), found.num_rows


def _one_by_one(peers: Sequence[Peer], cases: pa.Table, singles: int) -> np.ndarray:
    """CPU seconds, shape (peers, cases, 2): in all, and in the server (the same where there is none)."""
    times: list[list[tuple[float, float]]] = [[] for _ in peers]
    for part in _parts(cases, singles):
        for peer, own in zip(peers, times, strict=True):
            for case in part[:WARM]:
                peer.trace(case)
            own.extend(_timed(peer, case) for case in part)
    return np.array(times)


def _all_at_once(peer: Peer, cases: pa.Table) -> float:
    """CPU seconds of the second of two runs."""
    peer.trace(cases)
    return spent(lambda: peer.trace(cases), peer.cpu)[1]


def _timed(peer: Peer, case: pa.Table) -> tuple[float, float]:
    server = getattr(peer, "backend_cpu", peer.cpu)
    before, inside = peer.cpu(), server()
    peer.trace(case)
    return peer.cpu() - before, server() - inside


def _parts(cases: pa.Table, singles: int) -> Iterator[list[pa.Table]]:
    numbers = range(min(singles, cases.num_rows))
    for low in range(0, len(numbers), ROUND):
        yield [cases.slice(number, 1) for number in numbers[low : low + ROUND]]
