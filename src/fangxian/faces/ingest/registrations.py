"""POST /ingest/registrations: who gave a sample into which tube, one or up to 1,000, by the device of a point.

Statuses as at /ingest/visits. Every row is accepted, a duplicate of one stored before, or in `rejected` with row, field
and reason; `flagged` rows are stored and wait for somebody to look into them. What arrives during one commit is the
next one: thousands of rows share a transaction. A device registers only in its own area.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Annotated, NamedTuple
from uuid import UUID

from django.db import connection, connections
from msgspec import Meta, Struct

from fangxian.core import scope
from fangxian.faces.ingest.answers import Said, taken
from fangxian.faces.ingest.body import Body
from fangxian.faces.ingest.reading import MOST_ROWS, Reader
from fangxian.systems.testing import services
from fangxian.systems.testing.services import Answer as Outcome
from fangxian.systems.testing.services import Registration
from fangxian.warehouse.visits import Device, Rejection
from fangxian.warehouse.visits.committer import Committer
from fangxian.warehouse.visits.once import Once

ROWS_A_COMMIT = 4_000
WHY = "devices of many areas share a commit; each row is held to its device's area"
Moment = Annotated[datetime, Meta(tz=True)] | int
Sizes = Annotated[int, Meta(ge=1, le=99)]


class Row(Struct, gc=False):
    """One registration as it comes over the wire; `sampled_at` in epoch seconds or ISO 8601 with an offset."""

    id: UUID
    person: UUID
    tube: Annotated[str, Meta(min_length=1, max_length=40)]
    point: UUID
    sampled_at: Moment
    size: Sizes = 10
    team: UUID | None = None
    device_at: Moment | None = None


class Sent(NamedTuple):
    """The rows of one request; `base` is the number of its first row among all that share the commit."""

    base: int
    rows: list[Registration]


class Store:
    """Writes what several devices sent in one transaction; each request is told about its own rows.

    The thread keeps its connection: opening one for every set took longer than writing a small set.
    """

    def insert(self, groups: list[Sequence[Sent]], /) -> list[Outcome]:
        """One set for all requests, its answer taken apart again."""
        sent = [one for group in groups for one in group]
        try:
            with scope.everywhere(WHY):
                whole = services.register_samples((row for one in sent for row in one.rows), by=None)
        except Exception:
            if not connection.in_atomic_block:
                connection.close()  # the next set begins on a connection that is sound
            raise
        return whole.apart([one.base for one in sent], MOST_ROWS)


class Waiting(list[Sent]):
    """One request in the waiting room, as long as its rows."""

    def __len__(self) -> int:
        return sum(len(one.rows) for one in self)


class Registrations:
    """The door; its thread and its connection to the database begin with the first request."""

    def __init__(self) -> None:
        self.reader = Reader(Row)
        self._requests = count()
        self._committer = Once(_committer, Committer.close)

    @property
    def committer(self) -> Committer[Sent, Outcome]:
        """The one thread that writes."""
        return self._committer()

    def close(self) -> None:
        """Commit what waits, then stop."""
        self._committer.close()

    async def __call__(self, device: Device, body: Body) -> Said:
        """Read, wait for the shared commit, answer."""
        numbered, unread = await self.reader.read(body)
        base = next(self._requests) * MOST_ROWS
        rows = [_registration(base + row, sent, device.area) for row, sent in numbered]
        said = await taken(self.committer, Waiting([Sent(base, rows)])) if rows else Outcome()
        rejected = sorted([*unread, *(Rejection(word.row - base, word.field, word.reason) for word in said.refused)])
        content = {
            "accepted": len(said.new),
            "duplicates": len(said.known),
            "rejected": [row._asdict() for row in rejected],
            "flagged": [{"row": word.row - base, "field": word.field, "reason": word.reason} for word in said.flagged],
        }
        return (200 if said.new or said.known or not rejected else 422), content, []


def _committer() -> Committer[Sent, Outcome]:
    return Committer(Store(), rows_a_commit=ROWS_A_COMMIT, name="registration-committer", ended=connections.close_all)


def _registration(row: int, sent: Row, area: str) -> Registration:
    return Registration(
        row, sent.id, sent.person, sent.tube.strip().upper(), sent.size, sent.point, _moment(sent.sampled_at),
        sent.team, None if sent.device_at is None else _moment(sent.device_at), area,
    )  # fmt: skip


def _moment(moment: datetime | int) -> datetime:
    return datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) else moment
