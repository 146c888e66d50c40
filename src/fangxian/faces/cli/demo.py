"""`fangxian demo`: a county, its people and an outbreak day; the response in numbers; then the server, in that day."""

import json as json_
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from fangxian.faces.cli import environment, first_start, output
from fangxian.faces.cli import serve as server
from fangxian.faces.cli.environment import Keys
from fangxian.faces.cli.output import Json, Problem

Folder = Annotated[
    Path, typer.Option("--data", help="Folder of the demo; made anew unless it holds this demo already.")
]
Scale = Annotated[float, typer.Option(help="Share of the county's 334,213 residents.", min=0.001, max=1)]
REPORT = environment.DEMO


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("demo")(demo)


def demo(
    data: Folder = Path("data/demo"),
    keys: Keys = None,
    scale: Scale = 0.1,
    seed: Annotated[int, typer.Option(help="The same seed makes the same county.")] = 410883,
    port: server.Port = 8000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the report.")] = False,
    json: Json = False,
) -> None:
    """Build the demo county, replay its outbreak day, print the response in numbers, and serve it."""
    if not no_serve:
        server.free("127.0.0.1", port)
    report = _known(data, scale, seed) or _made(data, keys, scale, seed, quiet=json)
    code = _open_again(data, keys, report)
    if json:
        output.document({**report, "setup_code": code})
    else:
        _tell(report, code, data, None if no_serve else port)
        output.line(report["line"])
    if not no_serve:
        _serve(data, keys, port)


def _known(data: Path, scale: float, seed: int) -> dict[str, Any] | None:
    """The report of the demo that already lies in the folder; refuses a folder with anything else in it."""
    file = data / REPORT
    if not file.exists():
        if (data / "fangxian.sqlite").exists():
            raise Problem(f"{data} holds an installation, or a demo that was not finished. Choose another --data, or "
                          "remove the folder if nothing in it is needed.")  # fmt: skip
        return None
    report = json_.loads(file.read_text("utf-8"))
    if (report["scale"], report["seed"]) != (scale, seed):
        raise Problem(f"{data} holds a demo of scale {report['scale']} and seed {report['seed']}. "
                      "Choose another --data, or remove the folder.")  # fmt: skip
    return report


def _made(data: Path, keys: Path | None, scale: float, seed: int, *, quiet: bool) -> dict[str, Any]:
    """Build and replay in an empty folder; the report is kept beside the data."""
    first_start.make(data, keys)
    from fangxian.demo import story
    from fangxian.warehouse import close_visit_logs

    started = time.perf_counter()
    with output.progress(quiet) as advance:
        built = story.build(scale=scale, seed=seed, progress=_shown(advance))
        report = story.replay(built, progress=_shown(advance))
    close_visit_logs()
    kept = {"scale": scale, "seed": seed, **report.as_json(), "line": report.line()}
    kept["seconds_in_all"] = round(time.perf_counter() - started, 1)
    (data / REPORT).write_text(json_.dumps(kept, ensure_ascii=False, indent=2, default=str) + "\n", "utf-8")
    return kept


def _shown(advance: output.Advance) -> Callable[[str, int, int], None]:
    return lambda what, done, total: advance(done, total, what)


def _open_again(data: Path, keys: Path | None, report: dict[str, Any]) -> str | None:
    """The one-time code, made by the clock of the outbreak day, as the server will read it."""
    environment.open_data(data, keys)
    from django.conf import settings

    settings.CLOCK_START = report["clock"]
    return first_start.setup_code()


def _tell(report: dict[str, Any], code: str | None, data: Path, port: int | None) -> None:
    output.say("[bold]What was made[/bold]")
    output.table(["step", "seconds"], ([step["name"], f"{step['seconds']:.2f}"] for step in report["build"]))
    output.say("\n[bold]What the platform did[/bold]")
    for response in report["responses"]:
        steps = ", ".join(f"{step['step']} {step['seconds']:.2f}" for step in response["steps"])
        output.say(f"  {response['case']}  ({response['why']})  {response['seconds']:.2f} s: {steps}")
    output.say("\n[bold]The outbreak day in numbers[/bold]")
    skip = ("scale", "seed", "build", "responses", "line", "setup_code")
    output.facts({name.replace("_", " "): value for name, value in report.items() if name not in skip})
    output.say("")
    address = server.url("127.0.0.1", port) if port else ""
    if address:
        output.say(f"  Open {address}")
    first_start.tell_code(code, address or f"fangxian serve --data {data}")
    output.say(f"  More accounts: fangxian user add NAME --role investigator --area 410883 --data {data}")


def _serve(data: Path, keys: Path | None, port: int) -> None:
    """Become the server: a fresh process, so that its clock begins where the story ended."""
    environment.point_at(data, keys)
    sys.stdout.flush()
    arguments = ["serve", "--data", str(data), "--port", str(port), "--quiet"]
    os.execv(sys.executable, [sys.executable, "-m", "fangxian.faces.cli", *arguments])
