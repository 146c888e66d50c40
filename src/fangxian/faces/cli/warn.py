"""`fangxian warn`: one night of early warning, as the server does every morning."""

from datetime import date
from typing import Annotated, Any

import typer

from fangxian.faces.cli import environment, output
from fangxian.faces.cli.environment import DEFAULT, Data, Keys
from fangxian.faces.cli.output import Json, Problem

HEADINGS = ["area", "about", "where", "by", "counted", "expected", "p"]


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
    """Hold a day's counts against their past and raise signals; the same day again says the same.

    The night is kept as the server's are: what its budget held back stands in the inbox for a week.
    """
    environment.open_data(data, keys)
    from fangxian.workflows import early_warning

    day, place = _day(as_of), _area(area)
    with output.progress(json) as advance, output.refusals():
        night = early_warning.warn(
            as_of=day, by=None, area_code=place,
            progress=lambda done, total, _unit: advance(done, total, "steps"),
        )  # fmt: skip
        kept = early_warning.keep(night, by=None, area_code=place)
    content = {**night.as_dict(), "job": str(kept.pk)}
    if json:
        output.document(content)
    else:
        _tell(content)


def _tell(content: dict[str, Any]) -> None:
    """What was looked at, the new cards, and what the budget held back."""
    told = ("as_of", "areas", "series", "candidates", "clusters", "withheld", "raised", "extended", "joined", "quiet",
            "ended")  # fmt: skip
    output.facts({name.replace("_", " "): str(content[name]) for name in told})
    if content["signals"]:
        output.table(HEADINGS, map(_row, content["signals"]), title="new cards")
    else:
        output.say("no new card")
    if content["held"]:
        output.table(HEADINGS, map(_row, content["held"]), title="held back by the budget")
        output.say("For a week whoever answers signals may raise these: Early warning, tab “Held back”.")


def _row(one: dict[str, Any]) -> list[str]:
    """A card or a finding that was held back."""
    where, by = one["where"] or "-", one["rule"] or one["method"]
    return [one["area"], one["disease"], where, by, *(_count(one[name]) for name in ("observed", "expected", "p"))]


def _area(code: str) -> str:
    """The area asked for; one nobody has on the list would be looked at and say nothing."""
    from fangxian.core.areas import Area

    if code and not Area.objects.filter(code=code).exists():
        raise Problem(f"--area wants the code of an area on the list, such as 410883, not {code!r}.")
    return code


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
