"""`fangxian bulletin`: repair and read documents of one's own. Needs no installation."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fangxian.faces.cli import output
from fangxian.faces.cli.output import Json, Problem

In = {"exists": True, "dir_okay": False, "readable": True}


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("bulletin")(bulletin)


def bulletin(
    files: Annotated[list[Path], typer.Argument(help="Text files, UTF-8 or GB18030.", **In)],
    received: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day they came: for a year nobody names.")
    ] = None,
    repairs: Annotated[bool, typer.Option("--repairs", help="List every repair as well.")] = False,
    json: Json = False,
) -> None:
    """Repair bulletins, and find their measures: verbs, actors, level, deadline, requirement ids.

    Undoes notes of pronunciation, inserted commas, lost and shifted bytes, traditional characters, repetition and the
    page around the article; every change is listed with its place and how sure it is.
    """
    from fangxian.engines import bulletins

    day = received.date() if received else None
    found = []
    for path in files:
        try:
            given = bulletins.decoded(path.read_bytes())
        except OSError as error:
            raise Problem(f"{path}: {error}") from error
        found.append((path, bulletins.read(given, day)))
    if json:
        output.document([_document(path, one) for path, one in found])
        return
    for path, one in found:
        _tell(path, one, repairs)


def _document(path: Path, one: Any) -> dict[str, Any]:
    """One file as the machines get it."""
    head = one.head
    return {
        "file": str(path), "title": head.title, "date": head.date, "place": head.place, "issuer": head.issuer,
        "publisher": head.publisher, "speakers": head.speakers, "unsure": head.unsure, "text": one.text,
        "repairs": [asdict(repair) for repair in one.repaired.repairs],
        "measures": [asdict(measure) for measure in one.measures],
    }  # fmt: skip


def _tell(path: Path, one: Any, repairs: bool) -> None:
    """One file for people."""
    head = one.head
    output.say(f"\n[bold]{output.escape(head.title or path.name)}[/bold]")
    facts = {"file": path, "date": head.date or "not named", "place": head.place or "not named",
             "issuer": head.issuer or "not named", "speakers": "、".join(head.speakers) or "none"}  # fmt: skip
    output.facts({name: f"{value}{' (concluded)' if name in head.unsure else ''}" for name, value in facts.items()})
    output.facts({"repairs": _counted(one.repaired.repairs)})
    output.say("")
    output.say(output.escape(one.text))
    output.say("")
    rows = [
        (number, found.text, found.mode.value, " ".join(found.requirements), "、".join(found.actors), found.level,
         f"{found.deadline} {found.due or ''}".strip())
        for number, found in enumerate(one.measures, 1)
    ]  # fmt: skip
    output.table(["No.", "Measure", "Stands as", "Requirements", "Actors", "Level", "Deadline"], rows)
    if repairs:
        changes = [(one.position, one.before[:40], one.after[:40], one.kind.value, one.certainty.value)
                   for one in one.repaired.repairs]  # fmt: skip
        output.table(["Position", "Before", "After", "Kind", "Certainty"], changes)


def _counted(repairs: tuple[Any, ...]) -> str:
    """How many of each kind, and how many of all are not certain."""
    kinds: dict[str, int] = {}
    for repair in repairs:
        kinds[repair.kind.value] = kinds.get(repair.kind.value, 0) + 1
    unsure = sum(repair.certainty.value != "certain" for repair in repairs)
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())) or "none"
    return f"{told}; not certain: {unsure}"
