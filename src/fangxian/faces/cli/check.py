"""`fangxian check`: one promise a verb. Each works on throw-away installations, never on the operator's data, and ends
with one line for machines; exit code 0 when the promise held, 1 when not or when nothing was tested, 3 when a tool is
missing."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from fangxian.faces.cli import output
from fangxian.faces.cli.output import Json, Problem

commands = typer.Typer(no_args_is_help=True)


@commands.command()
def authz(
    matrix: Annotated[Path | None, typer.Option(help="Write every cell as CSV.")] = None,
    role: Annotated[list[str] | None, typer.Option(help="Only callers of this role; may be given again.")] = None,
    every_register: Annotated[bool, typer.Option(help="Every page of every register with every caller.")] = False,
    json: Json = False,
) -> None:
    """Every operation × every role × every area × live, anonymous, expired: the declared policy is what happens."""
    from fangxian.faces.cli.checks import scratch

    with scratch.installation():
        from fangxian.faces.cli.checks import authz as check

        with output.progress(json) as advance:
            report = check.run(advance, set(role or ()), every_register=every_register)
        if matrix:
            check.write_csv(matrix, report)
    end(report, json)


@commands.command()
def fresh(json: Json = False) -> None:
    """Two new installations: nobody can sign in, they share no secret, and nobody outside reaches them."""
    from fangxian.faces.cli.checks import fresh as check

    end(check.run(), json)


@commands.command()
def audit(
    tamper: Annotated[str, typer.Option(help="all, or one of: edit, remove, reorder, truncate, head.")] = "all",
    entries: Annotated[int, typer.Option(help="Length of the chain.", min=20)] = 3000,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Edit, remove, reorder and cut entries of an audit chain without its key: every one must be found."""
    from fangxian.faces.cli.checks import scratch

    with scratch.installation():
        from fangxian.faces.cli.checks import tampering as check

        if tamper not in ("all", *check.KINDS):
            raise Problem(f"There is no tampering “{tamper}”. There are: all, {', '.join(check.KINDS)}")
        with output.progress(json) as advance:
            report = check.run(tamper, entries, seed, advance)
    end(report, json)


@commands.command()
def powercut(
    store: Annotated[
        str, typer.Option(help="ingest: the server that takes scans; visits: the store behind it.")
    ] = "ingest",
    states: Annotated[
        int | None, typer.Option(help="States of the disk to rebuild [default: 500, visits 100].", min=1)
    ] = None,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Rebuild the disk behind every write as a power cut would leave it: no acknowledged visit may be missing."""
    from fangxian.faces.cli.checks import powercut as ingest
    from fangxian.faces.cli.checks import powercut_visits as visits

    check, usual = one_of(store, {"ingest": (ingest, 500), "visits": (visits, 100)})
    try:
        with output.progress(json) as advance:
            report = check.run(states or usual, seed, lambda what, done, total: advance(done, total, what))
    except ingest.NoStrace as error:
        raise Problem(str(error), 3) from error
    end(report, json)


@commands.command()
def kill9(
    store: Annotated[str, typer.Option(help="visits: the visit log; records: a server's database.")] = "visits",
    kills: Annotated[int | None, typer.Option(help="Processes to kill [default: 20, records 3].", min=1)] = None,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Kill processes at random moments (SIGKILL): what they acknowledged is there, what was erased stays away."""
    run, usual = one_of(store, {"visits": (_kill_writers, 20), "records": (_kill_servers, 3)})
    with output.progress(json) as advance:
        report = run(kills or usual, seed, advance)
    end(report, json)


@commands.command()
def rebuild(
    damages: Annotated[int, typer.Option(help="Damages to what is derived.", min=1)] = 60,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Damage derived files of a visit log: built again, said, and the answers are as before."""
    from fangxian.faces.cli.checks import rebuild as check

    with output.progress(json) as advance:
        report = check.run(damages, seed, advance)
    end(report, json)


@commands.command()
def erase(
    persons: Annotated[int, typer.Option(help="Persons to erase.", min=1)] = 5,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Erase persons, then read every byte: no uuid, no id of a visit, no number of theirs, nor in a later backup."""
    from fangxian.faces.cli.checks import scratch

    with scratch.installation() as data:
        from fangxian.faces.cli.checks import erase as check

        with output.progress(json) as advance:
            report = check.run(data, persons, seed, advance)
    end(report, json)


@commands.command("import")
def import_(
    rows: Annotated[int, typer.Option(help="Rows of the sheet.", min=10)] = 10_000,
    bad: Annotated[int, typer.Option(help="How many of them are wrong.", min=0)] = 500,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Import a sheet with wrong rows of every kind: each row is accounted for, with the reason it was given."""
    on_scratch("ledgers", json, rows, bad, seed)


@commands.command()
def residue(persons: Annotated[int, typer.Option(min=1)] = 100, json: Json = False) -> None:
    """Plant identity numbers, phones and visits, then read every byte: nothing in plain, nothing after a purge."""
    from fangxian.faces.cli.checks import scratch

    with scratch.installation() as data:
        from fangxian.faces.cli.checks import residue as check

        with output.progress(json) as advance:
            report = check.run(data, persons, advance)
    end(report, json)


@commands.command()
def qr(
    each: Annotated[int, typer.Option("--each", help="Codes of every kind.", min=1)] = 300,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Scan forged, altered, expired, withdrawn, retired and copied venue codes: none counts, none is lost."""
    on_scratch("venue_codes", json, each, seed)


@commands.command()
def letters(
    contacts: Annotated[int, typer.Option(help="Contacts of the day; 58 % of them live elsewhere.", min=10)] = 2518,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Exchange letters between two installations, one of them down for a while: answered for everybody, none lost."""
    from fangxian.faces.cli.checks import letters as check

    with output.progress(json) as advance:
        report = check.run(contacts, seed, advance)
    end(report, json)


@commands.command()
def replan(
    plans: Annotated[int, typer.Option(help="Open plans.", min=1)] = 10_000, seed: int = 0, json: Json = False
) -> None:
    """Put a new edition of the protocol under open plans: the difference shown is exact, and it is what is done."""
    on_scratch("replan", json, plans, seed)


@commands.command()
def warning(
    replicates: Annotated[int, typer.Option(help="Runs of each of the 42 scenarios and 5 pasts.", min=1)] = 10,
    outbreaks: Annotated[int, typer.Option(help="Outbreaks in the townships with five channels.", min=20)] = 1000,
    counties: Annotated[int, typer.Option(help="Simulated counties.", min=1)] = 40,
    days: Annotated[int, typer.Option(help="Scored days of each county.", min=14, max=364)] = 364,
    seed: int = 20130330,
    json: Json = False,
) -> None:
    """Score early warning on outbreaks whose truth is known: found, found in time, and how often it cries wolf."""
    from fangxian.faces.cli.checks import warning as check

    with output.progress(json) as advance:
        report = check.run(replicates, outbreaks, counties, days, seed, advance)
    end(report, json)


@commands.command()
def eligibility(json: Json = False) -> None:
    """Ask every row of the drawn table of vaccination schedules and print it; each answer must be the drawn one."""
    from fangxian.faces.cli.checks import scratch
    from fangxian.faces.cli.checks.eligibility_table import TABLE

    with scratch.installation():  # the packs are read as an installation reads them
        from fangxian.faces.cli.checks import eligibility as check

        report = check.run()
    if not json:
        typer.echo(TABLE.strip())
    end(report, json)


@commands.command()
def matching(
    persons: Annotated[int, typer.Option(help="People on record.", min=100)] = 20_000,
    rows: Annotated[int, typer.Option(help="Rows of the list.", min=50)] = 5_000,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Match a list with the usual slips against people on record: rows a second, and how often it is right."""
    on_scratch("matching", json, persons, rows, seed)


def _kill_writers(kills: int, seed: int, advance: output.Advance) -> Any:
    from fangxian.faces.cli.checks import kill9

    return kill9.run(kills, seed, advance)


def _kill_servers(kills: int, seed: int, advance: output.Advance) -> Any:
    from fangxian.faces.cli.checks import scratch

    with scratch.installation() as data:
        from fangxian.faces.cli.checks import kill9_records

        return kill9_records.run(data, kills, seed, advance)


@commands.command()
def bulletins(cases: Annotated[int, typer.Option(min=1)] = 1000, seed: int = 0, json: Json = False) -> None:
    """Damage bulletins of our own writing in many ways, repair them, and compare with what they were."""
    from fangxian.faces.cli.checks import bulletins as check

    with output.progress(json) as advance:
        report = check.run(cases, seed, advance)
    end(report, json)


def one_of(name: str, known: dict[str, Any]) -> Any:
    """What stands under a name; a name nobody knows is refused with those there are."""
    if name not in known:
        raise Problem(f"There is no “{name}” here. There are: {', '.join(known)}")
    return known[name]


def on_scratch(name: str, json: bool, *given: Any, database: str = "") -> None:
    """Run the check of this name on an installation of its own, thrown away afterwards, and say how it ended."""
    from fangxian.faces.cli.checks import scratch

    with scratch.installation(database):
        check = import_module(f"fangxian.faces.cli.checks.{name}")  # not before Django is set up there
        with output.progress(json) as advance:
            report = check.run(*given, advance)
    end(report, json)


def end(report, json: bool) -> None:
    """What was found, the line for machines, and the exit code."""
    findings = list(getattr(report, "findings", []))
    if json:
        output.document({**_figures(report), "findings": findings, "line": report.line()})
    else:
        for finding in findings[:40]:
            output.say(f"[red]✗[/red] {finding}")
        if len(findings) > 40:
            output.say(f"  … and {len(findings) - 40:,} more (--json shows all)")
        output.line(report.line())
    raise typer.Exit(report.exit_code)


def _figures(report) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in report.line().split() if "=" in pair)
