"""Where a command works: the data folder, its key file, and Django set up on them (late: it takes a second)."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from fangxian.faces.cli.output import Problem

Data = Annotated[Path, typer.Option("--data", envvar="FANGXIAN_DATA", help="Folder of all state.")]
Keys = Annotated[
    Path | None, typer.Option("--keys", envvar="FANGXIAN_KEYS", help="Key file [default: beside the data folder].")
]
As = Annotated[str, typer.Option("--as", help="User name of the officer who does it.")]
DEFAULT = Path("data")
DEMO = "demo.json"


def key_file(data: Path, keys: Path | None = None) -> Path:
    """The key file of a data folder: the one named, or the one beside the folder."""
    return Path(keys) if keys else Path(f"{data.resolve()}.keys.json")


def point_at(data: Path, keys: Path | None = None) -> None:
    """Say to the settings which folder and which keys this process works with."""
    os.environ["FANGXIAN_DATA"] = str(data.resolve())
    os.environ["FANGXIAN_KEYS"] = str(key_file(data, keys).resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fangxian.config.settings")
    if (data / DEMO).exists():  # a demo lives in its own days, whoever opens it
        clock = json.loads((data / DEMO).read_text("utf-8"))["clock"]
        os.environ.setdefault("FANGXIAN_CLOCK", clock)


def open_data(data: Path, keys: Path | None = None) -> None:
    """Set Django up on an existing installation; says what to do when there is none."""
    file = key_file(data, keys)
    if not data.is_dir() or not file.exists():
        raise Problem(f"There is no installation in {data} (keys: {file}). Make one: fangxian init --data {data}", 3)
    point_at(data, keys)
    set_up()


def set_up() -> None:
    """Django, its language, and the promise that what is acknowledged is on the disk."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    from fangxian.core.keys import KeyFileError

    try:
        django.setup()
    except (KeyFileError, ImproperlyConfigured) as error:
        raise Problem(str(error), 3) from error
    _speak()
    _durable()
    _say_drill()


def officer(username: str):
    """An active officer by user name."""
    from fangxian.core.officers import Officer

    found = Officer.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise Problem(f"There is no active officer “{username}”. See: fangxian user list")
    return found


def language() -> str:
    """The reader's language, as the shell says it."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if wanted.startswith("zh") else "en"


def resume_clock(data: Path) -> None:
    """Let a demo's clock go on from the last thing that was done in it, also by the server that starts next."""
    from django.conf import settings

    from fangxian.core.audit import AuditEntry

    if not (data / DEMO).exists():
        return
    begin = datetime.fromisoformat(json.loads((data / DEMO).read_text("utf-8"))["clock"])
    last = AuditEntry.objects.order_by("-seq").values_list("at", flat=True).first()
    settings.CLOCK_START = os.environ["FANGXIAN_CLOCK"] = max(begin, last or begin).isoformat()


def _speak() -> None:
    from django.utils import translation

    translation.activate(language())


def _say_drill() -> None:
    """Whoever works in the copy of a drill is told, where no machine reads along."""
    from fangxian.core import drilling

    marker = drilling.current()
    if marker is not None:
        typer.echo(f"DRILL 演练: {marker.name}. This is a copy; nothing done here is real.", err=True)


def _durable() -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from fangxian.core.storage import assert_durable

    try:
        assert_durable()
    except ImproperlyConfigured as error:
        raise Problem(str(error), 3) from error
    except DatabaseError as error:
        raise Problem(f"The database cannot be opened: {error}", 3) from error
