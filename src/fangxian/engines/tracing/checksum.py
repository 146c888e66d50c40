"""One number for a whole table, whatever the order of its rows: engines that agree have equal numbers."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Words = npt.NDArray[np.uint64]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FACTORS: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def checksum(table: pa.Table) -> str:
    """Sum modulo 2**64 of a hash of every row over all columns, as "0x" and 16 hex digits.

    table: columns of integers or doubles (by their bits) without nulls. The order of the rows does not matter; the
    order of the columns, every value and the number of equal rows do. The hash of a row chains the finalizer of
    SplitMix64 (Steele, Lea and Flood, 2014). Raises ValueError for another column or one that holds a null.
    """
    rows: Words = np.full(table.num_rows, _STEP, dtype=np.uint64)
    for name in table.column_names:
        column = table[name]
        if not (pa.types.is_integer(column.type) or pa.types.is_float64(column.type)) or column.null_count:
            raise ValueError(f"checksum: column {name} is not of numbers only")
        values = column.to_numpy()
        rows = _mixed(rows + (values if values.dtype == np.float64 else values.astype(np.int64)).view(np.uint64))
    return f"0x{int(rows.sum(dtype=np.uint64)):016x}"


def _mixed(words: Words) -> Words:
    """A change of one bit changes half of the bits; wraps around silently, as arrays of unsigned integers do."""
    words = words + _STEP
    words = (words ^ (words >> np.uint64(30))) * _FACTORS[0]
    words = (words ^ (words >> np.uint64(27))) * _FACTORS[1]
    return words ^ (words >> np.uint64(31))
