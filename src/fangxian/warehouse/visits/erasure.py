"""Retention and the right to erasure: what goes, goes from every file.

A person's erasure is remembered in the manifest before anything is overwritten, so that an interrupted one is
taken up again. Hot rows and fast segments are overwritten at once; the sealed days are written anew at the next
seal, and until then every reader leaves the person out.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import numpy as np

from .folder import VisitFolder
from .hot import HotStore
from .parts import persons_of
from .tags import each_once


def erase(folder: VisitFolder, hot: HotStore, person: UUID) -> int:
    """Erase every visit of a person; how many rows the fast segments and the hot store lost."""
    with folder.changing() as manifest:
        number = hot.dictionary.number("person", person)
        if number is not None and number not in manifest.erased:
            manifest = manifest.exchange(set(), [], erased=(*manifest.erased, number))
            folder.commit(manifest)
        rows = _overwrite(folder, number) if number is not None else 0
        rows += hot.erase(person.bytes)
        hot.scrub()
    return rows


def resume(folder: VisitFolder, hot: HotStore) -> None:
    """Finish the erasures that an interruption may have left half done."""
    if not folder.manifest.erased:
        return
    with folder.changing() as manifest:
        if rows := sum(_overwrite(folder, number) for number in manifest.erased):
            folder.fast.notice(f"fast segments still held {rows} visits of erased persons: overwritten")
        for person in hot.dictionary.uuids("person", manifest.erased).values():
            hot.erase(person.bytes)
        hot.scrub()


def drop_before(folder: VisitFolder, hot: HotStore, day: date) -> int:
    """Drop every day before `day` and forget persons who have no visit left; rows dropped."""
    with folder.changing() as manifest:
        old = {part for part in manifest.parts if part.day < day}
        floor = max(day, manifest.dropped_before or day)
        folder.commit(manifest.exchange(old, [], dropped_before=floor))
        dropped = sum(part.rows for part in old) + hot.drop_before(folder.calendar.start(floor))
        folder.sweep()
        hot.dictionary.keep_persons(_persons(folder), hot.persons())
        hot.scrub()
    return dropped


def _overwrite(folder: VisitFolder, number: int) -> int:
    manifest = folder.manifest
    return sum(folder.fast.erase(part, number, manifest.erased) for part in manifest.parts)


def _persons(folder: VisitFolder) -> np.ndarray:
    """Everybody a sealed day still holds (int32, sorted)."""
    found = np.empty(0, dtype=np.int32)
    for part in folder.manifest.parts:
        found = each_once(np.concatenate([found, persons_of(folder.sealed, part)]))
    return found
