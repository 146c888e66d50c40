"""Fangxian: the visit log's own sealed days and memory-mapped segments, read by NumPy or by the compiled engine."""

import gc
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.tracing.city import CityLog
from bench.tracing.limit import Touched, touched
from bench.tracing.measure import Sample, bytes_in, drop_caches, own_cpu, spent
from bench.tracing.peer import Peer
from fangxian.engines.tracing import VisitStore, trace, trace_chain, write_segment
from fangxian.warehouse.visits import sealing
from fangxian.warehouse.visits.bulk import uuids7
from fangxian.warehouse.visits.folder import VisitFolder
from fangxian.warehouse.visits.rows import ROWS


class Ours(Peer):
    name = "Fangxian segments (NumPy)"
    version = f"numpy {np.__version__}"
    forget = "maps closed, files dropped from the page cache, mapped again"
    engine = "segments"

    def __init__(self, log: CityLog, folder: Path) -> None:
        super().__init__(log, folder)
        self.visits = VisitFolder(folder, "UTC", print)

    def build(self) -> dict[str, float]:
        """Seal day by day as the visit log does; what of it is sealing, and what of that is the fast segments."""
        sealed = [self._seal(table) for _, table in self.log.days()]
        middle = list(self.log.days())[len(sealed) // 2][1]
        _, fast = spent(lambda: write_segment(middle, self.folder / "again"), own_cpu)
        shutil.rmtree(self.folder / "again")
        millions = self.log.rows / 1e6
        return {
            "seal_cpu": sum(took.cpu for took in sealed) / millions,
            "seal_wall": sum(took.wall for took in sealed) / millions,
            "fast_cpu": fast.cpu / middle.num_rows * 1e6,
            "fast_bytes": bytes_in(self.visits.root / "fast") / self.log.rows,
            "sealed_bytes": bytes_in(self.visits.sealed) / self.log.rows,
        }

    def _seal(self, day: pa.Table) -> Sample:
        rows = _as_rows(day)
        with self.visits.changing():
            return spent(lambda: sealing.add_rows(self.visits, rows), own_cpu)[1]

    def open(self) -> None:
        with self.visits.reading() as manifest:
            self.store = VisitStore([self.visits.fast.open(part, ()) for part in manifest.parts])

    def trace(self, cases: pa.Table) -> pa.Table:
        return trace(self.store, cases, engine=self.engine)

    def second_degree(self, case: pa.Table, seconds: int, limit: int) -> pa.Table:
        return trace_chain(self.store, case, expand_min_overlap=seconds, limit=limit, engine=self.engine).second

    def touched(self, cases: pa.Table) -> Touched:
        """What the cases read, for the physical limit."""
        return touched(self.store, cases)

    def close(self) -> None:
        self.store = VisitStore()
        gc.collect()

    def cool(self) -> None:
        self.close()
        drop_caches(self.folder / "fast")
        self.open()


class Compiled(Ours):
    name = "Fangxian segments (Numba)"
    engine = "numba"

    @property
    def version(self) -> str:
        import numba

        return f"numba {numba.__version__}"


def compiled_is_there() -> bool:
    """Whether there is the compiled engine and Numba is installed."""
    return all(find_spec(name) for name in ("fangxian.engines.tracing.on_numba", "numba"))


def _as_rows(day: pa.Table) -> pa.Table:
    """A day's visits (schema `VISITS`) as the visit log keeps them (`ROWS`), with ids made by devices at the door."""
    count, entered = day.num_rows, day["entered_at"]
    known = {name: day[name] for name in day.column_names} | {
        "visit_id": uuids7(entered.to_numpy().astype(np.int64) * 1000),
        "device_at": entered,
        "received_at": entered,
        "flags": pa.array(np.zeros(count, dtype=np.int16)),
    }
    return pa.table(
        [known.get(column.name, pa.nulls(count, column.type)) for column in ROWS],
        schema=ROWS,
    )
