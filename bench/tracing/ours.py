"""Fangxian: NumPy over memory-mapped day segments."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.tracing.measure import own_cpu
from fangxian.engines.tracing import Segment, VisitStore, trace, write_segment

DAY = 86400


class Ours:
    key = "fangxian"
    name = "Fangxian segments (NumPy)"
    version = f"numpy {np.__version__}"
    cpu = staticmethod(own_cpu)

    def load(self, visits: pa.Table, folder: Path) -> None:
        days = visits["entered_at"].to_numpy() // DAY
        segments = []
        for day in np.unique(days):
            write_segment(visits.filter(pa.array(days == day)), folder / str(day))
            segments.append(Segment.open(folder / str(day)))
        self.store = VisitStore(segments)

    def trace(self, cases: pa.Table) -> pa.Table:
        return trace(self.store, cases)

    def close(self) -> None:
        self.store = VisitStore()
