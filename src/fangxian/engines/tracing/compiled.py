"""The loops compiled by Numba, once a machine: the machine code is kept in a folder of the user's own."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from fangxian.engines.tracing import loops

_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True, slots=True)
class Loops:
    """The functions of `loops`, compiled or as they stand."""

    find_stays: Callable[..., Any]
    find_meetings: Callable[..., Any]
    sum_up: Callable[..., Any]
    add_links: Callable[..., Any]


INTERPRETED: Final = Loops(loops.find_stays, loops.find_meetings, loops.sum_up, loops.add_links)
"""The loops as plain Python: the same results, a hundred times slower."""


def compile_loops() -> Loops:
    """The loops as machine code that holds no interpreter lock; the first call loads or compiles it.

    Raises ImportError without Numba.
    """
    with _ONE_AT_A_TIME:
        return _compile_loops()


@cache
def _compile_loops() -> Loops:
    import numba
    from numba import types

    i4, i8 = (types.Array(kind, 1, "C", readonly=True) for kind in (types.int32, types.int64))
    order = (i4, i4, types.boolean, i4, i4, i4)
    bounds = types.UniTuple(types.int64, 3)
    stays = (*order, i4, i4, i4)
    meetings = (*order, i4, i4, i4, i4, bounds, types.int64)
    sums = (i8, i8, i8, i4, i4, i4, i4, i4)
    written, wide = types.Array(types.int64, 2, "C"), types.Array(types.int64, 2, "C", readonly=True)
    links = (i8, wide, i4, i8, i8, i4, i4, i4, i8, i4, i4, i4, i4, i8, i8, written)
    kept_in, before = cache_folder(numba.config.CACHE_DIR), numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(kept_in or "")
    try:
        make = [numba.njit(one, nogil=True, cache=kept_in is not None) for one in (stays, meetings, sums, links)]
        todo = (loops.find_stays, loops.find_meetings, loops.sum_up, loops.add_links)
        return Loops(*(make_one(one) for make_one, one in zip(make, todo, strict=True)))
    finally:
        numba.config.CACHE_DIR = before


def cache_folder(chosen: str = "") -> Path | None:
    """Where machine code is kept: `chosen` (NUMBA_CACHE_DIR), else the user's cache folder, never beside the package.

    What lies there is run, so it must belong to this user and be writable by nobody else; otherwise None, and the
    loops are compiled anew in every process.
    """
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(chosen) if chosen else Path(base) / "fangxian" / "numba"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
    except (OSError, RuntimeError):
        return None
    private = state.st_uid == os.getuid() and not state.st_mode & 0o022
    return folder if private and os.access(folder, os.W_OK) else None
