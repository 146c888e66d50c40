"""Long lists in pieces (`itertools.batched` arrives with Python 3.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """`items` in tuples of at most `size`."""
    rest = iter(items)
    while some := tuple(islice(rest, size)):
        yield some
