"""`fangxian warn`: one night of early warning, as the server does every morning."""

from datetime import date
from typing import Annotated

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem


def register(commands: typer.Typer) -> None:
    """Add the verb."""
    commands.command("warn")(warn)


def warn(
    as_of: Annotated[str, typer.Option(help="Last day that counts [default: yesterday].")] = "",
    area: Annotated[str, typer.Option(help="An area and everything below it [default: all].")] = "",
    data: Data = DEFAULT,
    keys: Keys = None,
    json: Json = False,
) -> None:
    """Hold a day's counts against their past and raise signals; the same day again says the same."""
    environment.open_data(data, keys)
    from fangxian.workflows import early_warning

    with output.progress(json) as advance, output.refusals():
        night = early_warning.warn(
            as_of=_day(as_of),
            by=None,
            area_code=area,
            progress=lambda done, total, _unit: advance(done, total, "steps"),
        )
    content = night.as_dict()
    if json:
        output.document(content)
        return
    told = ("as_of", "areas", "series", "candidates", "clusters", "withheld", "raised", "extended", "quiet", "ended")
    output.facts({name.replace("_", " "): str(content[name]) for name in told})
    rows = ([one["area"], one["disease"], one["where"] or "-", one["rule"] or one["method"], _count(one["observed"]),
             _count(one["expected"]), _count(one["p"])] for one in night.signals)  # fmt: skip
    output.table(["area", "about", "where", "by", "counted", "expected", "p"], rows)


def _day(text: str) -> date:
    from datetime import timedelta

    from fangxian.core.clock import today

    if not text:
        return today() - timedelta(days=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(f"--as-of wants a day such as 2026-11-21, not {text!r}.") from None


def _count(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
