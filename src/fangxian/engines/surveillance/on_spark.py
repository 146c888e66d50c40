"""The panels of a nation judged by Spark: `newest`, the function of a county's night, mapped over parts of a panel.

A series is one row, so nothing is sorted or sent about: every worker judges the rows it reads, batch by batch, and the
answers come back. Needs `fangxian[spark]` and Java 17 where it is asked, and Python with this package on the workers.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from fangxian.engines.surveillance.newest import NEWEST, USUAL, Levels, newest
from fangxian.engines.surveillance.panel import Floats, Panel, Step

SERIES = pa.schema([("area", pa.string()), ("disease", pa.string()), ("counts", pa.list_(pa.float64()))])
"""One series a row: counts of consecutive periods, null where nobody reported."""
SAID = (
    "area string, disease string, method string, begins date, "
    "observed double, expected double, bound double, p double, alarm boolean"
)
"""The schema `NEWEST` as Spark names it."""


def series(panel: Panel) -> pa.Table:
    """A panel as rows of `SERIES`: what is written to shared storage, or handed to Spark from here."""
    values = pa.array(panel.counts.ravel(), pa.float64(), from_pandas=True)
    ends = pa.array(np.arange(len(panel) + 1) * panel.counts.shape[1], pa.int32())
    counts = pa.ListArray.from_arrays(ends, values)
    return pa.table([pa.array(panel.areas), pa.array(panel.diseases), counts], schema=SERIES)


def judged(rows: Any, *, first: date, step: Step = Step.DAY, levels: Levels = USUAL) -> Any:
    """The newest period of every series, as a data frame of `NEWEST`; the same rows as `newest` of the whole panel.

    rows   Spark data frame of `SERIES`, every series over the same periods
    first  first day of the first period
    """
    with warnings.catch_warnings():  # PySpark complains of a pandas that is not used here
        warnings.simplefilter("ignore", FutureWarning)
        return rows.mapInArrow(_judge(first, step, levels), SAID)


def _judge(first: date, step: Step, levels: Levels) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """What a worker does with the batches it reads."""

    def over(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if batch.num_rows:
                yield from newest(panel_of(batch, first, step), levels).cast(NEWEST).to_batches()

    return over


def panel_of(batch: pa.RecordBatch, first: date, step: Step) -> Panel:
    """The panel of some rows of `SERIES`. Raises ValueError where they are not equally long."""
    counts = batch.column("counts")
    flat: Floats = counts.flatten().to_numpy(zero_copy_only=False)
    periods = len(flat) // batch.num_rows
    if set(counts.value_lengths().to_pylist()) != {periods}:
        raise ValueError("the series of a panel are not equally long")
    begins = [first + timedelta(days=step.value * number) for number in range(periods)]
    table = flat.reshape(batch.num_rows, periods).astype(np.float64)
    areas, diseases = (tuple(batch.column(name).to_pylist()) for name in ("area", "disease"))
    return Panel(areas, diseases, np.array(begins, dtype="datetime64[D]"), table, step=step)
