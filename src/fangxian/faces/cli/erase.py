"""`fangxian erase`: a person's visits go from every file, and who wanted it stays on record."""

from typing import Annotated
from uuid import UUID

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("erase")(erase)


def erase(
    person: Annotated[UUID, typer.Argument(help="The person's id: the last part of the address of their page.")],
    reason: Annotated[str, typer.Option(help="Why; recorded.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Erase where a person was, visits and flagged scans, from every file. There is no way back."""
    environment.open_data(data, keys)
    from django.core.exceptions import ObjectDoesNotExist, ValidationError

    from fangxian.core import scope
    from fangxian.workflows.erasure import erase_visits

    if not yes:
        typer.confirm(f"Erase all visits of person {person}? They cannot be brought back", abort=True, err=True)
    try:
        with scope.everywhere("whoever holds the data folder erases on a person's demand"):
            done = erase_visits(person_id=person, by=None, reason=reason)
    except ObjectDoesNotExist:
        raise Problem(f"There is no person with the id {person}.") from None
    except ValidationError as error:
        raise Problem("--reason: " + " ".join(error.messages)) from error
    found = {"person": str(person), "visits": done.visits, "flagged_scans": done.flagged_scans}
    output.document(found) if json else output.facts(found)
