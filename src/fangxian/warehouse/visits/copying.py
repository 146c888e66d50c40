"""Rows in the binary form of PostgreSQL's COPY, made for a whole commit at once.

COPY writes a page full of rows as one entry of the server's log, where an insert that looks for conflicts writes two
entries a row. The form: a signature, then each row as its number of fields and each field behind its length (a null is
the length -1 and nothing), then -1.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

FORMS = ("V16", "V16", "V16", ">i4", ">i4", ">i2", ">i2", ">i4", ">i4", ">i2")
"""How the columns of a visit lie in memory: ids of sixteen bytes, then numbers of four or two."""
HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
END = struct.pack(">h", -1)
NULL = -1
LENGTH = 4


def _form() -> np.dtype:
    fields = [(f"{part}{at}", form) for at, value in enumerate(FORMS) for part, form in (("n", ">i4"), ("v", value))]
    return np.dtype([("fields", ">i2"), *fields])


ROW = _form()


def copied(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows with the columns of `Visit` as COPY takes them; only numbers may be None."""
    cells = np.empty(len(rows), ROW)
    cells["fields"] = len(FORMS)
    missing = {at: _fill(cells, at, column) for at, column in enumerate(zip(*rows, strict=True))}
    holes = {at: nulls for at, nulls in missing.items() if nulls is not None}
    return HEAD + (_without_holes(cells, holes) if holes else cells.tobytes()) + END


def _fill(cells: np.ndarray, at: int, column: Sequence[Any]) -> np.ndarray | None:
    """Write a column into the cells; where it has nulls, if anywhere."""
    length, value = cells[f"n{at}"], cells[f"v{at}"]
    length[:] = value.dtype.itemsize
    if value.dtype.kind == "V":
        value[:] = np.frombuffer(b"".join(column), value.dtype)
        return None
    if None not in column:
        value[:] = column
        return None
    nulls = np.array([one is None for one in column])
    length[nulls] = NULL
    value[:] = [0 if one is None else one for one in column]
    return nulls


def _without_holes(cells: np.ndarray, holes: dict[int, np.ndarray]) -> bytes:
    """The cells, a null without the bytes of a value."""
    letters = cells.view(np.uint8).reshape(len(cells), ROW.itemsize)
    kept = np.ones(letters.shape, bool)
    for at, nulls in holes.items():
        form, offset = ROW.fields[f"v{at}"][:2]
        kept[nulls, offset : offset + form.itemsize] = False
    return letters[kept].tobytes()
