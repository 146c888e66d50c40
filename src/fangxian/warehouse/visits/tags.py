"""What a sealed day keeps of the visits' ids: 56 bits each, sorted, in a file of their own.

A UUIDv7 holds 74 random bits, which nothing compresses: written out, ids would be half of a sealed day. All they are
still needed for is to know a visit that is sent again, and for that a tag is enough: two different visits of one day
share one with a probability of (visits of the day) / 2**56, one in ten thousand million for a city of seven million
visits a day. Sorted, a tag costs four and a half bytes. It cannot be turned back into an id, so it may outlast an
erasure: a visit that was erased stays erased when a phone sends it again.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Tags = NDArray[np.int64]
BITS = 56
FIRST, SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
BLOCK = 1 << 14
"""Ids mixed at once: what fits into the nearest cache."""
HALF = np.uint64(33)


def tags_of(visit_ids: pa.Array | pa.ChunkedArray) -> Tags:
    """The tag of each id (16 bytes each, none missing): both halves mixed with the finaliser of MurmurHash3."""
    ids = visit_ids.combine_chunks() if isinstance(visit_ids, pa.ChunkedArray) else visit_ids
    if isinstance(ids, pa.ChunkedArray):  # of no chunks
        return np.empty(0, dtype=np.int64)
    return tags_of_bytes(memoryview(ids.buffers()[1] or b"")[16 * ids.offset : 16 * (ids.offset + len(ids))])


def tags_of_bytes(visit_ids: bytes | memoryview) -> Tags:
    """The same for ids that stand one behind the other."""
    words = np.frombuffer(visit_ids, dtype="<u8")
    tags = np.empty(len(words) // 2, dtype=np.int64)
    for begin in range(0, len(tags), BLOCK):
        some = words[2 * begin : 2 * (begin + BLOCK)]
        mixed = _mixed(_mixed(some[::2].copy()) ^ some[1::2])
        tags[begin : begin + BLOCK] = mixed >> np.uint64(64 - BITS)
    return tags


def each_once(numbers: NDArray[np.integer]) -> NDArray[np.integer]:
    """Sorted, each once. (`numpy.unique` hashes millions of numbers at many times the cost of sorting them.)"""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([ordered[:1] == ordered[:1], ordered[1:] != ordered[:-1]])]


def among(tags: Tags, known: Tags) -> NDArray[np.bool_]:
    """Which of the tags are among others, which are sorted."""
    if not len(known):
        return np.zeros(len(tags), dtype=np.bool_)
    place = np.minimum(known.searchsorted(tags), len(known) - 1)
    return np.asarray(known[place] == tags)


def _mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    words ^= words >> HALF
    words *= FIRST
    words ^= words >> HALF
    words *= SECOND
    words ^= words >> HALF
    return words
