"""`fangxian verify`: whether everything stored is what was written."""

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("verify")(verify)


def verify(data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """Check the database, the visit log and the audit chain; exit code 1 when something is not as written."""
    environment.open_data(data, keys)
    found = findings()
    if json:
        output.document(found)
    else:
        for part, faults in found.items():
            output.say(f"{'[red]✗[/red]' if faults else '[green]✓[/green]'} {part}")
            for fault in faults:
                output.say(f"    {fault}")
    raise typer.Exit(1 if any(found.values()) else 0)


def findings() -> dict[str, list[str]]:
    """What is wrong, by part; empty lists when all is well."""
    return {"database": _database(), "visit log": _visits(), "audit chain": _audit()}


def _database() -> list[str]:
    from django.db import connection

    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("pragma integrity_check")
        faults = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("pragma foreign_key_check")
        return faults + [f"{table} row {row} points at a missing row of {parent}" for table, row, parent, _n in cursor]


def _visits() -> list[str]:
    from fangxian.warehouse import visit_log
    from fangxian.warehouse.visits.manifest import DamagedManifest

    try:
        log = visit_log()
        found = log.verify()
        if any(not finding.record for finding in found):
            log.open_store()  # what is derived is made again from the record
            found = log.verify()
        return [f"{finding.name}: {finding.fault}" for finding in found]
    except (DamagedManifest, OSError) as error:
        return [str(error)]


def _audit() -> list[str]:
    from fangxian.core import audit

    return audit.verify().breaks
