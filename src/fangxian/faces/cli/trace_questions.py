"""What `fangxian trace` can ask of a user's files: contacts, contacts of contacts, sources; and what that reads."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from fangxian.engines import tracing
from fangxian.faces.cli.output import Advance
from fangxian.faces.cli.visit_files import Read

CHAINS = 10
"""Cases at a time where every contact is followed."""
SEPARATOR = "; "


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options in the engine's units: seconds, counts. engine: a name or an engine. batch: cases at a time."""

    engine: Any
    batch: int
    lag: int
    min_overlap: int
    follow_from: int
    max_place_rows: int
    limit: int
    k: int
    min_peak: int
    subtract_regulars: bool
    zone: str


@dataclass(frozen=True)
class Answer:
    """found: what is written. facts: what is told of it. checksum: of the engine's own table."""

    found: pa.Table
    facts: dict[str, Any]
    checksum: str


def contacts(read: Read, store: tracing.VisitStore, asked: Asked, advance: Advance) -> Answer:
    """Who met the cases."""
    options = {"lag": asked.lag, "min_overlap": asked.min_overlap, "engine": asked.engine}
    parts = []
    for some in _batches(read.cases, asked.batch, advance):
        parts.append(tracing.trace(store, some, max_stay=read.longest_stay, **options))
    found = pa.concat_tables(parts)
    facts = {"contacts": found.num_rows, "persons": len(found["person_id"].unique())}
    return Answer(found, facts, tracing.checksum(found))


def second_degree(read: Read, store: tracing.VisitStore, asked: Asked, advance: Advance) -> Answer:
    """Whom the contacts met afterwards: the best of each case, and how many were cut."""
    parts = [
        tracing.trace_chain(
            store,
            some,
            expand_min_overlap=asked.follow_from,
            limit=asked.limit,
            lag=asked.lag,
            max_place_rows=asked.max_place_rows,
            max_stay=read.longest_stay,
            engine=asked.engine,
        )
        for some in _batches(read.cases, CHAINS, advance)
    ]
    second, counts = (pa.concat_tables([getattr(part, name) for part in parts]) for name in ("second", "counts"))
    sums = {name: sum(counts[name].to_pylist()) for name in ("first", "expanded", "found", "cut")}
    facts = {
        "contacts": sums["first"],
        "followed": sums["expanded"],
        "second_degree": sums["found"],
        "cut": sums["cut"],
    }
    return Answer(second, facts, tracing.checksum(second))


def sources(read: Read, store: tracing.VisitStore, asked: Asked, advance: Advance) -> Answer:
    """Where the cases may have caught it; after the ranking the places that are usual ones of several."""
    found = tracing.sources(
        store,
        read.cases,
        k=asked.k,
        min_peak=asked.min_peak,
        subtract_regulars=asked.subtract_regulars,
        zone_s=_zone_s(read, asked.zone),
        limit=asked.limit,
        engine=asked.engine,
    )
    advance(read.cases.num_rows, read.cases.num_rows, "cases")
    facts = {"places": found.found, "usual_places": found.usual.num_rows}
    return Answer(_with_names(found, read), facts, tracing.checksum(found.places))


def explained(read: Read, store: tracing.VisitStore, asked: Asked, question: tracing.Question) -> dict[str, Any]:
    """What the question reads, asked as it was asked: so many cases at a time."""
    size = {"trace": asked.batch, "trace_chain": CHAINS, "sources": max(read.cases.num_rows, 1)}[question]
    told = [
        tracing.explain(
            store,
            some,
            question=question,
            lag=asked.lag,
            max_place_rows=asked.max_place_rows if question == "trace_chain" else None,
            max_stay=read.longest_stay,
            expand_min_overlap=asked.follow_from,
            engine=asked.engine,
        )
        for some in _batches(read.cases, size, lambda *_: None)
    ]
    return {
        "engine": f"{told[0].engine} ({told[0].why})",
        "segments": max(one.segments for one in told),
        "rows_touched": sum(one.rows_touched for one in told),
        "bytes_touched": sum(one.bytes_touched for one in told),
    }


def _batches(cases: pa.Table, size: int, advance: Advance):
    """The cases so many at a time, told to the progress bar."""
    for start in range(0, cases.num_rows, size):
        yield cases.slice(start, size)
        advance(min(start + size, cases.num_rows), cases.num_rows, "cases")


def _with_names(found: tracing.Sources, read: Read) -> pa.Table:
    """The places with their cases, and below them the usual places, whose cases are regulars."""
    who: dict[tuple[int, int], list[str]] = {}
    for row in found.cases.to_pylist():
        who.setdefault((row["place_id"], row["regular"]), []).append(read.labels[row["case_id"]])
    listed = found.places.to_pylist()
    known = {row["place_id"] for row in listed}
    usual = [
        dict.fromkeys(found.places.column_names) | row
        for row in found.usual.to_pylist()
        if row["place_id"] not in known
    ]
    for row in listed:
        row["case_names"] = SEPARATOR.join(who.get((row["place_id"], 0), []))
    for row in [*listed, *usual]:
        row["regular_names"] = SEPARATOR.join(who.get((row["place_id"], 1), []))
    names = [pa.field("case_names", pa.string()), pa.field("regular_names", pa.string())]
    open_schema = pa.schema([pa.field(field.name, field.type) for field in found.places.schema] + names)
    return pa.Table.from_pylist([*listed, *usual], schema=open_schema)


def _zone_s(read: Read, zone: str) -> int:
    """Seconds east of UTC where the first visit was."""
    first = datetime.fromtimestamp(int(read.visits["entered_at"].to_numpy().min()), UTC)
    offset = first.astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset else 0
