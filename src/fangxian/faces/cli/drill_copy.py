"""The copy a drill is run on: made consistent while the server runs, guarded like the original, destroyed with proof.

The copy holds everybody's data a second time. Its folder is for its owner alone (0700, files 0600), its key file lies
beside it (0600) with keys of its own for sessions and venue codes: a session of the copy opens nothing real, a code
printed in it holds nowhere. The keys of the data and of the audit are the same: without them the copy could not be
read, and nobody could prove where it came from.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from fangxian.faces.cli import environment
from fangxian.faces.cli.output import Advance, Problem

BLOCK, FILE_MODE, FOLDER_MODE = 1 << 20, 0o600, 0o700


def make(drill: Any, data: Path, copy: Path, advance: Advance, *, factor: float, at: datetime | None) -> dict[str, Any]:
    """Make the copy of a drill that is planned. A folder that holds anything is never touched."""
    from fangxian.core import audit, clock, drilling, scope
    from fangxian.systems.drills import scenarios, services

    copy = copy.resolve()
    _refuse(drill, data, copy)
    with scope.everywhere("a drill is started"):
        running = services.start(drill=drill, by=None, copy_at=str(copy), factor=factor)
    try:
        copy.mkdir(parents=True, exist_ok=True)
        copy.chmod(FOLDER_MODE)
        held = _fill(data, copy, advance)
        _guard(copy)
        begun = timezone.make_aware(at) if at and timezone.is_naive(at) else at or clock.now()
        name = f"{scenarios.get(drill.scenario).name} · {drill.area} · {drill.on}"
        head = head_of(copy)
        drilling.write(copy, drilling.Marker(drill=str(drill.pk), name=name, at=begun, seq=head["seq"], mac=head["mac"],
                                             factor=factor))  # fmt: skip
        (copy / drilling.FILE).chmod(FILE_MODE)
        keys = own_keys(copy)
        if held:
            _prove(copy)
    except BaseException:
        wipe(copy)
        with scope.everywhere("a drill that was not started"):
            services.not_started(drill=running, by=None)
        raise
    anchored = audit.is_ours(head["seq"], head["mac"])
    return {"drill": str(drill.pk), "copy": str(copy), "keys": str(keys), "files": sum(1 for _ in files(copy)),
            "behind": head["seq"], "anchored": anchored, "factor": factor, "clock": begun.isoformat(),
            **held}  # fmt: skip


def handed_back(copy: Path) -> str:
    """What the copy hands back."""
    return _asked(copy, "say_report")


def _asked(copy: Path, what: str) -> str:
    """What a copy answers in a process of its own, for a process works with one installation."""
    environment_ = {name: value for name, value in os.environ.items() if not name.startswith(("FANGXIAN_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", f"from fangxian.faces.cli import drill_copy; drill_copy.{what}()", str(copy.resolve())],
        capture_output=True, text=True, check=False, env={**environment_, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    if done.returncode:
        raise Problem(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "The copy did not answer.")
    return done.stdout


def say_report() -> None:
    """The report of the copy named by the first argument, on the standard output."""
    from django.core.exceptions import ValidationError

    try:
        environment.open_data(Path(sys.argv[1]))
        from fangxian.core import drilling
        from fangxian.workflows import drill as story

        if drilling.current() is None:
            raise Problem(f"{sys.argv[1]} is no copy of a drill.")
        print(story.hand_back())
    except (Problem, ValidationError) as error:
        print(" ".join(getattr(error, "messages", [str(error)])), file=sys.stderr)
        sys.exit(2)


def say_findings() -> None:
    """What `fangxian verify` finds in the copy named by the first argument, on the standard output."""
    try:
        environment.open_data(Path(sys.argv[1]))
        from fangxian.faces.cli import verify

        print(json.dumps(verify.findings()))
    except Problem as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def destroy(drill: Any, copy: Path) -> dict[str, Any]:
    """Overwrite and remove every file of the copy and its key file, prove that nothing is left, and write it down.

    Only a folder that says it is the copy of this very drill is touched; one that is gone already is written down so.
    """
    from fangxian.core import drilling, scope
    from fangxian.systems.drills import services

    proof = {"copy": str(copy), "files": 0, "bytes": 0, "left": 0}
    if copy.exists():
        marker = drilling.read(copy)
        if marker is None or marker.drill != str(drill.pk):
            raise Problem(f"{copy} does not say that it is the copy of this drill. Nothing was destroyed.")
        proof |= wipe(copy)
    if proof["left"]:
        raise Problem(f"{proof['left']} files of {copy} could not be removed. Stop what runs on it, then again.")
    with scope.everywhere("a copy was destroyed"):
        services.destroyed(drill=drill, by=None, files=proof["files"], size=proof["bytes"])
    return proof


def wipe(copy: Path) -> dict[str, int]:
    """Overwrite each file with zeros down to the disk, then remove all; how many files and bytes, and what is left."""
    ring = environment.key_file(copy)
    beside = (ring, Path(f"{ring}.erasures.json"))  # the list of who was erased in the drill
    found = [*files(copy), *(path for path in beside if path.exists())]
    size = sum(_overwritten(path) for path in found)
    for path in found:
        path.unlink(missing_ok=True)
    shutil.rmtree(copy, ignore_errors=True)
    left = sum(1 for path in found if path.exists()) + int(copy.exists())
    return {"files": len(found), "bytes": size, "left": left}


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder; links are not followed."""
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def head_of(copy: Path) -> dict[str, Any]:
    """Where the audit chain of the copy ends: read from the copy, for the original goes on meanwhile."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(f"file:{copy / 'fangxian.sqlite'}?mode=ro&immutable=1", uri=True)) as store:
        seq, mac = store.execute("SELECT seq, mac FROM core_audithead").fetchone()
    return {"seq": seq, "mac": mac}


def _refuse(drill: Any, data: Path, copy: Path) -> None:
    from fangxian.systems.drills.words import DrillState

    if drill.state != DrillState.PLANNED:
        raise Problem(f"This drill is “{drill.get_state_display()}”; only a planned one is started.")
    if copy.is_relative_to(data.resolve()) or data.resolve().is_relative_to(copy):
        raise Problem("The copy lies inside the original, or the other way round. Choose another folder.")
    if (copy.exists() and any(copy.iterdir())) or environment.key_file(copy).exists():
        raise Problem(f"{copy} or its key file is there already; a copy never replaces anything.")
    needed = _size(data)
    there = next(parent for parent in copy.parents if parent.exists())
    if shutil.disk_usage(there).free < needed:
        raise Problem(f"There is no room for the copy in {there}: it needs {needed:,} bytes.")


def _size(data: Path) -> int:
    """How many bytes a copy may take."""
    from django.db import connection

    size = sum(path.stat().st_size for path in files(data))
    if connection.vendor == "sqlite":
        return size
    from fangxian.faces.cli import embedding, serve

    serve.up_to_date()
    return size + embedding.size(connection)


def _fill(data: Path, copy: Path, advance: Advance) -> dict[str, int]:
    """Put everything into the copy; how many tables and rows came from PostgreSQL, if they did."""
    from django.db import connection

    from fangxian.faces.cli import archive, embedding

    if connection.vendor != "sqlite":
        return embedding.embed(data, copy, advance)
    archive.copy(data, copy, advance)
    return {}


def _prove(copy: Path) -> None:
    """Look at what came from another store as `fangxian verify` does: database, visit log, audit chain."""
    faults = {part: found for part, found in json.loads(_asked(copy, "say_findings")).items() if found}
    if faults:
        told = "; ".join(f"{part}: {found[0]}" for part, found in faults.items())
        raise Problem(f"The copy is not what was written ({told}). See: fangxian verify, on the original.", 1)
    _guard(copy)  # what was derived on looking


def _guard(copy: Path) -> None:
    for path in copy.rglob("*"):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)


def own_keys(copy: Path) -> Path:
    """The key file beside the copy: the data's and the audit's keys, and its own for sessions and venue codes."""
    from fangxian.core import keys

    path = environment.key_file(copy)
    ring = replace(keys.current(), secret_key=secrets.token_urlsafe(64), path=None).with_new_venue_key()
    keys.keep(ring, path)
    return path


def _overwritten(path: Path) -> int:
    size = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        for start in range(0, size, BLOCK):
            file.write(bytes(min(BLOCK, size - start)))
        os.fsync(file.fileno())
    return size
