"""Columns of numbers and ids in PostgreSQL's binary form of an array.

psycopg makes an array element by element, which was a fifth of what a visit in a batch cost. The form is that of
PostgreSQL's `array_recv`: dimensions, whether there are nulls, the type of the elements, how many, the first index;
then each element behind its length, a null as the length -1.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

TYPES = {"bytea": ("V16", 17), "int": (">i4", 23), "smallint": (">i2", 21)}
"""How an element lies in memory, and PostgreSQL's number of its type; ids are sixteen bytes."""
HEAD = struct.Struct(">iiIii")
NULL = -1


class Packed(bytes):
    """An array as it goes to the server."""


class PackedDumper(Dumper):
    """Hands it over as it is; the statement says of which type it is."""

    format = Format.BINARY

    def dump(self, obj: Packed) -> Packed:
        """The bytes themselves."""
        return obj


psycopg.adapters.register_dumper(Packed, PackedDumper)


def packed(kind: str, values: Sequence[Any]) -> Packed:
    """A column of `bytea` (sixteen bytes each), `int` or `smallint`; only numbers may be None."""
    form, number = TYPES[kind]
    cells = np.empty(len(values), np.dtype([("length", ">i4"), ("value", form)]))
    cells["length"] = cells.dtype["value"].itemsize
    holes = None in values
    if kind == "bytea":
        cells["value"] = np.frombuffer(b"".join(values), form)
    else:
        cells["value"] = [0 if value is None else value for value in values] if holes else values
    head = HEAD.pack(1, holes, number, len(values), 1)
    return Packed(head + (_without_holes(cells, values) if holes else cells.tobytes()))


def _without_holes(cells: np.ndarray, values: Sequence[Any]) -> bytes:
    """The cells, a null without the bytes of a value."""
    missing = np.array([value is None for value in values])
    cells["length"][missing] = NULL
    letters = cells.view(np.uint8).reshape(len(cells), cells.itemsize)
    kept = np.ones(letters.shape, bool)
    kept[missing, cells.dtype["length"].itemsize :] = False
    return letters[kept].tobytes()
