"""The process that lives a visit log's life: recorded by the power-cut check, killed by the other.

It says on its output, or into a pipe, when an act begins and when it has ended. Writes through a mapping leave no
bytes in a log of system calls, so where it is recorded it notes what is in a mapped file before it is flushed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from .powercut_events import NOTES
from .visit_life import Life, live


def recorded(data: Path, life: Life) -> None:
    """Live it, and tell on standard output."""
    _note_mappings(data.with_name(NOTES))
    live(data, life, lambda mark: _write(1, f"check:{mark}\n".encode()))


def killed(data: Path, seed: int, rounds: int, ended: Collection[str], hasty: bool, pipe: Connection) -> None:
    """Live what is left of it, and tell into a pipe until this process is killed."""
    tell = lambda mark: _write(pipe.fileno(), f"{mark}\n".encode())  # noqa: E731
    live(data, Life(seed, rounds), tell, ended=ended, hasty=hasty)


def _note_mappings(notes: Path) -> None:
    handle = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    flush = np.memmap.flush

    def noted(mapped: np.memmap) -> None:
        file = os.path.realpath(str(mapped.filename))
        _write(handle, file.encode() + b"\0" + Path(file).read_bytes())
        flush(mapped)

    np.memmap.flush = noted  # type: ignore[method-assign]


def _write(handle: int, content: bytes) -> None:
    if os.write(handle, content) != len(content):
        raise OSError("a mark was not written whole")


if __name__ == "__main__":
    folder, seed, rounds, rows = sys.argv[1:]
    recorded(Path(folder), Life(int(seed), int(rounds), int(rows)))
