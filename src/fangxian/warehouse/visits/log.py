"""The visit log: who was where, from the scan at the door to the day retention ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Container, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Self
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fangxian.engines.tracing import VISITS, Segment, VisitStore

from . import bulk, erasure, intake, place_days, sealing
from .chunks import chunks
from .committer import ROWS_A_COMMIT, WAITING_ROWS, Committer
from .devices import Devices
from .dictionary import Kind
from .erasure_list import ErasureList
from .folder import VisitFolder
from .hot import HotStore, PostgresHot, SqliteHot
from .manifest import Part
from .once import Once
from .parts import once_each, read_tags, without_persons
from .rows import DEFAULT_ASSUMED_STAY_S, TRACE_COLUMNS, Arrival, Receipt, Rejection
from .splitting import split_long
from .tags import among, tags_of_bytes
from .verifying import Finding, findings

STAYS_FRESH_S = 60
KEPT_LONGER_S = 30 * 86400
"""An erasure is remembered so much longer than any visit it was about."""


@dataclass(frozen=True)
class Options:
    """What an operator may set."""

    zone: str = "Asia/Shanghai"
    retention_days: int = 14
    default_stay_s: int = DEFAULT_ASSUMED_STAY_S
    waiting_rows: int = WAITING_ROWS
    erasures: Path | None = None
    """The list of erasures, outside the data folder; where None, a restored backup knows of none that came after it."""


def _clock() -> int:
    return int(time.time())


class VisitLog:
    """Hot store, sealed days and fast segments as one thing. One instance a process and data folder."""

    def __init__(
        self,
        root: Path,
        hot: HotStore,
        *,
        options: Options | None = None,
        now: Callable[[], int] = _clock,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.options, self.now = options or Options(), now
        self.folder = VisitFolder(root, self.options.zone, notice)
        self.hot = hot
        self.devices = Devices(hot.database, now)
        self._committer = Once(lambda: Committer(hot, waiting_rows=self.options.waiting_rows), Committer.close)
        self._stays: tuple[float, dict[bytes, int]] = (0.0, {})
        self._number_on(notice)
        self.erasures = ErasureList(self.options.erasures)
        erasure.resume(self.folder, hot)
        if repeated := erasure.follow(self.folder, hot, self.erasures):
            notice(f"{repeated} persons had been erased since this state was saved: erased again")

    @classmethod
    def open(cls, data: Path, *, dsn: str | None = None, **more: object) -> Self:
        """The log below a data folder; hot rows in its own SQLite file, or on PostgreSQL where a DSN is given."""
        root = data / "visits"
        hot: HotStore = PostgresHot(dsn) if dsn else SqliteHot(root / "hot.sqlite")
        return cls(root, hot, **more)  # type: ignore[arg-type]

    # rows in

    @property
    def committer(self) -> Committer:
        """The one writing thread, started with the first batch."""
        return self._committer()

    @property
    def load(self) -> float:
        """How full the queue of rows that wait for a commit is, 0 to 1."""
        return self._committer.made.load if self._committer.made else 0.0

    def submit(
        self, arrivals: Sequence[Arrival], *, places: Container[bytes] | None = None, device_now: int | None = None
    ) -> Future[Receipt]:
        """Queue a batch; the future resolves once its rows are on disk. Raises QueueFull."""
        visits, rejected = intake.judge(arrivals, self.rules(places, device_now))
        answer: Future[Receipt] = Future()
        if not visits:
            answer.set_result(Receipt(0, 0, tuple(rejected)))
            return answer
        stored = self.committer.submit(visits)
        stored.add_done_callback(lambda done: _answer(answer, done, len(visits), tuple(rejected)))
        return answer

    def append(self, arrivals: Sequence[Arrival]) -> Receipt:
        """Store a batch and wait for its commit."""
        return self.submit(arrivals).result()

    def append_arrow(self, visits: pa.Table, *, hot_from: date | None = None) -> Receipt:
        """Store many visits: days before `hot_from` (default: today) are sealed at once, the others are hot.

        `visits`: see `bulk.numbered_rows`. On disk when it returns; repeating it with the same visit_id is harmless.
        """
        stay, now = self.options.default_stay_s, self.now()
        rows = bulk.numbered_rows(visits, self.hot.dictionary, now=now, default_stay_s=stay)
        rejected = bulk.impossible(rows)
        kept = np.ones(rows.num_rows, dtype=bool)
        kept[[rejection.row for rejection in rejected]] = False
        is_past = rows["entered_at"].to_numpy() < self.folder.calendar.start(hot_from or self.today)
        new = self._seal_at_once(_chosen(rows, kept & is_past)) + self._insert(visits, rows, kept & ~is_past)
        return Receipt(new, int(kept.sum()) - new, tuple(rejected))

    def _seal_at_once(self, rows: pa.Table) -> int:
        with self.folder.changing():
            new, tags = once_each(sealing.not_yet_sealed(self.folder, rows))
            sealing.add_rows(self.folder, new, tags)
        return int(new.num_rows)

    def _insert(self, visits: pa.Table, rows: pa.Table, chosen: np.ndarray) -> int:
        hot = bulk.hot_rows(_chosen(visits, chosen), _chosen(rows, chosen))
        return sum(self.hot.insert([some])[0] for some in chunks(hot, ROWS_A_COMMIT))

    def set_stays(self, stays: dict[UUID, int]) -> None:
        """How long people are assumed to stay at each place, seconds."""
        self.hot.dictionary.set_stays(stays)
        self._stays = (0.0, {})

    # rows kept

    def seal(self, until: date | None = None, progress: sealing.Progress | None = None) -> list[Part]:
        """Seal the days before `until` (default: today)."""
        return sealing.seal(self.folder, self.hot, until or self.today, progress)

    def fold(self) -> list[date]:
        """Make one part of every day that late rows or an erasure have left in more, or unfinished; the days."""
        with self.folder.changing():
            return sealing.settle(self.folder, fold_late=True)

    def erase(self, person: UUID) -> int:
        """Erase a person's visits."""
        keep_s = self.options.retention_days * 86400 + KEPT_LONGER_S
        return erasure.erase(self.folder, self.hot, person, self.erasures, now=self.now(), keep_s=keep_s)

    def drop_before(self, day: date) -> int:
        """Drop all days before `day`."""
        return erasure.drop_before(self.folder, self.hot, day)

    def verify(self) -> list[Finding]:
        """Whether every sealed file is what was written; damaged fast segments are named as well."""
        return findings(self.folder)

    # rows out

    def open_store(
        self, days: Collection[date] | None = None, *, include_hot: bool = True, with_place_days: bool = False
    ) -> VisitStore:
        """What an engine reads: the fast segments (and Parquet files) of some days or all, and the hot rows.

        Missing or damaged segments are built again first, and `notice` is told. with_place_days: also how many visits
        and persons each place had on each of these days (for `sources`).
        """
        self._repair(days)
        with self.folder.reading() as manifest:
            parts = [part for part in manifest.parts if days is None or part.day in days]
            segments = [self.folder.fast.open(part, manifest.erased) for part in parts]
            files = [] if manifest.erased else parts  # the files still hold erased persons: read the segments then
            hot = self._hot_rows(manifest.erased) if include_hot else None
            store = VisitStore(
                segments=segments,
                by_person=[self.folder.sealed / part.person.name for part in files],
                by_place=[self.folder.sealed / part.place.name for part in files],
                hot=hot,
            )
            if not with_place_days:
                return store
            sealed = [(part.day, segment) for part, segment in zip(parts, segments, strict=True)]
            return self._with_place_days(store, sealed, days)

    def place_days(self, days: Collection[date] | None = None) -> pa.Table:
        """Visits and persons of every place and local day (schema `counting.PLACE_DAYS`), hot rows included."""
        return self.open_store(days, with_place_days=True).place_days

    def _with_place_days(
        self, store: VisitStore, sealed: list[tuple[date, Segment]], days: Collection[date] | None
    ) -> VisitStore:
        calendar = self.folder.calendar
        hot = VISITS.empty_table() if store.hot is None else store.hot
        table = place_days.table_of(sealed, hot, calendar, days)
        found = pc.unique(table["day"]).to_pylist()
        covered = [place_days.EPOCH + timedelta(days=day) for day in found] if days is None else days
        first = place_days.number_of(min(covered)) if covered else 0
        borders = place_days.midnights(covered, calendar)
        return replace(store, place_days=table, midnights=borders, first_day=first)

    def tags(self) -> np.ndarray:
        """The tag (see `tags`) of every visit, hot or sealed, sorted; a visit that is stored once is here once.

        A long stay is a visit on each of its days, and a day that was written anew without an erased person has kept
        that person's tags.
        """
        with self.folder.reading() as manifest:
            hot = sealing.not_yet_sealed(self.folder, self.hot.trace_rows())["tag"].to_numpy()
            sealed = [read_tags(self.folder.sealed, [part]) for part in manifest.parts]
            return np.sort(np.concatenate([hot, *sealed]))

    def missing(self, visit_ids: Iterable[bytes]) -> set[bytes]:
        """Those of the visits that are neither hot nor sealed; empty when all that was acknowledged is there."""
        asked = list(visit_ids)
        return {
            visit
            for visit, found in zip(asked, among(tags_of_bytes(b"".join(asked)), self.tags()), strict=True)
            if not found
        }

    @property
    def today(self) -> date:
        """The local day."""
        return self.folder.calendar.day(self.now())

    def days_around(self, t0: int, t1: int) -> set[date]:
        """Days whose visits may touch [t0, t1): a stay that began the evening before counts."""
        return set(self.folder.calendar.between(t0 - 86400, t1))

    def close(self) -> None:
        """Commit what waits and let go of the files."""
        self._committer.close()
        self.hot.close()

    def _number_on(self, notice: Callable[[str], None]) -> None:
        """A dictionary that was lost or is older than the sealed days must not give their numbers out again."""
        manifest = self.folder.manifest
        sealed: dict[Kind, int] = {"person": manifest.persons, "place": manifest.places}
        for kind, number in sealed.items():
            if self.hot.dictionary.go_on_after(kind, number):
                notice(f"the dictionary of {kind}s is older than the sealed days: some of their visits have no name")

    def _hot_rows(self, erased: Iterable[int]) -> pa.Table:
        rows = sealing.not_yet_sealed(self.folder, without_persons(self.hot.trace_rows(), erased))
        return split_long(rows, self.folder.calendar).select(TRACE_COLUMNS)

    def _repair(self, days: Collection[date] | None) -> None:
        with self.folder.reading() as manifest:
            parts = [part for part in manifest.parts if days is None or part.day in days]
            if all(self.folder.fast.sound(part) for part in parts):
                return
        with self.folder.changing() as manifest:
            for part in manifest.parts:
                if days is None or part.day in days:
                    self.folder.fast.open(part, manifest.erased)

    def rules(self, places: Container[bytes] | None = None, device_now: int | None = None) -> intake.Rules:
        """What intake judges by at this moment."""
        read_at, stays = self._stays
        if time.monotonic() - read_at > STAYS_FRESH_S or not read_at:
            stays = self.hot.dictionary.stays()
            self._stays = (time.monotonic(), stays)
        retention_s = self.options.retention_days * 86400
        return intake.Rules(self.now(), retention_s, stays, self.options.default_stay_s, places, device_now)


def _chosen(rows: pa.Table, chosen: np.ndarray) -> pa.Table:
    """Rows where `chosen`; all or none without a copy."""
    if chosen.all():
        return rows
    return rows.filter(chosen) if chosen.any() else rows.slice(0, 0)


def _answer(answer: Future[Receipt], stored: Future[int], rows: int, rejected: tuple[Rejection, ...]) -> None:
    """Pass the outcome on, unless the sender hung up."""
    if not answer.set_running_or_notify_cancel():
        return
    if error := stored.exception():
        answer.set_exception(error)
    else:
        answer.set_result(Receipt(stored.result(), rows - stored.result(), rejected))
