"""`fangxian import` and `export`: registers as sheets, by the same engines and in the same scope as the pages."""

import json as json_
from pathlib import Path
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, As, Data, Keys
from fangxian.faces.cli.output import Json, Problem

Name = Annotated[str, typer.Argument(metavar="REGISTER", help="Key of the register, such as people.person.")]
File = Annotated[Path, typer.Argument(help="Sheet: xlsx, xls, ods or csv.", exists=True, dir_okay=False)]


def register(commands: typer.Typer) -> None:
    """Add the verbs."""
    commands.command("import")(import_)
    commands.command("export")(export)


def import_(
    name: Name,
    file: File,
    as_: As,
    report: Annotated[Path | None, typer.Option(help="Write the whole ledger as JSON.")] = None,
    repair: Annotated[Path | None, typer.Option(help="Write the rejected rows as a sheet to mend.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything and take it back.")] = False,
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Import a sheet into a register. Every row is accounted for; exit code 1 when rows were rejected."""
    environment.open_data(data, keys)
    ledger = _import(find(name), file.read_bytes(), environment.officer(as_), dry_run, quiet=json)
    content = {"register": find(name).slug, "dry_run": dry_run, "note": str(find(name).import_note), **ledger.as_dict()}
    if report:
        report.write_text(json_.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n", "utf-8")
    if repair and ledger.repair:
        from fangxian.registers import runs

        repair.write_bytes(runs.repair(ledger))
    output.document(content) if json else _tell(ledger, content["note"], dry_run, report, repair)
    raise typer.Exit(1 if ledger.rejected else 0)


def export(
    name: Name,
    as_: As,
    out: Annotated[Path | None, typer.Option(help="File; .xlsx makes a workbook [default: standard output].")] = None,
    area: Annotated[str, typer.Option(help="Only this area and all below it.")] = "",
    search: Annotated[str, typer.Option(help="Only rows this search finds.")] = "",
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Export a register. Identity numbers and phones are never part of it, and no cell is a live formula."""
    environment.open_data(data, keys)
    officer, found = environment.officer(as_), find(name)
    allowed(found, officer, "export")
    from fangxian.registers.listing import Query

    query = Query(area=area, search=search)
    with found.scope(officer, "export"), output.refusals():
        rows = _write(found, query, officer, out)
    if json and out:
        output.document({"register": found.slug, "rows": rows, "file": str(out)})
    elif out:
        output.say(f"[green]✓[/green] {rows:,} rows of {found.slug} in {out}")


def find(name: str):
    """A register by its key, or by its last word when that is unique."""
    from fangxian.registers import site

    matches = [register for register in site if name in (register.slug, register.slug.split(".")[-1])]
    if len(matches) != 1:
        raise Problem(f"There is no register “{name}”. There are: {', '.join(register.slug for register in site)}")
    return matches[0]


def allowed(found, officer, action: str) -> None:
    """Refuse with the reason unless the officer may."""
    decision = found.may(officer, action)
    if not decision:
        raise Problem(str(decision.reason))


def _import(found, content: bytes, officer, dry_run: bool, *, quiet: bool):
    from fangxian.core import audit
    from fangxian.registers import imports, sheets

    allowed(found, officer, "import")
    with output.refusals(), output.progress(quiet) as advance, found.scope(officer, "import"):
        table = sheets.read(content)
        ledger = imports.run(found, table, by=officer, dry_run=dry_run,
                             progress=lambda done, total: advance(done, total, found.slug))  # fmt: skip
    if not dry_run:
        with audit.act(f"{found.slug}.sheet_imported", by=officer, detail=ledger.counts()):
            pass
    return ledger


def _tell(ledger, note: str, dry_run: bool, report: Path | None, repair: Path | None) -> None:
    output.say("Trial, nothing was kept:" if dry_run else "Imported:")
    output.facts(ledger.counts())
    if note:
        output.say(f"  {note}")
    if ledger.rejects:
        output.table(["row", "field", "reason"], ([r.row, r.field, r.reason] for r in ledger.rejects[:20]))
        if len(ledger.rejects) > 20:
            output.say(
                f"  … and {len(ledger.rejects) - 20:,} more" + (f" in {report}" if report else " (--report FILE)")
            )
        if repair:
            output.say(f"  Mend and import again: {repair}")


def _write(found, query, officer, out: Path | None) -> int:
    from fangxian.registers import exports, listing

    rows = listing.select(found, query).count()
    if out and out.suffix == ".xlsx":
        out.write_bytes(exports.xlsx(found, query, by=officer))
    elif out:
        with out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(exports.csv(found, query, by=officer))
    else:
        for piece in exports.csv(found, query, by=officer):
            typer.echo(piece, nl=False)
    return rows
