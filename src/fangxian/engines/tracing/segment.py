"""An open segment: both orders of some visits, memory-mapped from a folder or built in memory for the hot rows."""

import mmap
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fangxian.engines.tracing.counting import Counts, counted, recounted
from fangxian.engines.tracing.layout import (
    COUNTS,
    FILES,
    SegmentInfo,
    map_counts,
    map_order,
    orders_of,
    read_header,
)
from fangxian.engines.tracing.model import VISITS, Int32Array, Int64Array
from fangxian.engines.tracing.order import GONE, NOBODY, Order


@dataclass(frozen=True, slots=True)
class Segment:
    """Visits of a day (or of a part of it), ready to be traced.

    by_place, by_person: the two orders. info: what they hold. folder: None for a segment in memory.
    """

    by_place: Order
    by_person: Order
    info: SegmentInfo
    folder: Path | None = None
    _maps: tuple[mmap.mmap, ...] = field(default=(), repr=False)

    @classmethod
    def open(cls, folder: Path) -> "Segment":
        """Map the segment that `write_segment` left in `folder`.

        The maps are read at random places, so the system is told not to read ahead: that makes a first, cold trace
        some ten times quicker. Raises FileNotFoundError, or ValueError for another version of the layout or a file that
        is not what was written.
        """
        info = read_header(folder)
        by_place, place_maps = map_order(folder, "place")
        by_person, person_maps = map_order(folder, "person")
        return cls(by_place, by_person, info, folder, (*place_maps, *person_maps))

    @classmethod
    def of(cls, visits: pa.Table) -> "Segment":
        """A segment in memory from a table of visits (schema `VISITS`), for rows that are not sealed yet.

        Raises ValueError for a wrong table.
        """
        by_place, by_person, info = orders_of(visits)
        return cls(by_place, by_person, info)

    def prefetch(self) -> None:
        """Ask the system to read the whole segment ahead: right before a batch of more than about a hundred cases."""
        for mapped in self._maps:
            mapped.madvise(mmap.MADV_WILLNEED)

    def overlaps(self, t0: int, t1: int) -> bool:
        """Whether a visit in here may share a second with `[t0, t1)`."""
        return self.info.rows > 0 and self.info.first_entered < t1 and self.info.last_left > t0

    def table(self) -> pa.Table:
        """All visits but the erased ones as a table (schema `VISITS`), ordered by place and time of entry."""
        order = self.by_place
        kept = order.left != GONE
        columns = (order.other, order.all_keys(), order.entered, order.left)
        return pa.table([pa.array(column[kept]) for column in columns], schema=VISITS)

    def counts(self) -> Counts:
        """Visits and different persons of each key of the place order; of a segment in memory counted now."""
        return counted(self.by_place, self.by_person) if self.folder is None else map_counts(self.folder)

    def erase(self, person_id: int) -> int:
        """Overwrite every visit of one person in both orders, in place; returns the number of visits erased.

        What stays is that somebody unknown entered a place at a time, without a stay (it meets nobody), and how many
        rows were erased. Readers that hold the segment open see it at once. Safe to repeat after a crash at any point:
        the place order is overwritten and flushed first, then its places are counted anew, and the person order names
        what is left to do until its end.

        Raises ValueError for a segment in memory: build it again without the person.
        """
        if self.folder is None:
            raise ValueError("a segment in memory is built again, not erased")
        low, high = (int(bound[0]) for bound in self.by_person.ranges(np.array([person_id], dtype=np.int32)))
        own = [row for row in range(low, high) if self.by_person.left[row] != GONE]
        if own:
            rows = np.concatenate([self._place_rows(person_id, row) for row in own])
            places = np.unique(self.by_person.other[own])
            _overwrite(self.folder, "place", rows, {"left": GONE, "other": NOBODY})
            _write_counts(self.folder, *recounted(self.by_place, places))
            _overwrite(self.folder, "person", np.array(own), {"other": NOBODY, "entered": GONE, "left": GONE})
        return len(own)

    def _place_rows(self, person_id: int, row: int) -> Int32Array:
        """The rows of the place order that are the person's at the place and time of one row of the person order."""
        place, entered = self.by_person.other[row : row + 1], self.by_person.entered[row]
        low, high = (int(bound[0]) for bound in self.by_place.ranges(place))
        same_time = self.by_place.entered[low:high] == entered
        found = low + np.flatnonzero(same_time & (self.by_place.other[low:high] == person_id))
        return found.astype(np.int32)


def _overwrite(folder: Path, order: str, rows: Int32Array, values: dict[str, int]) -> None:
    """Write the values in the order given: what tells an unfinished erasure from a finished one comes last."""
    for column, value in values.items():
        _overwrite_column(folder / f"{FILES[order][column]}.npy", rows, value)


def _write_counts(folder: Path, numbers: Int64Array, counts: Counts) -> None:
    for side, name in COUNTS.items():
        _overwrite_column(folder / f"{name}.npy", numbers, getattr(counts, side))


def _overwrite_column(path: Path, rows: npt.NDArray[np.integer], value: int | Int32Array) -> None:
    array = np.load(path, mmap_mode="r+")
    array[rows] = value
    array.flush()
