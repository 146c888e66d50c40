"""`fangxian purge`: delete what is beyond its time, and prove by reading every byte that nothing of it is left."""

import json as json_
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import numpy as np
import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

CONTROLS = 1000


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("purge")(purge)


def purge(
    proof: Annotated[Path, typer.Option(help="Write the proof here, as JSON.")],
    as_of: Annotated[datetime | None, typer.Option("--as-of", help="The day it is [default: today].")] = None,
    disease: Annotated[str, typer.Option(help="Whose pack says how long visits are kept.")] = "covid19",
    area: Annotated[str, typer.Option(help="Area whose packs hold.")] = "",
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Drop visits beyond retention and old uploads; exit code 1 when a byte of a dropped visit is still found."""
    environment.open_data(data, keys)
    found = purged(data, as_of.date() if as_of else None, disease, area, quiet=json)
    try:
        proof.write_text(json_.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise Problem(f"The purge is done, but its proof could not be written: {error}") from error
    if json:
        output.document(found)
    else:
        output.facts({name: value for name, value in found.items() if not isinstance(value, dict)})
        output.say(f"  Proof: {proof}")
    raise typer.Exit(1 if found["hits"] else 0)


def purged(data: Path, day: date | None, disease: str, area: str, *, quiet: bool = True) -> dict[str, Any]:
    """Do it and say what was dropped, by which rule, and what a scan of every file found of it."""
    from fangxian.core import audit
    from fangxian.core.clock import now, today

    rule = retention(disease, area, day or today())
    before = (day or today()) - timedelta(days=rule["days"])
    with output.progress(quiet) as advance:
        gone, kept, rows = _drop_visits(before, advance)
        attempts = _drop_attempts(before)
        uploads, traces = _drop_uploads(day), _expire_traces(day)
        passages, ends = _drop_passages(day, area)
        scan = _with_passages(_scan(data, gone, kept, advance), data, ends)
    found = {
        "as_of": (day or today()).isoformat(), "retention": rule, "visits_before": before.isoformat(),
        "visits_dropped": rows, "flagged_scans_dropped": attempts, "uploads_dropped": uploads,
        "trace_results_dropped": traces, "passages_dropped": passages, **scan, "done_at": now().isoformat(),
    }  # fmt: skip
    with audit.act("core.purge.done", by=None, detail={k: v for k, v in found.items() if k != "hits_by_file"}):
        pass
    return found


def retention(disease: str, area: str, day: date) -> dict[str, Any]:
    """How many days visits are kept, and which pack says so."""
    from fangxian.core import policy

    try:
        pack = policy.pack(disease=disease, area_code=area, on=day)
        return {"days": int(pack.number("retention.visits_days")), "pack": pack.key, "version": pack.version}
    except policy.PolicyError as error:
        raise Problem(f"No pack says how long visits are kept: {error}") from error


def _drop_visits(before: date, advance: output.Advance) -> tuple[np.ndarray, np.ndarray, int]:
    """Tags of the visits that went and of those that stay, and how many rows went."""
    from fangxian.warehouse import visit_log
    from fangxian.warehouse.visits.tags import among, each_once

    log = visit_log()
    advance(0, 3, "visits")
    all_before = log.tags()
    rows = log.drop_before(before)
    log.seal(before)
    advance(2, 3, "visits")
    kept = log.tags()
    advance(3, 3, "visits")
    return each_once(all_before[~among(all_before, kept)]), kept, rows


def _drop_attempts(before: date) -> int:
    """Flagged scans go with the visits of their day."""
    from django.utils import timezone

    from fangxian.systems.screening import flagged

    return flagged.drop_before(datetime.combine(before, time.min, timezone.get_current_timezone()))


def _drop_passages(day: date | None, area: str) -> tuple[int, list[str]]:
    """Passages of checkpoints beyond their own retention: how many, and the ends of the ciphertexts that went."""
    from django.utils import timezone

    from fangxian.core.clock import today
    from fangxian.systems.checkpoints import judging, retention, services

    with _as_of(day):
        on = today()
        before = datetime.combine(on, time.min, timezone.get_current_timezone()) - judging.kept_for(area, on)
        ends = list(retention.traces_before(before))
        return services.purge(before=before)["passages"], ends


def _with_passages(found: dict[str, Any], data: Path, ends: list[str]) -> dict[str, Any]:
    """The scan's findings with those for passages: what went is in no file, what stays is found."""
    from fangxian.faces.cli import bytescan
    from fangxian.systems.checkpoints import retention

    gone = bytescan.scan_texts(data, ends)
    kept = retention.some_traces(CONTROLS)
    control = bytescan.scan_texts(data, kept)
    hits = dict(found["hits_by_file"])
    for file, number in gone.hits.items():
        hits[file] = hits.get(file, 0) + number
    return {
        **found, "hits": found["hits"] + sum(gone.hits.values()), "hits_by_file": hits,
        "passage_values_searched": len(ends), "passage_control_values": len(kept),
        "passage_control_hits": sum(control.hits.values()),
    }  # fmt: skip


def _drop_uploads(day: date | None) -> int:
    from fangxian.registers import runs

    with _as_of(day):
        return runs.purge()


def _expire_traces(day: date | None) -> int:
    """What traces found goes when its time is up; that and why they were asked stays."""
    from fangxian.core import scope
    from fangxian.workflows import trace_for_purpose

    with _as_of(day), scope.everywhere("the purge ends results in every area"):
        return trace_for_purpose.expire()


def _as_of(day: date | None) -> AbstractContextManager:
    """The clock at the beginning of a named day; without one, as it is."""
    from fangxian.core import clock

    if day is None:
        return nullcontext()
    return clock.frozen(datetime.combine(day, time.min, ZoneInfo("Asia/Shanghai")))


def _scan(data: Path, gone: np.ndarray, kept: np.ndarray, advance: output.Advance) -> dict[str, Any]:
    """Look for what went, as ids and as tags; `control_hits` must be found, or the search would prove nothing."""
    from django.db import connection

    from fangxian.faces.cli import bytescan

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("pragma wal_checkpoint(truncate)")
    found = bytescan.scan_visits(data, gone, advance)
    control = bytescan.scan_visits(data, kept[:CONTROLS])
    return {"ids_searched": len(gone), "files_read": found.files, "bytes_read": found.bytes,
            "hits": sum(found.hits.values()), "hits_by_file": found.hits, "control_ids": min(len(kept), CONTROLS),
            "control_hits": sum(control.hits.values())}  # fmt: skip
