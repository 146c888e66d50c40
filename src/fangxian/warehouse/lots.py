"""Movements of goods as arrays for the engine: read once, kept, and brought up to date by what is new.

Movements are written and never taken away, and what moved is never changed; so what is kept stays right, and a question
reads only rows that came since. The arrays are derived: they live in memory and in one file below the data folder that
may be deleted at any time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Max

from fangxian.engines.lots import ANYWHERE, NONE, Answer, Direction, LotGraph, Movements, Seed
from fangxian.systems.goods.models import Movement
from fangxian.systems.goods.words import Moved

KEEP_FROM = 50_000
"""Movements from which the arrays are worth a file; fewer are read in no time."""
CHUNK = 50_000
TEXT = "S32"
KINDS = ("lots", "places", "movements")


class Held(NamedTuple):
    """A holding that was reached: which lot where (None: in hands nobody wrote down), since or until when, pieces."""

    lot: UUID
    place: UUID | None
    at: datetime
    received: int
    sent: int

    @property
    def pieces(self) -> int:
        """Pieces there at the end of the window."""
        return max(0, self.received - self.sent)


class Followed(NamedTuple):
    """What was reached: holdings by lot and place, and the movements between them."""

    holdings: tuple[Held, ...]
    movements: tuple[UUID, ...]

    @property
    def lots(self) -> set[UUID]:
        """The lots."""
        return {row.lot for row in self.holdings}

    @property
    def places(self) -> set[UUID]:
        """The places on record."""
        return {row.place for row in self.holdings if row.place}


@dataclass
class _Kept:
    """Rows read so far: a table of numbers, the texts of ids by number, and how far they were read."""

    table: np.ndarray = field(default_factory=lambda: np.empty((0, 8), dtype=np.int64))
    names: dict[str, list[str]] = field(default_factory=lambda: {"lots": [], "places": [], "movements": []})
    until: str = ""
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    graph: LotGraph | None = None

    def number(self, kind: str, text: str | None) -> int:
        """The number of an id, a new one for one not seen before; NONE for none."""
        if text is None:
            return NONE
        known = self.numbers.setdefault(kind, {name: row for row, name in enumerate(self.names[kind])})
        if text not in known:
            known[text] = len(known)
            self.names[kind].append(text)
        return known[text]


_kept: dict[str, _Kept] = {}
_reading = Lock()


def follow(
    lots: Iterable[UUID], *, direction: Direction, at: datetime, limit: datetime, place: UUID | None = None
) -> Followed:
    """Everything the lots reached since `at` until `limit` (down), or came from between `limit` and `at` (up)."""
    with _reading:
        kept = _current()
        seeds = [_seed(kept, lot, place, at) for lot in lots]
        if kept.graph is None:
            kept.graph = LotGraph(Movements(*kept.table.T))
        answer = kept.graph.follow([seed for seed in seeds if seed], direction=direction, limit=int(limit.timestamp()))
        return _named(kept, answer)


def forget() -> None:
    """Drop what is kept in memory; the next question reads anew."""
    with _reading:
        _kept.clear()


def _seed(kept: _Kept, lot: UUID, place: UUID | None, at: datetime) -> Seed | None:
    number = kept.numbers.get("lots", {}).get(lot.hex)
    where = ANYWHERE if place is None else kept.numbers.get("places", {}).get(place.hex)
    return None if number is None or where is None else Seed(number, where, int(at.timestamp()))


def _named(kept: _Kept, answer: Answer) -> Followed:
    lots, places, movements = (kept.names[kind] for kind in KINDS)
    holdings = tuple(
        Held(
            UUID(lots[row.lot]), None if row.place == NONE else UUID(places[row.place]),
            datetime.fromtimestamp(row.at, UTC), row.received, row.sent,
        )
        for row in answer.holdings
    )  # fmt: skip
    return Followed(holdings, tuple(UUID(movements[number]) for number in answer.movements))


def _current() -> _Kept:
    """What is kept, with every movement of the database in it and no other."""
    where = f"{settings.DATA_DIR}:{connection.settings_dict['NAME']}"
    kept = _kept.get(where) or _from_file() or _Kept()
    _kept[where] = kept
    count = Movement.unscoped.count()
    if not _is_of_this_store(kept) or not _read_on(kept, count):
        kept = _kept[where] = _Kept()
        _read_on(kept, count)
    return kept


def _is_of_this_store(kept: _Kept) -> bool:
    """Whether the last movement known is there: a restored store has others."""
    known = kept.names["movements"]
    return not known or Movement.unscoped.filter(pk=UUID(known[-1])).exists()


def _read_on(kept: _Kept, count: int) -> bool:
    """Add what came since; False when fewer came than there are, so that all has to be read again.

    The moment up to which was read is taken before reading: what is written meanwhile is read twice, never missed.
    """
    before = len(kept.names["movements"])
    if before == count:
        return True
    latest = Movement.unscoped.aggregate(at=Max("changed_at"))["at"]
    known = kept.numbers.get("movements", {})
    fresh = [row for row in _rows(kept.until) if row[0] not in known]
    if before and before + len(fresh) < count:
        return False
    kept.table = np.concatenate([kept.table, _numbered(kept, fresh)])
    kept.until, kept.graph = (latest.isoformat() if latest else ""), None
    if count >= KEEP_FROM and len(fresh) * 10 > count:
        _to_file(kept)
    return True


def _rows(since: str) -> list[tuple]:
    """Movements changed since a moment, as texts and numbers: neither store has to build objects for them."""
    lite = connection.vendor == "sqlite"
    text = (lambda name: name) if lite else (lambda name: f"replace({name}::text, '-', '')")
    at = "CAST(strftime('%%s', at) AS INTEGER)" if lite else "floor(extract(epoch FROM at))::bigint"
    ids = ", ".join(text(name) for name in ("id", "lot_id", "from_place_id", "to_lot_id", "to_place_id"))
    table = connection.ops.quote_name(Movement._meta.db_table)
    sql = f"SELECT {ids}, {at}, pieces, made, kind FROM {table}"  # noqa: S608 (names of our own)
    moment = datetime.fromisoformat(since) if since else None
    given = [connection.ops.adapt_datetimefield_value(moment)] if moment else []
    with connection.cursor() as cursor:
        cursor.execute(sql + (" WHERE changed_at >= %s" if moment else " WHERE 1 = %s"), given or [1])
        rows: list[tuple] = []
        while part := cursor.fetchmany(CHUNK):
            rows += part
    return rows


def _numbered(kept: _Kept, rows: list[tuple]) -> np.ndarray:
    """Rows as numbers, in the engine's order of columns. What is received from nowhere has no holding before."""
    table = np.empty((len(rows), 8), dtype=np.int64)
    number = kept.number
    for place, (pk, lot, from_place, to_lot, to_place, at, pieces, made, kind) in enumerate(rows):
        is_new = kind == Moved.RECEIVE and from_place is None
        table[place] = (
            number("movements", pk), NONE if is_new else number("lots", lot), number("places", from_place),
            number("lots", to_lot), number("places", to_place), at, pieces, pieces if made is None else made,
        )  # fmt: skip
    return table


def _file() -> Path:
    return Path(settings.DATA_DIR) / "derived" / "lots.npz"


def _to_file(kept: _Kept) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    names = {kind: np.array(texts, dtype=TEXT) for kind, texts in kept.names.items()}
    np.savez(part, table=kept.table, until=np.array(kept.until), **names)
    part.replace(path)


def _from_file() -> _Kept | None:
    """What the file holds; None for none, or for one that cannot be read."""
    try:
        with np.load(_file()) as stored:
            names = {
                kind: [text.decode() for text in stored[kind].tolist()] for kind in ("lots", "places", "movements")
            }
            kept = _Kept(stored["table"], names, str(stored["until"]))
    except (OSError, ValueError, KeyError, EOFError):
        return None
    kept.numbers = {kind: {text: row for row, text in enumerate(texts)} for kind, texts in names.items()}
    return kept
