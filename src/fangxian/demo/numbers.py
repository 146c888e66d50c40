"""Numbers that look right and belong to nobody: record ids, identity numbers, phones. Whole columns at once."""

from datetime import date
from uuid import UUID

import numpy as np

from fangxian.core.identity.gb11643 import CHECK_CHARACTERS, WEIGHTS

PHONE_PREFIX = "154"
"""No operator was ever given this prefix, so no demo number rings anywhere."""


def uuids(rng: np.random.Generator, count: int, at: int) -> list[UUID]:
    """UUIDv7 record ids, ordered, as if made from the UTC second `at` on; the same for the same generator state."""
    raw = rng.integers(0, 256, size=(count, 16), dtype=np.uint8)
    stamps = (at * 1000 + np.arange(count)).astype(">i8").view(np.uint8).reshape(-1, 8)
    raw[:, :6] = stamps[:, 2:]
    raw[:, 6] = 0x70 | (raw[:, 6] & 0x0F)
    raw[:, 8] = 0x80 | (raw[:, 8] & 0x3F)
    whole = raw.tobytes()
    return [UUID(bytes=whole[start : start + 16]) for start in range(0, len(whole), 16)]


def identity_numbers(region: np.ndarray, births: np.ndarray, male: np.ndarray) -> list[str]:
    """Resident numbers (GB 11643): region (6 digits), birth (YYYYMMDD), a sequence odd for men, check character.

    All three are int arrays (male: bool). Sequences count up within region, day and sex, so no number repeats.
    """
    rank = _rank_within(region.astype(np.int64) * 10**8 * 2 + births * 2 + male)
    sequence = (rank * 2 + male) % 1000
    first17 = region.astype(np.int64) * 10**11 + births * 1000 + sequence
    digits = (first17[:, None] // 10 ** np.arange(16, -1, -1)) % 10
    checks = (digits @ np.array(WEIGHTS)) % 11
    return [
        f"{number}{CHECK_CHARACTERS[check]}" for number, check in zip(first17.tolist(), checks.tolist(), strict=True)
    ]


def phones(rng: np.random.Generator, count: int) -> list[str]:
    """Different mobile numbers under a prefix that was never given out."""
    # a step coprime to 10**8 visits every number once
    start = int(rng.integers(10**8))
    return [f"{PHONE_PREFIX}{(start + index * 61803399) % 10**8:08d}" for index in range(count)]


def as_digits(days: np.ndarray) -> np.ndarray:
    """Ordinal days as YYYYMMDD integers."""
    known = {day: int(date.fromordinal(day).strftime("%Y%m%d")) for day in np.unique(days).tolist()}
    return np.array([known[day] for day in days.tolist()], dtype=np.int64)


def _rank_within(keys: np.ndarray) -> np.ndarray:
    """0, 1, 2 … among equal keys, in order of position."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(keys) else np.array([], dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(keys)])
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys)) - np.repeat(starts, sizes)
    return rank
