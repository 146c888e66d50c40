"""`fangxian init`: folders, keys, tables, areas, and the one-time code with which the first account is made."""

from pathlib import Path
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

Areas = Annotated[str, typer.Option("--areas", help="Divisions to begin with: jiaozuo, none, or a division code.")]
UNDER = {"jiaozuo": "4108", "none": None}
FOLDERS = ("visits", "packs", "files", "exports")


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("init")(init)


def init(data: Data = DEFAULT, keys: Keys = None, areas: Areas = "jiaozuo", json: Json = False) -> None:
    """Make an installation, or bring an existing one up to date; prints a set-up code while no account exists."""
    make(data, keys)
    planted = plant(areas)
    found = {"data": str(data.resolve()), "keys": str(environment.key_file(data, keys)), "areas": planted}
    found["setup_code"] = setup_code()
    if json:
        output.document(found)
        return
    output.say(f"[green]✓[/green] Installation in {found['data']}")
    output.say(f"  Key file {found['keys']}: keep a copy apart from the data; without it the data cannot be read.")
    if planted:
        output.say(f"  {planted:,} areas entered.")
    tell_code(found["setup_code"], f"fangxian serve --data {data}")


def make(data: Path, keys: Path | None = None) -> bool:
    """Folders, keys and tables; True when the keys are new. Nothing that exists is replaced."""
    from fangxian.core.keys import KeyFileError, KeyRing

    file = environment.key_file(data, keys)
    new = not file.exists()
    if new and (data / "fangxian.sqlite").exists():
        raise Problem(f"{data} holds data but its key file {file} is missing: restore the key file first.", 3)
    _folders(data)
    try:
        if new:
            KeyRing.create(file, data_dir=data)
    except (KeyFileError, OSError) as error:
        raise Problem(str(error)) from error
    environment.point_at(data, keys)
    _migrate()
    return new


def plant(areas: str) -> int:
    """Enter the divisions asked for and their codes in the other list; those already there stay as they are."""
    from fangxian.core.areas import Area

    under = UNDER.get(areas, areas)
    if under is None:
        return 0
    before = Area.objects.count()
    _plant_divisions(under)
    return Area.objects.count() - before


def setup_code() -> str | None:
    """A fresh code while nobody has an account."""
    from fangxian.core import setup

    return setup.issue_code() if setup.is_open() else None


def tell_code(code: str | None, then: str) -> None:
    """The code and what to do with it."""
    if code:
        output.say(f"  Set-up code (once, 15 minutes): [bold]{code}[/bold]")
        output.say(f"  Next: {then}, open the address it prints, and make the first account with the code.")
    else:
        output.say("  Accounts exist already, so there is no set-up code.")


def _folders(data: Path) -> None:
    try:
        for folder in (data, *(data / name for name in FOLDERS)):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Problem(f"{data} cannot be made: {error.strerror}") from error


def _migrate() -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured

    from fangxian.core.keys import KeyFileError

    try:
        django.setup()
    except (KeyFileError, ImproperlyConfigured) as error:
        raise Problem(str(error), 3) from error
    from fangxian.faces.cli.migrating import migrate

    migrate()
    environment.set_up()


def _plant_divisions(under: str) -> None:
    from fangxian.core.areas import Area, AreaCode
    from fangxian.core.reference import divisions, township_codes

    wanted = [row for row in divisions() if row.code.startswith(under) or under.startswith(row.code)]
    if not wanted:
        raise Problem(f"No division begins with “{under}” in the shipped list.")
    rows = [
        Area(code=row.code, name=row.name, name_en=row.name_en, kind=row.kind, parent_id=row.parent or None)
        for row in wanted
    ]
    Area.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    known = {row.code for row in wanted}
    others = [row for row in township_codes() if row.mca_code and row.nbs_code in known]
    AreaCode.objects.bulk_create(
        [AreaCode(area_id=row.nbs_code, system="mca", code=row.mca_code, name=row.name) for row in others],
        ignore_conflicts=True,
        batch_size=500,
    )
