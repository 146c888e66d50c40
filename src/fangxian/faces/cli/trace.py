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
    out: Annotated[Path, typer.Option(help="The answer, as .csv or .parquet.")],
    sources: Annotated[bool, typer.Option("--sources", help="Where the cases may have caught it, instead.")] = False,
    second_degree: Annotated[
        bool, typer.Option("--second-degree", help="Contacts of contacts, ranked and cut, instead.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Tell as well what the question reads.")] = False,
    lag: Annotated[float, typer.Option(help="Minutes after the case left that still count.", min=0)] = 0,
    min_overlap: Annotated[float, typer.Option(help="Minutes together from which it counts.", min=0)] = 0,
    follow_from: Annotated[float, typer.Option(help="Minutes from which a contact is followed.", min=0)] = 15,
    max_place_rows: Annotated[int, typer.Option(help="Second degree without stays that met more.", min=0)] = 1000,
    k: Annotated[int, typer.Option("--k", help="Cases a source needs.", min=1)] = 3,
    min_peak: Annotated[int, typer.Option(help="Cases at a source at the same time.", min=1)] = 2,
    regulars: Annotated[bool, typer.Option("--regulars", help="Count places cases go to anyway.")] = False,
    limit: Annotated[int, typer.Option(help="Rows of a case's second degree, or sources.", min=1)] = 100,
    stay: Annotated[float, typer.Option(help="Minutes of a visit whose end is unknown.", min=1)] = 60,
    zone: Annotated[str, typer.Option(help="Time zone of times that name none.")] = "Asia/Shanghai",
    engine: Annotated[EngineName, typer.Option(help="What computes; all give the same rows.")] = EngineName.AUTO,
    master: Annotated[str, typer.Option(help="Of Spark: spark://HOST:7077 or local[4].", show_default=False)] = "",
    json: Json = False,
) -> None:
    """Trace over visits of your own: csv, tsv, txt (also .gz) or parquet; times as ISO or epoch seconds.

    Exit code 1 when rows were left out; they stand in OUT.rejected.csv with line, field and reason.
    """
    from fangxian.engines.tracing import EngineMissing
    from fangxian.faces.cli import trace_questions, visit_files

    if sources and second_degree:
        raise Problem("--sources and --second-degree are two questions; ask one at a time.")
    question = "sources" if sources else "trace_chain" if second_degree else "trace"
    try:
        asked = trace_questions.Asked(
            engine=_engine(engine, master),
            batch=BATCHES_OF.get(engine, BATCH),
            lag=round(lag * 60),
            min_overlap=round(min_overlap * 60),
            follow_from=round(follow_from * 60),
            max_place_rows=max_place_rows,
            limit=limit,
            k=k,
            min_peak=min_peak,
            subtract_regulars=not regulars,
            zone=zone,
        )
        read = visit_files.read(visits, cases, stay_s=round(stay * 60), zone=zone)
        answer, facts = _answered(read, asked, question, explain=explain, quiet=json)
        visit_files.write(out, answer.found, read)
        if read.rejected:
            visit_files.write_rejected(rejects_beside(out), read)
    except (visit_files.Unreadable, EngineMissing, OSError) as error:
        raise Problem(str(error)) from error
    _tell(read, facts, out, json)
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


def _answered(read, asked, question: str, *, explain: bool, quiet: bool):
    """The answer, and what is told of it."""
    from fangxian.engines.tracing import VisitStore
    from fangxian.faces.cli import trace_questions

    ask = {
        "trace": trace_questions.contacts,
        "trace_chain": trace_questions.second_degree,
        "sources": trace_questions.sources,
    }[question]
    store, started = VisitStore.of(read.visits), time.perf_counter()
    with output.progress(quiet) as advance:
        answer = ask(read, store, asked, advance)
    facts = {**answer.facts, "checksum": answer.checksum, "seconds": round(time.perf_counter() - started, 3)}
    return answer, facts | (trace_questions.explained(read, store, asked, question) if explain else {})


def _tell(read, facts: dict, out: Path, json: bool) -> None:
    told = {
        "visits": read.visits.num_rows,
        "rejected": len(read.rejected),
        "cases": read.cases.num_rows,
        **facts,
        "out": str(out),
        **({"rejected_rows": str(rejects_beside(out))} if read.rejected else {}),
    }
    output.document(told) if json else output.facts(told)
