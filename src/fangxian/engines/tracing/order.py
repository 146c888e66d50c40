"""One sort order of a segment's visits with offsets (CSR): all rows of one key lie together, by time of entry.

A segment holds the visits twice: keyed by place (who was there) and keyed by person (where they were).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fangxian.engines.tracing.model import Int32Array, Int64Array

GONE: Final = np.iinfo(np.int32).min
"""`left_at` of an erased row: earlier than any window, so an erased row meets nobody."""

NOBODY: Final = -1
"""Person or place of an erased row."""

_DENSE: Final = 4
"""Offsets hold one number a key up to this many keys a row; beyond it they list only the keys that occur."""

_BITS: Final = 63


@dataclass(frozen=True, slots=True)
class Order:
    """Four arrays of int32, in memory or memory-mapped.

    offsets: shape (n_keys + 1,): rows of key number k are offsets[k]:offsets[k + 1].
    entered, left, other: shape (rows,): seconds, seconds, and the id of the other side (person or place).
    keys: the key of each number, ascending, when only the keys that occur are listed; None when number and key are one.
    """

    offsets: Int32Array
    entered: Int32Array
    left: Int32Array
    other: Int32Array
    keys: Int32Array | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = (self.offsets, self.entered, self.left, self.other, self.keys)
        return sum(array.nbytes for array in arrays if array is not None)

    def ranges(self, wanted: Int32Array) -> tuple[Int64Array, Int64Array]:
        """First and one-past-last row of each wanted key (0 or more); both equal where the key has no rows."""
        count = len(self.offsets) - 1
        if self.keys is None:
            low = np.minimum(wanted, count)
            high = np.minimum(low + 1, count)
        else:
            low = self.keys.searchsorted(wanted)
            high = low + (self.keys[np.minimum(low, count - 1)] == wanted) if count else low
        return self.offsets[low].astype(np.int64), self.offsets[high].astype(np.int64)

    def all_keys(self) -> Int32Array:
        """The key of every row, shape (rows,)."""
        counts = np.diff(self.offsets)
        keys = np.arange(len(counts), dtype=np.int32) if self.keys is None else self.keys
        return np.repeat(keys, counts)


def build(key: Int32Array, entered: Int32Array, left: Int32Array, other: Int32Array) -> Order:
    """Sort visits by key and time of entry. Arrays of one length, ids of 0 or more."""
    return arranged(key, entered, left, other)[0]


def arranged(
    key: Int32Array, entered: Int32Array, left: Int32Array, other: Int32Array
) -> tuple[Order, npt.NDArray[np.intp]]:
    """Visits sorted by key and time of entry, and which row each was. Rows alike stay as they were."""
    if not len(key):
        nothing = np.empty(0, dtype=np.int32)
        return Order(np.zeros(1, dtype=np.int32), nothing, nothing, nothing), np.empty(0, dtype=np.intp)
    rows, sorted_entered = _sorted(key, entered)
    pairs = left.astype(np.int64) << 32
    pairs |= other
    pairs = pairs[rows]  # both in one go: reading at random places is what costs
    offsets, keys = _offsets(key)
    return Order(offsets, sorted_entered, (pairs >> 32).astype(np.int32), pairs.astype(np.int32), keys), rows


def _sorted(key: Int32Array, entered: Int32Array) -> tuple[npt.NDArray[np.intp], Int32Array]:
    """Row numbers in order of key and time, and the times in that order.

    Key, time and row number are sorted as one number where they fit into 63 bits (a day of a province does): half the
    work of sorting row numbers by key and time.
    """
    first = int(entered.min())
    since = entered.astype(np.int64) - first
    row_bits, time_bits = len(key).bit_length(), int(since.max()).bit_length()
    if int(key.max()).bit_length() + time_bits + row_bits > _BITS:
        rows = np.lexsort((since, key))
        return rows, entered[rows]
    since |= key.astype(np.int64) << time_bits
    since <<= row_bits
    since |= np.arange(len(key))
    since.sort()
    rows = since & ((1 << row_bits) - 1)
    since >>= row_bits
    since &= (1 << time_bits) - 1
    since += first
    return rows, since.astype(np.int32)


def _offsets(key: Int32Array) -> tuple[Int32Array, Int32Array | None]:
    top = int(key.max()) + 1
    if top <= _DENSE * len(key) + 1024:
        counts = np.bincount(key, minlength=top)
        keys = None
    else:
        found, counts = np.unique(key, return_counts=True)
        keys = found.astype(np.int32)
    offsets = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=offsets[1:])
    return offsets, keys
