"""One peer beside us: equal checksums first, then turn by turn, so that what else the machine does strikes both."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import pyarrow as pa

from bench.tracing.measure import Sample
from bench.tracing.peers import Spec
from bench.tracing.worker import Build, Handle

ROUND = 20
"""Cases one after the other with one engine before it is the other's turn."""
SECONDS = 20.0
"""A slow peer is asked as many cases as it answers in so many seconds, twice each; never fewer than `FEWEST`."""
FEWEST = 3
BATCHES = 3
BATCH_SECONDS = 60.0
COLD = 6
CHAINS = 10
EXPAND_S = 15 * 60
LIMIT = 1000


@dataclass(frozen=True)
class Chained:
    """The second degree of some cases: rows found in all, samples, and whether every checksum was ours."""

    rows: int
    samples: list[Sample]
    equal: bool


@dataclass
class Result:
    """One engine and, of the same cases in the same minutes, ours beside it."""

    spec: Spec
    rows: int
    name: str = ""
    version: str = ""
    forget: str = ""
    build: Build | None = None
    checksum: str = ""
    contacts: int = 0
    equal: bool = False
    singles: list[Sample] = field(default_factory=list)
    our_singles: list[Sample] = field(default_factory=list)
    batches: list[Sample] = field(default_factory=list)
    our_batches: list[Sample] = field(default_factory=list)
    cold: list[Sample] = field(default_factory=list)
    chain: Chained | None = None
    our_chain: Chained | None = None
    failed: str = ""

    @property
    def single_ratio(self) -> float:
        """CPU of one case, median, against ours of the same cases."""
        return middle(self.singles) / middle(self.our_singles)

    @property
    def batch_ratio(self) -> float:
        return middle(self.batches) / middle(self.our_batches)


def middle(samples: list[Sample], which: str = "cpu") -> float:
    """The median of one of the three times; not a number where nothing was measured."""
    return median(getattr(sample, which) for sample in samples) if samples else float("nan")


def describe(result: Result, peer: Handle, cases: pa.Table) -> None:
    """Load the peer and compute what it answers."""
    result.build = peer.call("build")
    result.name, result.version, result.forget = peer.call("identity")
    result.checksum, result.contacts, _ = peer.call("check", cases)


def side_by_side(result: Result, ours: Handle, peer: Handle, cases: pa.Table, singles: int) -> None:
    """Everything about one peer whose checksum is ours, into `result`."""
    slow = peer.call("singles", cases.slice(0, 1))[0].wall
    count = max(FEWEST, min(singles, int(SECONDS / 2 / max(slow, 1e-6))))
    for part in _parts(cases.slice(0, count)):
        result.our_singles += ours.call("singles", part)
        result.singles += peer.call("singles", part)
    _batches(result, ours, peer, cases)
    if result.spec.chains:
        result.our_chain, result.chain = chained(ours, peer, cases)
    if result.forget:
        result.cold = peer.call("cold", cases.slice(0, COLD if slow < SECONDS / COLD else FEWEST))


def _batches(result: Result, ours: Handle, peer: Handle, cases: pa.Table) -> None:
    """All cases at once, as often as there is time for, turn by turn: each twice, so that its caches are its own again.

    A peer that takes long has just filled them, whatever came before, and is not asked again.
    """
    for _ in range(BATCHES):
        ours.call("batch", cases)
        result.our_batches.append(ours.call("batch", cases))
        result.batches.append(peer.call("batch", cases))
        if result.batches[-1].wall > BATCH_SECONDS / BATCHES:
            return
        result.batches[-1] = peer.call("batch", cases)


def chained(ours: Handle, peer: Handle, cases: pa.Table) -> tuple[Chained, Chained]:
    """The second degree of some cases, ours and the peer's, case by case in turn."""
    asked = [cases.slice(number, 1) for number in range(min(CHAINS, cases.num_rows))]
    found = [(ours.call("chain", case, EXPAND_S, LIMIT), peer.call("chain", case, EXPAND_S, LIMIT)) for case in asked]
    equal = all(mine[:2] == other[:2] for mine, other in found)
    both = (Chained(sum(one[1] for one in side), [one[2] for one in side], equal) for side in zip(*found, strict=True))
    mine, other = both
    return mine, other


def _parts(cases: pa.Table) -> Iterator[pa.Table]:
    return (cases.slice(low, ROUND) for low in range(0, cases.num_rows, ROUND))
