"""`fangxian check board`: the county board beside its rows. Joins the commands of `check.py` in `main.py`."""

from typing import Annotated

import typer

from fangxian.faces.cli.check import on_scratch
from fangxian.faces.cli.output import Json


def board(
    persons: Annotated[int, typer.Option(help="Residents of the synthetic county.", min=500)] = 20_000,
    rounds: Annotated[int, typer.Option(help="Rounds of work, count, comparison and pages.", min=1)] = 3,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Fill a county, keep its board through rounds of work: every figure is its rows, every page under a second."""
    on_scratch("board", json, persons, rounds, seed)
