"""`fangxian venue-keys`: the keys that sign venue codes. A new one at any time; a lost one is retired."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

commands = typer.Typer(no_args_is_help=True)


@commands.command("list")
def list_(data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """Every key: since when, and since when it is retired."""
    environment.open_data(data, keys)
    _show(json)


@commands.command()
def new(data: Data = DEFAULT, keys: Keys = None, json: Json = False) -> None:
    """Sign with a fresh key from now on; codes that hang keep holding until they end."""
    _change("made", lambda ring: ring.with_new_venue_key(), data, keys)
    _show(json)


@commands.command()
def retire(
    key: Annotated[str, typer.Argument(help="Its id; stands at the foot of every sheet.")],
    at: Annotated[datetime | None, typer.Option("--from", help="Since when (UTC) [default: now].")] = None,
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Refuse every code of a key from a moment on: it may be in other hands. A running server knows in seconds."""

    def retired(ring):
        from fangxian.core.clock import now

        moment = at.replace(tzinfo=UTC) if at else now()
        try:
            return ring.with_venue_key_retired(key, at=int(moment.timestamp()))
        except LookupError as error:
            raise Problem(f"There is no venue key “{key}”. See: fangxian venue-keys list") from error

    _change("retired", retired, data, keys)
    _show(json)


def _change(what: str, change, data, key_file) -> None:
    """In the key file and in the audit; the audit is written first, so that no change goes without it."""
    environment.open_data(data, key_file)
    from fangxian.core import audit, keys

    with audit.act(f"core.venue_key.{what}", by=None) as detail:
        keys.use(change(keys.current()))
        detail["keys"] = {key.id: key.facts() for key in keys.current().venue.values()}


def _show(json: bool) -> None:
    from fangxian.core import keys

    ring = keys.current()
    found = [{"key": key.id, **{name: _moment(at) for name, at in key.facts().items()}} for key in ring.venue.values()]
    if json:
        output.document(found)
        return
    for key in found:
        output.say(
            f"{key['key']}  made {key['made_at']}  {'retired ' + key['retired_at'] if key['retired_at'] else ''}"
        )


def _moment(second: int | None) -> str:
    return "" if second is None else datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M")
