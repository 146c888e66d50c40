"""`fangxian backup` and `restore`: one encrypted file with everything but the keys, taken while the server runs."""

from pathlib import Path
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem


def register(commands: typer.Typer) -> None:
    """Add the verbs."""
    commands.command("backup")(backup)
    commands.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="File to write; must not exist.")],
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Write one consistent, encrypted copy of all state. The key file is not in it: keep that elsewhere."""
    environment.open_data(data, keys)
    from fangxian.faces.cli import archive

    with output.progress(json) as advance:
        found = archive.write(file, data, advance)
    if json:
        output.document(found)
    else:
        output.say(f"[green]✓[/green] {found['files']:,} files, {found['bytes']:,} bytes in {file}")
        output.say(f"  Opens only with the key file {environment.key_file(data, keys)}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.", exists=True, dir_okay=False)],
    data: Data = DEFAULT,
    keys: Keys = None,
    force: Annotated[bool, typer.Option("--force", help="Put the folder that is there aside.")] = False,
    json: Json = False,
) -> None:
    """Verify a backup and put it in place of nothing; what has run out since it was taken is dropped again."""
    if data.exists() and any(data.iterdir()) and not force:
        raise Problem(f"{data} is not empty. With --force it is put aside, and the backup takes its place.")
    ring = environment.key_file(data, keys)
    from fangxian.faces.cli import archive

    with output.progress(json) as advance:
        found = archive.restore(file, data, ring, advance)
    environment.open_data(data, keys)
    from fangxian.faces.cli import verify
    from fangxian.workflows.rounds import keep_visits

    found["visits_run_out"] = keep_visits()
    found["findings"] = {part: faults for part, faults in verify.findings().items() if faults}
    output.document(found) if json else output.facts({name: str(value) for name, value in found.items()})
    raise typer.Exit(1 if found["findings"] else 0)
