"""From hot rows to sealed days, in steps that may each be the last before a power cut.

1. the three Parquet files of every part are written under another name, synced, renamed, their folder synced;
2. the manifest is replaced: from here on the parts count;
3. the fast segments are made, from the orders that are still in memory;
4. the rows leave the hot store.

Cut before 2, the files are waste and are swept; cut before 3, the segment is missing and is built when it is needed;
cut before 4, the rows are in both stores, and a visit whose tag is in its sealed day is never read from the hot store.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .folder import VisitFolder
from .hot import HotStore
from .manifest import Manifest, Part
from .parts import Written, holds_person, in_days, read_part, read_tags, without_persons, write_part
from .splitting import split_long
from .tags import Tags, among, tags_of

PARTS_A_DAY = 4
"""A day with more parts than this (late rows) is folded into one."""

Progress = Callable[[date, int], None]


def seal(folder: VisitFolder, hot: HotStore, until: date, progress: Progress | None = None) -> list[Part]:
    """Seal every hot row entered before the day `until`; the parts written. Repeating it is harmless.

    Each day once, earliest first: late rows that keep coming in meanwhile stay hot until the next seal.
    """
    sealed: list[Part] = []
    done = 0
    with folder.changing():
        while (span := hot.span(folder.calendar.start(until), done)) is not None:
            day = folder.calendar.day(span[1])
            sealed += _seal_day(folder, hot, day)
            done = folder.calendar.bounds(day)[1]
            if progress:
                progress(day, span[0])
        settle(folder)
        folder.sweep()
        hot.scrub()
    return sealed


def _seal_day(folder: VisitFolder, hot: HotStore, day: date) -> list[Part]:
    begin, end = folder.calendar.bounds(day)
    taken = hot.take(begin, end)
    parts = add_rows(folder, not_yet_sealed(folder, taken.rows))
    hot.remove(taken)
    return parts


def not_yet_sealed(folder: VisitFolder, rows: pa.Table) -> pa.Table:
    """Rows (schema ROWS or TRACE) without those that a sealed day holds already and those beyond retention."""
    manifest = folder.manifest
    if manifest.dropped_before:
        floor = folder.calendar.start(manifest.dropped_before)
        rows = rows.filter(pc.greater_equal(rows["entered_at"], floor))
    if not rows.num_rows or not manifest.parts:
        return rows
    fresh = np.ones(rows.num_rows, dtype=bool)
    for day, numbers in folder.calendar.days_of(rows["entered_at"].to_numpy()).items():
        if parts := manifest.of_day(day):
            some = rows.take(pa.array(numbers))
            tags = some["tag"].to_numpy() if "tag" in rows.column_names else tags_of(some["visit_id"])
            fresh[numbers] = ~among(tags, read_tags(folder.sealed, parts))
    return rows if fresh.all() else rows.filter(fresh)


def add_rows(folder: VisitFolder, rows: pa.Table, tags: Tags | None = None) -> list[Part]:
    """Write rows (schema ROWS, each visit once) as new parts of their days and commit them; nothing for no rows.

    tags: of these rows, sorted, where they are known already.
    """
    if not rows.num_rows:
        return []
    manifest = folder.manifest
    pieces = split_long(rows, folder.calendar)
    days = folder.calendar.days_of(pieces["entered_at"].to_numpy())
    known = tags if len(days) == 1 else None
    written = [write_part(folder.sealed, day, manifest.next_name, some, known) for day, some in in_days(days, pieces)]
    persons = max(manifest.persons, pc.max(rows["person_id"]).as_py())
    places = max(manifest.places, pc.max(rows["place_id"]).as_py())
    parts = [one.part for one in written]
    folder.commit(manifest.exchange(set(), parts, persons=persons, places=places))
    for one in written:
        folder.fast.place(one)
    return parts


def settle(folder: VisitFolder, *, fold_late: bool = False) -> list[date]:
    """Write anew the days that hold erased persons or too many parts; then the erasure list is empty.

    Day by day, so that no more than one is in memory: each is one exchange of the manifest. fold_late: also the days
    of two parts or more. Returns the days that were written.
    """
    most = 1 if fold_late else PARTS_A_DAY
    done = [day for day in sorted({part.day for part in folder.manifest.parts}) if _settle_day(folder, day, most)]
    if folder.manifest.erased:
        folder.commit(folder.manifest.exchange(set(), [], erased=()))
    return done


def _settle_day(folder: VisitFolder, day: date, most: int) -> bool:
    manifest = folder.manifest
    parts = manifest.of_day(day)
    if len(parts) <= most and not any(_must_go(folder, manifest, part) for part in parts):
        return False
    new = _fold(folder, manifest, day)
    folder.commit(manifest.exchange(set(parts), [one.part for one in new]))
    for one in new:
        folder.fast.place(one)
    folder.sweep()
    return True


def _must_go(folder: VisitFolder, manifest: Manifest, part: Part) -> bool:
    return bool(manifest.erased) and holds_person(folder.sealed, part, manifest.erased)


def _fold(folder: VisitFolder, manifest: Manifest, day: date) -> list[Written]:
    """One part instead of several, without erased persons; their visits' tags stay, lest they come again."""
    parts = manifest.of_day(day)
    rows = pa.concat_tables(read_part(folder.sealed, part) for part in parts)
    left = without_persons(rows, manifest.erased)
    tags = read_tags(folder.sealed, parts)
    return [write_part(folder.sealed, day, manifest.next_name, left, tags)] if left.num_rows else []
