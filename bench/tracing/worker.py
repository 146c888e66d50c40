"""A peer in a process of its own, and the handle by which the comparison asks it."""

import json
import multiprocessing as mp
import traceback
from dataclasses import asdict, dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from bench.tracing.city import CityLog
from bench.tracing.measure import Sample, bytes_in, cpu_of_children, own_cpu, spent
from bench.tracing.peer import Peer
from fangxian.engines.tracing import CONTACTS, SECOND, checksum

BUILT = "built.json"


class PeerFailed(RuntimeError):
    """The peer's process raised; the message is its traceback."""


@dataclass(frozen=True)
class Build:
    """What loading took: CPU seconds of process and server, wall seconds, bytes on disk; `more` by the peer."""

    cpu: float
    wall: float
    bytes: int
    more: dict[str, float]


class Station:
    """The side inside the process: every method is one request."""

    def __init__(self, target: str, log: CityLog, folder: Path) -> None:
        module, _, name = target.partition(":")
        folder.mkdir(parents=True, exist_ok=True)
        self.peer: Peer = getattr(import_module(module), name)(log, folder)
        self.folder, self.ready = folder, False

    def build(self) -> Build:
        said = self.folder.with_name(f"{self.folder.name}.{BUILT}")
        if not said.exists():
            more, took = spent(self.peer.build, lambda: own_cpu() + cpu_of_children(mp.current_process().pid or 0))
            more = more or {}
            cpu = took.cpu + more.pop("server_cpu", 0.0)
            said.write_text(json.dumps(asdict(Build(cpu, took.wall, bytes_in(self.folder), more))))
        self.peer.open()
        self.ready = True
        return Build(**json.loads(said.read_text()))

    def identity(self) -> tuple[str, str, str]:
        return self.peer.name, self.peer.version, self.peer.forget

    def check(self, cases: pa.Table) -> tuple[str, int, Sample]:
        """Checksum over all columns and rows, their number, and what it took: the cold run of a batch."""
        found, took = self._spent(lambda: self.peer.trace(cases))
        return checksum(found.select(CONTACTS.names).cast(CONTACTS)), found.num_rows, took

    def singles(self, cases: pa.Table) -> list[Sample]:
        """Every case twice, one by one: the first time warms the caches, the second counts."""
        parts = [cases.slice(number, 1) for number in range(cases.num_rows)]
        for part in parts:
            self.peer.trace(part)
        return [self._spent(lambda part=part: self.peer.trace(part))[1] for part in parts]

    def batch(self, cases: pa.Table) -> Sample:
        return self._spent(lambda: self.peer.trace(cases))[1]

    def cold(self, cases: pa.Table) -> list[Sample]:
        """Every case once, each after the caches were dropped."""
        return [self._cold(cases.slice(number, 1)) for number in range(cases.num_rows)]

    def chain(self, case: pa.Table, seconds: int, limit: int) -> tuple[str, int, Sample]:
        """The second degree of a case, asked twice: checksum, rows, and what the second time took."""
        self.peer.second_degree(case, seconds, limit)
        found, took = self._spent(lambda: self.peer.second_degree(case, seconds, limit))
        return checksum(found.select(SECOND.names).cast(SECOND)), found.num_rows, took

    def ask(self, name: str, *arguments: Any) -> Any:
        """Something only this peer knows."""
        return getattr(self.peer, name)(*arguments)

    def _cold(self, case: pa.Table) -> Sample:
        self.peer.cool()
        return self._spent(lambda: self.peer.trace(case))[1]

    def _spent(self, run: Any) -> tuple[pa.Table, Sample]:
        return spent(run, self.peer.cpu, self.peer.server_cpu)


class Handle:
    """A peer's process: any method of `Station` by name."""

    def __init__(self, target: str, log: CityLog, folder: Path) -> None:
        context = mp.get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=_serve, args=(far, target, log, folder))
        self.process.start()
        far.close()

    def call(self, name: str, *arguments: Any) -> Any:
        """The answer. Raises PeerFailed with the traceback of the process."""
        try:
            self.pipe.send((name, arguments))
            answer, fault = self.pipe.recv()
        except (EOFError, BrokenPipeError) as error:
            raise PeerFailed("the process is gone") from error
        if fault:
            raise PeerFailed(fault)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let the peer close what it holds; its process ends."""
        self.pipe.close()
        self.process.join(60)
        if self.process.is_alive():
            self.process.kill()


def _serve(pipe: Connection, target: str, log: CityLog, folder: Path) -> None:
    station: Station | None = None
    while True:
        try:
            name, arguments = pipe.recv()
        except EOFError:
            break
        try:
            station = station or Station(target, log, folder)
            pipe.send((getattr(station, name)(*arguments), None))
        except Exception:
            pipe.send((None, traceback.format_exc()))
    if station and station.ready:
        station.peer.close()
