"""`fangxian trace`: who met whom, over a user's own files. Needs no installation."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fangxian.faces.cli import output
from fangxian.faces.cli.output import Json, Problem

In = {"exists": True, "dir_okay": False}
BATCH = 50
BATCHES_OF = {"numba": 1000, "spark": 1_000_000}
"""Cases at a time where calling the engine costs more than a case does."""


class EngineName(StrEnum):
    """What computes; all give the same rows."""

    AUTO = "auto"
    REFERENCE = "reference"
    SEGMENTS = "segments"
    NUMBA = "numba"
    DUCKDB = "duckdb"
    SPARK = "spark"


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("trace")(trace)


def trace(
    visits: Annotated[Path, typer.Option(help="Visits: person, place, entered_at, left_at.", **In)],
    cases: Annotated[Path, typer.Option(help="Cases: person, from, until.", **In)],
    out: Annotated[Path, typer.Option(help="Contacts, as .csv or .parquet.")],
    lag: Annotated[float, typer.Option(help="Minutes after the case left that still count.", min=0)] = 0,
    min_overlap: Annotated[float, typer.Option(help="Minutes together from which it counts.", min=0)] = 0,
    stay: Annotated[float, typer.Option(help="Minutes of a visit whose end is unknown.", min=1)] = 60,
    zone: Annotated[str, typer.Option(help="Time zone of times that name none.")] = "Asia/Shanghai",
    engine: Annotated[EngineName, typer.Option(help="What computes; all give the same rows.")] = EngineName.AUTO,
    master: Annotated[str, typer.Option(help="Of Spark: spark://HOST:7077 or local[4].", show_default=False)] = "",
    json: Json = False,
) -> None:
    """Trace contacts over visits of your own: csv, tsv, txt (also .gz) or parquet; times as ISO or epoch seconds.

    Exit code 1 when rows were left out; they stand in OUT.rejected.csv with line, field and reason.
    """
    from fangxian.engines.tracing import EngineMissing
    from fangxian.faces.cli import visit_files

    try:
        chosen = _engine(engine, master)
        read = visit_files.read(visits, cases, stay_s=round(stay * 60), zone=zone)
        started = time.perf_counter()
        asked = {"lag": round(lag * 60), "min_overlap": round(min_overlap * 60), "engine": chosen}
        found = _trace(read, asked, batch=BATCHES_OF.get(engine, BATCH), quiet=json)
        seconds = time.perf_counter() - started
        visit_files.write(out, found, read)
        if read.rejected:
            visit_files.write_rejected(rejects_beside(out), read)
    except (visit_files.Unreadable, EngineMissing, OSError) as error:
        raise Problem(str(error)) from error
    _tell(read, found, out, seconds, json)
    raise typer.Exit(1 if read.rejected else 0)


def rejects_beside(out: Path) -> Path:
    """Where the rows that were left out are written: line, field, reason."""
    return out.with_name(f"{out.stem}.rejected.csv")


def _engine(name: EngineName, master: str):
    """The engine by its name, or Spark at the master."""
    from fangxian.engines.tracing import choice, on_spark

    if name != EngineName.SPARK:
        return name.value
    if not (master or on_spark.named_master()):
        raise Problem(f"--engine spark needs --master URL (or {on_spark.MASTER})")
    choice.need(name)
    return on_spark.Spark.at(master or on_spark.named_master())


def _trace(read, asked: dict, *, batch: int, quiet: bool):
    import pyarrow as pa

    from fangxian.engines import tracing

    store, found = tracing.VisitStore.of(read.visits), []
    with output.progress(quiet) as advance:
        for start in range(0, read.cases.num_rows, batch):
            some = read.cases.slice(start, batch)
            found.append(tracing.trace(store, some, max_stay=read.longest_stay, **asked))
            advance(min(start + batch, read.cases.num_rows), read.cases.num_rows, "cases")
    return pa.concat_tables(found)


def _tell(read, found, out: Path, seconds: float, json: bool) -> None:
    from fangxian.engines import tracing

    facts = {
        "visits": read.visits.num_rows,
        "rejected": len(read.rejected),
        "cases": read.cases.num_rows,
        "contacts": found.num_rows,
        "persons": len(set(found["person_id"].to_pylist())),
        "checksum": tracing.checksum(found),
        "seconds": round(seconds, 3),
        "out": str(out),
        **({"rejected_rows": str(rejects_beside(out))} if read.rejected else {}),
    }
    output.document(facts) if json else output.facts(facts)
