"""`fangxian user`: officers from the console. A password is printed once and must be changed at the first login."""

import secrets
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

commands = typer.Typer(no_args_is_help=True)
Username = Annotated[str, typer.Argument(help="User name.")]
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@commands.command()
def add(
    username: Username,
    role: Annotated[str, typer.Option(help="Key of the role, such as duty_officer.")],
    area: Annotated[str, typer.Option(help="Code of the area.")],
    name: Annotated[str, typer.Option(help="The person's name [default: the user name].")] = "",
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Make an officer, or give an existing one a further post."""
    environment.open_data(data, keys)
    password = _add(username, name or username, role, area)
    if json:
        output.document({"username": username, "role": role, "area": area, "one_time_password": password})
    elif password:
        output.say(f"[green]✓[/green] {username} is {role} in {area}.")
        output.say(f"  Password for the first login, to be changed there: [bold]{password}[/bold]")
    else:
        output.say(f"[green]✓[/green] {username} is now also {role} in {area}.")


@commands.command("list")
def list_(data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """Officers and the posts they hold today."""
    environment.open_data(data, keys)
    from fangxian.core.officers import Officer

    rows = [
        {"username": officer.username, "name": officer.name, "active": officer.is_active,
         "posts": [f"{post.role} {post.area_id}" for post in officer.current_posts]}
        for officer in Officer.objects.all()
    ]  # fmt: skip
    if json:
        output.document(rows)
    else:
        shown = (
            [row["username"], row["name"], "yes" if row["active"] else "no", ", ".join(row["posts"])] for row in rows
        )
        output.table(["user", "name", "active", "posts"], shown)


@commands.command()
def password(username: Username, data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """Give an officer a new password for the next login, to be changed there; the old one ends at once."""
    environment.open_data(data, keys)
    given = _renewed(environment.officer(username))
    if json:
        output.document({"username": username, "one_time_password": given})
    else:
        output.say(f"  Password of {username} for the next login, to be changed there: [bold]{given}[/bold]")


@commands.command()
def end(username: Username, data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """End all posts of an officer and close the account; what the officer did stays on record."""
    environment.open_data(data, keys)
    officer = environment.officer(username)
    ended = _end(officer)
    output.document({"username": username, "ended_posts": ended}) if json else output.say(
        f"[green]✓[/green] {username}: {ended} posts ended, account closed."
    )


def _add(username: str, name: str, role: str, area: str) -> str | None:
    """The one-time password, or None for an officer who has one."""
    from django.db import transaction

    from fangxian.core.areas import Area
    from fangxian.core.officers import Officer, appoint
    from fangxian.core.roles import ROLES

    found = Area.objects.filter(code=area).first()
    if found is None:
        raise Problem(f"There is no area with the code {area}.")
    if role not in ROLES:
        raise Problem(f"There is no role “{role}”. There are: {', '.join(ROLES)}")
    with output.refusals(), transaction.atomic():
        officer, password = Officer.objects.filter(username=username).first(), None
        if officer is None:
            password = one_time_password()
            officer = Officer.objects.create_officer(username, name=name, password=password, must_change_password=True)
        appoint(officer, role=role, area=found, by=None)
    return password


def _renewed(officer) -> str:
    from fangxian.core import audit

    given = one_time_password()
    with audit.act("core.officer.password_given", by=None, target=officer):
        officer.set_password(given)
        officer.must_change_password = True
        officer.save(update_fields=["password", "must_change_password"])
    return given


def _end(officer) -> int:
    from datetime import timedelta

    from django.db.models import F
    from django.db.models.functions import Greatest

    from fangxian.core import audit
    from fangxian.core.clock import today

    with audit.act("core.officer.ended", by=None, target=officer) as detail:
        posts = officer.posts.current()
        detail["posts"] = posts.update(valid_to=Greatest(F("valid_from"), today() - timedelta(days=1)))
        officer.is_active = False
        officer.save(update_fields=["is_active"])
    return detail["posts"]


def one_time_password() -> str:
    """Four groups of four letters and digits that cannot be misread."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
