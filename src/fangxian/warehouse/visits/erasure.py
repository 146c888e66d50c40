"""Retention and the right to erasure: what goes, goes from every file.

A person's erasure is remembered in the manifest before anything is overwritten, so that an interrupted one is
taken up again. Hot rows and fast segments are overwritten at once; the sealed days are written anew at the next
seal, and until then every reader leaves the person out. A list outside the data folder repeats it on a restored backup.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import numpy as np

from .erasure_list import ErasureList, digest_of
from .folder import VisitFolder
from .hot import HotStore
from .parts import persons_of
from .tags import each_once


def erase(folder: VisitFolder, hot: HotStore, person: UUID, outside: ErasureList, *, now: int, keep_s: int) -> int:
    """Erase every visit of a person; how many rows the fast segments and the hot store lost.

    outside: the list that outlives the data folder; an erasure stays on it for `keep_s` seconds.
    """
    with folder.changing() as manifest:
        number = hot.dictionary.number("person", person)
        behind = max(manifest.erasures, hot.dictionary.followed())
        place = outside.add(person, number, at=now, keep_s=keep_s, behind=behind)
        return _erase(folder, hot, {person}, set() if number is None else {number}, place)


def follow(folder: VisitFolder, hot: HotStore, outside: ErasureList) -> int:
    """Repeat the erasures that a restored folder or database is too old to know; how many there were.

    An older dictionary still knows the persons; where it is newer than the sealed days, their numbers say it: a number
    is never given out twice.
    """
    last, erasures = outside.read()
    if last <= min(folder.manifest.erasures, hot.dictionary.followed()):
        return 0
    with folder.changing() as manifest:
        known = hot.dictionary.followed()
        persons = _named(hot, {one.digest for one in erasures if one.place > known})
        numbers = {one.number for one in erasures if manifest.erasures < one.place <= known and one.number}
        _erase(folder, hot, persons, numbers | set(hot.dictionary.numbers("person", persons).values()), last)
    return len(persons | numbers)


def _named(hot: HotStore, digests: set[str]) -> set[UUID]:
    """Whose digests these are: persons of the dictionary, and of hot rows that have no number yet."""
    if not digests:
        return set()
    everybody = [*hot.dictionary.all_persons(), *(UUID(bytes=uuid) for uuid in hot.persons().to_pylist())]
    return {person for person in everybody if digest_of(person.bytes) in digests}


def _erase(folder: VisitFolder, hot: HotStore, persons: set[UUID], numbers: set[int], place: int) -> int:
    manifest = folder.manifest
    erased = tuple(sorted({*manifest.erased, *numbers}))
    folder.commit(manifest.exchange(set(), [], erased=erased, erasures=max(place, manifest.erasures)))
    rows = sum(_overwrite(folder, number) for number in numbers)
    rows += sum(hot.erase(person.bytes) for person in persons)
    hot.dictionary.follow(place)
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
