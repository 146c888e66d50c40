"""`fangxian demo`: a county, its people and an outbreak day; the response in numbers; then the server, in that day.

A finished demo is used again, with all that visitors did in it; one that was interrupted while it was made is made
anew. Nothing else that lies in the folder is ever touched.
"""

import json as json_
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from fangxian.faces.cli import demo_report, environment, first_start, output
from fangxian.faces.cli import serve as server
from fangxian.faces.cli.demo_report import _
from fangxian.faces.cli.environment import Keys
from fangxian.faces.cli.output import Json, Problem

Folder = Annotated[
    Path, typer.Option("--data", help=_("Folder of the demo; made anew unless it holds this demo already."))
]
Scale = Annotated[float, typer.Option(help=_("Share of the county's 334,213 residents."), min=0.001, max=1)]
Fresh = Annotated[bool, typer.Option("--fresh", help=_("Make the demo anew, even if the folder holds it already."))]
REPORT, UNFINISHED, STORE = environment.DEMO, "demo.unfinished", "fangxian.sqlite"


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("demo", help=_("Build the demo county, replay its outbreak day, and serve it."))(demo)


def demo(
    data: Folder = Path("data/demo"),
    keys: Keys = None,
    scale: Scale = 0.1,
    seed: Annotated[int, typer.Option(help=_("The same seed makes the same county."))] = 410883,
    port: server.Port = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=_("Stop after the report."))] = False,
    fresh: Fresh = False,
    json: Json = False,
) -> None:
    """Build the demo county, replay its outbreak day, print the response in numbers, and serve it."""
    if not no_serve:
        server.free("127.0.0.1", port)
    _make_room(data, keys, fresh)
    known = _known(data, scale, seed)
    report = known or _made(data, keys, scale, seed, quiet=json)
    code = _open_again(data, keys)
    if json:
        output.document({**report, "setup_code": code})
    else:
        if known:
            output.say(_("This demo was made before and is used again; --fresh makes it anew."))
        demo_report.tell(report)
        demo_report.tell_ways_in(report, code, data, keys, server.url("127.0.0.1", port) if not no_serve else "")
        output.line(report["line"])
    if not no_serve:
        _serve(data, keys, port)


def _make_room(data: Path, keys: Path | None, fresh: bool) -> None:
    """Remove a demo that was not finished, or that is to be made anew; refuse a folder with anything else in it."""
    is_demo = (data / REPORT).exists() or (data / UNFINISHED).exists()
    if (data / STORE).exists() and not is_demo:
        raise Problem(_("%(data)s holds an installation that is no demo. Choose another --data.") % {"data": data})
    if is_demo and (fresh or not (data / REPORT).exists()):
        shutil.rmtree(data)
        environment.key_file(data, keys).unlink(missing_ok=True)


def _known(data: Path, scale: float, seed: int) -> dict[str, Any] | None:
    """The report of the demo that already lies in the folder."""
    if not (data / REPORT).exists():
        return None
    report = json_.loads((data / REPORT).read_text("utf-8"))
    if (report["scale"], report["seed"]) != (scale, seed):
        told = {"data": data, "scale": report["scale"], "seed": report["seed"]}
        raise Problem(_("%(data)s holds a demo of scale %(scale)s and seed %(seed)s. Choose another --data, or make it "
                        "anew with --fresh.") % told)  # fmt: skip
    return report


def _made(data: Path, keys: Path | None, scale: float, seed: int, *, quiet: bool) -> dict[str, Any]:
    """Build and replay in an empty folder; the report is kept beside the data."""
    started = time.perf_counter()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data / UNFINISHED).touch()
    first_start.make(data, keys)
    _refuse_filled_tables()
    from fangxian.demo import story
    from fangxian.warehouse import close_visit_logs

    with output.progress(quiet) as advance:
        built = story.build(scale=scale, seed=seed, progress=_shown(advance))
        report = story.replay(built, progress=_shown(advance))
    close_visit_logs()
    kept = {"scale": scale, "seed": seed, **report.as_json(), "line": report.line()}
    kept["seconds_in_all"] = round(time.perf_counter() - started, 1)
    _keep(data, kept)
    return kept


def _refuse_filled_tables() -> None:
    """A database server may hold somebody's records; the demo fills only empty tables."""
    from fangxian.core.areas import Area

    if Area.objects.exists():
        raise Problem(_("The database is not empty. The demo needs a database of its own."))


def _keep(data: Path, report: dict[str, Any]) -> None:
    """The report is there whole or not at all: it says that the demo is finished."""
    draft = data / f"{REPORT}.draft"
    draft.write_text(json_.dumps(report, ensure_ascii=False, indent=2, default=str) + "\n", "utf-8")
    draft.replace(data / REPORT)
    (data / UNFINISHED).unlink()


def _shown(advance: output.Advance) -> Callable[[str, int, int], None]:
    return lambda what, done, total: advance(done, total, demo_report.name(what))


def _open_again(data: Path, keys: Path | None) -> str | None:
    """The one-time code, made by the clock the server will go on with."""
    environment.open_data(data, keys)
    environment.resume_clock(data)
    return first_start.setup_code()


def _serve(data: Path, keys: Path | None, port: int) -> None:
    """Become the server: a fresh process, so that its clock begins where the story ended."""
    environment.point_at(data, keys)
    sys.stdout.flush()
    arguments = ["serve", "--data", str(data), "--port", str(port), "--quiet"]
    os.execv(sys.executable, [sys.executable, "-m", "fangxian.faces.cli", *arguments])
