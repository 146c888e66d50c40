"""`fangxian audit`: verify the keyed chain, and export its head to be kept out of this machine's reach."""

import json as json_
from pathlib import Path
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

commands = typer.Typer(no_args_is_help=True)


@commands.command()
def verify(
    anchors: Annotated[Path | None, typer.Option(help="File of kept heads, one JSON object a line.")] = None,
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Walk the chain; exit code 1 when an entry was edited, removed, reordered or cut off."""
    environment.open_data(data, keys)
    from fangxian.core import audit

    verdict = audit.verify(_anchors(anchors))
    if json:
        output.document({"entries": verdict.entries, "breaks": verdict.breaks, "sound": verdict.sound})
    else:
        output.say(f"{'[green]✓[/green]' if verdict.sound else '[red]✗[/red]'} {verdict.entries:,} entries")
        for fault in verdict.breaks[:50]:
            output.say(f"    {fault}")
    raise typer.Exit(0 if verdict.sound else 1)


@commands.command()
def anchor(
    out: Annotated[Path | None, typer.Option(help="Add it to this file.")] = None,
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """The head of the chain: print or keep it each day, elsewhere."""
    environment.open_data(data, keys)
    from fangxian.core import audit

    text = json_.dumps(audit.anchor())
    if out:
        with out.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    output.line(text)


def _anchors(file: Path | None) -> dict[int, str]:
    if file is None:
        return {}
    try:
        kept = [json_.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        return {int(one["seq"]): str(one["mac"]) for one in kept if one["seq"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"{file} is not a file of kept heads: {error}") from error
