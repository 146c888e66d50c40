"""`fangxian drill`: a drill on a copy of the installation, with its own clock, and what was observed brought back."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, As, Data, Keys
from fangxian.faces.cli.output import Json, Problem

Which = Annotated[str, typer.Argument(help="The drill's id; see: fangxian drill list")]
Copy = Annotated[Path, typer.Option("--copy", help="Folder of the copy.")]
Factor = Annotated[float, typer.Option("--factor", help="Drill minutes in a real minute.", min=0.1, max=3600)]
commands = typer.Typer(no_args_is_help=True)
WHY = "whoever runs the machine runs its drills"


@commands.command("list")
def listing(data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """Drills, those to come first, and which copies are still there."""
    environment.open_data(data, keys)
    from fangxian.core import scope
    from fangxian.systems.drills import selectors

    with scope.everywhere(WHY):
        found = [_facts(one) for one in selectors.recent()]
    if json:
        output.document(found)
    for one in [] if json else found:
        output.say(f"{one['id']}  {one['on']}  {one['state']:<9}  {one['name']}  {one['copy'] or ''}")


@commands.command()
def start(
    drill: Which,
    copy: Copy,
    data: Data = DEFAULT,
    keys: Keys = None,
    factor: Factor = 24.0,
    clock: Annotated[datetime | None, typer.Option("--clock", help="What its clock shows at the beginning.")] = None,
    json: Json = False,
) -> None:
    """Make the copy. Its clock stands still until somebody begins the drill in it."""
    environment.open_data(data, keys)
    from fangxian.faces.cli import drill_copy

    with output.progress(json) as advance:
        made = drill_copy.make(_drill(drill), data, copy, advance, factor=factor, at=clock)
    if json:
        output.document(made)
        return
    output.say(f"[green]✓[/green] {made['files']:,} files in {made['copy']}, for you alone; keys: {made['keys']}")
    output.say(f"  Open it:   fangxian serve --data {made['copy']} --port 8100")
    output.say(f"  Begin:     on its board, or: fangxian drill begin --data {made['copy']}")
    output.say(f"  Evaluate:  fangxian drill evaluate {drill} --copy {made['copy']} --data {data}")


@commands.command()
def begin(
    data: Data = DEFAULT,
    keys: Keys = None,
    factor: Annotated[float | None, typer.Option("--factor", help="Drill minutes in a real minute.", min=0.1)] = None,
    json: Json = False,
) -> None:
    """In the copy: let the clock run and play in what is due."""
    _open_copy(data, keys)
    begun = _tried(lambda story: story.begin(by=None, factor=factor))
    output.document(_facts(begun)) if json else output.say(f"[green]✓[/green] Begun at {_local(begun.begun_at)}")


@commands.command()
def watch(data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """In the copy: how every line stands now."""
    _open_copy(data, keys)
    found = [_line(one) for one in _tried(lambda story: story.watch())]
    if json:
        output.document(found)
    for one in [] if json else found:
        output.say(f"{one['outcome']:<11} {one['observed_at'] or '-':<25} {one['due_at'] or '-':<25} {one['title']}")


@commands.command("hand-back")
def hand_back(
    file: Annotated[Path, typer.Argument(help="File to write; must not exist.")],
    data: Data = DEFAULT,
    keys: Keys = None,
) -> None:
    """In the copy: end the drill and write what was observed into a sealed file for the real installation."""
    _open_copy(data, keys)
    text = _tried(lambda story: story.hand_back())
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(text)
    except OSError as error:
        raise Problem(f"{file} cannot be written: {error.strerror}") from error
    output.say(f"[green]✓[/green] {file}: read it in with `fangxian drill evaluate` or on the drill's page.")


@commands.command()
def evaluate(
    drill: Which,
    officer: As,
    data: Data = DEFAULT,
    keys: Keys = None,
    copy: Annotated[Path | None, typer.Option("--copy", help="Folder of the copy, on this machine.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="The sealed file of `hand-back`.")] = None,
    json: Json = False,
) -> None:
    """Take what was observed into the real installation; it stands on the drill's page, to be confirmed there."""
    if (copy is None) == (report is None):
        raise Problem("Say where it was observed: --copy DIR on this machine, or --report FILE of `drill hand-back`.")
    from fangxian.faces.cli import drill_copy

    text = drill_copy.handed_back(copy) if copy else _text(report)
    environment.open_data(data, keys)
    found, by = _drill(drill), environment.officer(officer)
    done = _tried(lambda story: story.evaluate(drill=found, by=by, text=text))
    output.document(_facts(done)) if json else output.facts({name: str(value) for name, value in _facts(done).items()})


@commands.command()
def close(
    drill: Which,
    data: Data = DEFAULT,
    keys: Keys = None,
    yes: Annotated[bool, typer.Option("--yes", help="Destroy without asking.")] = False,
    json: Json = False,
) -> None:
    """Destroy the copy: every file overwritten and removed, its keys too, and proven. What was handed back stays."""
    environment.open_data(data, keys)
    from fangxian.faces.cli import drill_copy

    found = _drill(drill)
    if not found.copy_at or found.destroyed_at is not None:
        raise Problem("This drill has no copy to destroy.")
    if not yes and not typer.confirm(f"Destroy {found.copy_at} and everything in it?"):
        raise Problem("Nothing was destroyed.")
    proof = drill_copy.destroy(found, Path(found.copy_at))
    if json:
        output.document(proof)
    else:
        output.say(f"[green]✓[/green] {proof['files']:,} files, {proof['bytes']:,} bytes overwritten and gone.")


def _open_copy(data: Path, keys: Path | None) -> None:
    environment.open_data(data, keys)
    from fangxian.core import drilling

    if drilling.current() is None:
        raise Problem(f"{data} is no copy of a drill; nothing is played in where things are real.")


def _drill(pk: str) -> Any:
    from django.core.exceptions import ObjectDoesNotExist, ValidationError

    from fangxian.core import drilling, scope
    from fangxian.systems.drills import selectors

    if drilling.current() is not None:
        raise Problem("This is the copy of a drill. Name the real installation with --data.")
    with scope.everywhere(WHY):
        try:
            return selectors.drill(pk)
        except (ObjectDoesNotExist, ValidationError, ValueError) as error:
            raise Problem(f"There is no drill {pk}. See: fangxian drill list") from error


def _tried(act: Any) -> Any:
    """Do something of the story; what it refuses is one sentence."""
    from django.core.exceptions import ValidationError

    from fangxian.core import scope
    from fangxian.workflows import drill as story

    with scope.everywhere(WHY):
        try:
            return act(story)
        except ValidationError as error:
            raise Problem(" ".join(error.messages)) from error


def _text(report: Path | None) -> str:
    try:
        return report.read_text("utf-8") if report else ""
    except (OSError, ValueError) as error:
        raise Problem(f"{report} cannot be read.") from error


def _facts(one: Any) -> dict[str, Any]:
    here = one.copy_at if one.copied_at and not one.destroyed_at else ""
    return {"id": str(one.pk), "name": str(one), "on": str(one.on), "state": one.state, "expected": one.expected,
            "in_time": one.in_time, "late": one.late, "missed": one.missed, "copy": here}  # fmt: skip


def _line(one: Any) -> dict[str, Any]:
    step = one.step
    return {"kind": step.kind, "key": step.key, "title": step.title, "minute": step.minute, "rule": step.rule,
            "due_at": _local(step.due_at), "observed_at": _local(one.observed_at), "outcome": one.outcome,
            "late_minutes": one.late_minutes, "evidence": one.evidence}  # fmt: skip


def _local(at: datetime | None) -> str | None:
    from django.utils import timezone

    return timezone.localtime(at).isoformat(timespec="seconds") if at else None
