"""`fangxian respond`: everything a case asks for, or a line list of one's own as cases, contacts and a chain."""

from pathlib import Path
from typing import Annotated

import typer

from fangxian.faces.cli import environment, first_start, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

In = {"exists": True, "dir_okay": False}


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("respond")(respond)


def respond(
    case: Annotated[str, typer.Option(help="Number of a case on record.")] = "",
    linelist: Annotated[Path | None, typer.Option(help="Cases, one a row.", **In)] = None,
    contacts: Annotated[Path | None, typer.Option(help="Who met or infected whom, one pair a row.", **In)] = None,
    area: Annotated[str, typer.Option(help="Who answers for the cases [default: the highest area].")] = "",
    disease: Annotated[str, typer.Option(help="Key of the disease [default: read from the file's name].")] = "",
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Respond to a case, or take in a line list with its exposure pairs."""
    if bool(case) == bool(linelist):
        raise Problem("Name either --case NUMBER or --linelist FILE (with --contacts FILE).")
    if case:
        environment.open_data(data, keys)
        _to_case(case, json)
    else:
        _ready(data, keys)
        _linelist(linelist, contacts, area, disease, json)


def _to_case(number: str, json: bool) -> None:
    from fangxian.core import scope
    from fangxian.systems.cases import selectors
    from fangxian.workflows import positive_result

    with scope.everywhere("the console responds to a case wherever it is"):
        found = selectors.by_numbers([number]).get(number)
    if found is None:
        raise Problem(f"There is no case with the number {number}.")
    with output.progress(json) as advance, output.refusals():
        response = positive_result.respond(by=None, case_id=found.pk, progress=advance)
    content = {"case": number, "run": response.run, "pack": response.pack, "steps": response.steps,
               "difference": response.difference}  # fmt: skip
    if json:
        output.document(content)
        return
    output.say(f"[green]✓[/green] {number}, run {response.run}, {response.pack}")
    output.table(["step", "seconds"], ([step["step"], f"{step['seconds']:.3f}"] for step in response.steps))
    output.facts({name: str(value) for name, value in response.difference.items()})


def _ready(data: Path, keys: Path | None) -> None:
    """An installation to import into; made when there is none."""
    if not (data / "fangxian.sqlite").exists():
        first_start.make(data, keys)
        output.err.print(f"Made an installation in {data.resolve()}", soft_wrap=True)
    environment.open_data(data, keys)
    first_start.plant("jiaozuo")


def _linelist(linelist: Path, contacts: Path | None, area: str, disease: str, json: bool) -> None:
    from fangxian.workflows import linelist as workflow

    with output.progress(json) as advance, output.refusals():
        ledger = workflow.import_linelist(
            linelist, contacts, by=None, area=area or None, disease=disease or None, progress=advance
        )
    content = {**ledger.as_dict(), **_chain(ledger.event)}
    if json:
        output.document(content)
        return
    said = ("event", "disease", "area", *ledger.counts(), "pair_rows", "pairs_rejected", "cases", "links", "exposures",
            "contacts", "chain_depth", "unread_cells", "doubtful_cells")  # fmt: skip
    output.facts({name.replace("_", " "): content[name] for name in said})
    spreaders = sorted(ledger.spreaders.items(), key=lambda pair: -pair[1])[:8]
    output.table(["superspreader", "infected"], [list(pair) for pair in spreaders])
    rejects = [*ledger.rejects, *ledger.pairs.rejects][:20]
    if rejects:
        output.table(["row", "field", "reason"], ([r.row, r.field, r.reason] for r in rejects))


def _chain(event: str) -> dict[str, int]:
    """How many cases the event has on record, and over how many generations they infected each other."""
    from fangxian.core import scope
    from fangxian.registers import site
    from fangxian.systems.cases import selectors

    with scope.everywhere("the console counts the cases it has just taken in"):
        known = site.get("cases.event").rows().filter(name=event).first()
        if known is None:
            return {"cases": 0, "chain_depth": 0}
        depth = max((node.generation for node in selectors.chain(known).nodes), default=0)
        return {"cases": known.cases.count(), "chain_depth": depth}
