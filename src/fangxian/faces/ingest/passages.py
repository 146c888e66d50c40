"""POST /ingest/passages: passages of checkpoints at peaks, one or up to 1,000, by the device of a point.

Statuses as at /ingest/visits. A device reports only points of its area, and if places were named for it, only these.
Every row is accepted, a duplicate of one stored before, or in `rejected` with row, field and reason; `exceptions` names
the rows that stand out by what was looked at (code, fever, test). The lists are asked by a job a moment later. What
arrives during one commit is the next one. `Device-Time` sets a wrong clock right.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, connections
from msgspec import Meta, Struct

from fangxian.core import modes, scope
from fangxian.core.clock import now, today
from fangxian.core.records import Source
from fangxian.faces.ingest.answers import Said, on_disk, taken
from fangxian.faces.ingest.body import Body
from fangxian.faces.ingest.reading import Reader
from fangxian.systems.checkpoints import judging, recording, selectors
from fangxian.systems.checkpoints.recording import Entry
from fangxian.warehouse.visits import Device, Rejection
from fangxian.warehouse.visits.committer import Committer
from fangxian.warehouse.visits.intake import CLOCK_TOLERANCE_S
from fangxian.warehouse.visits.once import Once

FRESH_S = 5
ROWS_A_COMMIT, MOST_WAITING = 2_000, 10_000
WHY = "devices of many areas share a commit; each row is held to its device's area"
TOLERANCE = timedelta(seconds=CLOCK_TOLERANCE_S)
Moment = Annotated[datetime, Meta(tz=True)] | int
Short = Annotated[str, Meta(max_length=60)]
Word = Annotated[str, Meta(max_length=16)]
Made = tuple[list[tuple[int, Entry]], list[Rejection]]


class Row(Struct, gc=False):
    """One passage as it comes over the wire; enumerations by the words of the register, the moment as at visits."""

    id: UUID
    point: UUID
    passed_at: Moment
    plate: Annotated[str, Meta(max_length=20)] = ""
    plate_kind: Word = "CIVIL"
    direction: Word = "IN"
    name: Short = ""
    id_number: Annotated[str, Meta(max_length=30)] = ""
    phone: Annotated[str, Meta(max_length=20)] = ""
    people: Annotated[int, Meta(ge=1, le=200)] = 1
    purpose: Word = ""
    from_code: Annotated[str, Meta(max_length=12)] = ""
    from_name: Short = ""
    code_state: Word = "UNSEEN"
    temperature: Annotated[float, Meta(ge=34, le=43)] | None = None
    test_hours: Annotated[int, Meta(ge=0, le=999)] | None = None
    decision: Word = "LET_THROUGH"
    why: Annotated[str, Meta(max_length=200)] = ""


PLAIN = tuple(name for name in Row.__struct_fields__ if name not in ("id", "point", "passed_at", "temperature"))


class Store:
    """Writes what several devices sent in one transaction; each request is told how many of its rows were new."""

    def insert(self, groups: list[Sequence[Entry]], /) -> list[int]:
        """One set for all requests, counted apart again."""
        with_connection = partial(recording.record_passages, by=None, source=Source.INGEST)
        with scope.everywhere(WHY):
            done = _connected(with_connection, entries=[entry for group in groups for entry in group])
        left, counts = {passage.pk for passage in done.new}, []
        for group in groups:
            mine = {entry.passage.pk for entry in group} & left
            left -= mine
            counts.append(len(mine))
        return counts


class Passages:
    """The door; its threads and their connections begin with the first request.

    One thread makes entries and asks for points, so that the event loop goes on; another writes.
    """

    def __init__(self) -> None:
        self.reader = Reader(Row)
        self._points: dict[UUID, Any] = {}
        self._asked_at = 0.0
        self._committer = Once(_committer, Committer.close)
        self._thread = Once(lambda: ThreadPoolExecutor(1, thread_name_prefix="passages"), _end)

    @property
    def committer(self) -> Committer[Entry, int]:
        """The one thread that writes."""
        return self._committer()

    def close(self) -> None:
        """Commit what waits, then stop."""
        self._committer.close()
        self._thread.close()

    async def __call__(self, device: Device, body: Body) -> Said:
        """Read, make entries, wait for the shared commit, answer."""
        numbered, unread = await self.reader.read(body)
        make = partial(_connected, self._made, numbered, device, _ahead(body))
        entries, bad = await on_disk(asyncio.get_running_loop().run_in_executor(self._thread(), make))
        new = await taken(self.committer, [entry for _row, entry in entries]) if entries else 0
        content = {
            "accepted": new,
            "duplicates": len(entries) - new,
            "rejected": [row._asdict() for row in sorted([*unread, *bad])],
            "exceptions": [
                {"row": row, "reasons": one.passage.reasons} for row, one in entries if one.passage.reasons
            ],
        }  # fmt: skip
        return (200 if entries or not content["rejected"] else 422), content, []

    def _made(self, rows: list[tuple[int, Row]], device: Device, ahead: timedelta) -> Made:
        """Entries with their row, and a rejection for each row that cannot be one."""
        self._look_up({one.point for _row, one in rows})
        good: list[tuple[int, Entry]] = []
        bad: list[Rejection] = []
        for row, one in rows:
            made = self._entry(one, device, _moment(one.passed_at) - ahead)
            if isinstance(made, tuple):
                bad.append(Rejection(row, *made))
            else:
                good.append((row, made))
        others = recording.taken([entry.passage for _row, entry in good])
        bad += [Rejection(row, "id", "taken") for row, entry in good if entry.passage.pk in others]
        return [(row, entry) for row, entry in good if entry.passage.pk not in others], bad

    def _entry(self, one: Row, device: Device, at: datetime) -> Entry | tuple[str, str]:
        """The entry, judged by what was looked at; or field and reason."""
        point = self._points.get(one.point)
        if doubt := _impossible(one, point, at, device):
            return doubt
        values = {name: getattr(one, name) for name in PLAIN}
        values["temperature"] = None if one.temperature is None else Decimal(str(round(one.temperature, 1)))
        try:
            return recording.entry(
                {**values, "id": one.id, "point": point, "passed_at": at, "device": device.name[:80]}
            )
        except ValidationError as error:
            return next(iter(error.error_dict)), "invalid"

    def _look_up(self, ids: set[UUID]) -> None:
        """Points not known yet; all of them again every few seconds, for one may have been moved."""
        if time.monotonic() - self._asked_at > FRESH_S:
            self._points.clear()
            self._asked_at = time.monotonic()
        if missing := ids - self._points.keys():
            with scope.everywhere(WHY):
                self._points.update(selectors.points_by_id(missing))


def _committer() -> Committer[Entry, int]:
    return Committer(
        Store(),
        waiting_rows=MOST_WAITING,
        rows_a_commit=ROWS_A_COMMIT,
        name="passage-committer",
        ended=connections.close_all,
    )


def _end(thread: ThreadPoolExecutor) -> None:
    thread.submit(connections.close_all).result()
    thread.shutdown()


def _impossible(one: Row, point: Any, at: datetime, device: Device) -> tuple[str, str] | None:
    """Field and reason why a passage cannot be of this device, or not of this time."""
    if one.id.version != 7:
        return "id", "not_uuid7"
    if point is None:
        return "point", "unknown"
    if not point.area_id.startswith(device.area) or (device.places is not None and point.pk.bytes not in device.places):
        return "point", "not_of_this_device"
    if at > now() + TOLERANCE:
        return "passed_at", "in_the_future"
    kept = judging.kept_for(point.area_id, today())
    return ("passed_at", "too_old") if at < now() - kept else None


def _ahead(body: Body) -> timedelta:
    """By how much the device's clock is known to be ahead (behind, if negative)."""
    said = body.headers.get(b"device-time", b"")
    if not said.isdigit() or len(said) > 10:
        return timedelta()
    ahead = datetime.fromtimestamp(int(said), UTC) - now()
    return ahead if abs(ahead) > TOLERANCE else timedelta()


def _moment(moment: datetime | int) -> datetime:
    return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) else moment


def _connected(work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Do it on this thread's connection, which is let go of when it broke; modes of areas are read once for it."""
    try:
        with modes.remembered():
            return work(*given, **named)
    finally:
        connection.close_if_unusable_or_obsolete()
