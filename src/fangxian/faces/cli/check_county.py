"""`fangxian check`: the promises about a county's work, each lived through in a county drawn for it: rounds, stores,
ledgers, findings, orders and the board. They join the commands of `check.py`."""

from typing import Annotated

import typer

from fangxian.faces.cli.check import commands, on_scratch, one_of
from fangxian.faces.cli.output import Json


@commands.command()
def clocks(
    loops: Annotated[int, typer.Option(help="Closed loops to live through.", min=1)] = 60,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Live through the clocks of responses, arrivals and loops: started, met, missed and escalated to the minute."""
    on_scratch("clocks", json, loops, seed)


@commands.command()
def stock(
    steps: Annotated[int, typer.Option(help="Steps in the fridges.", min=50)] = 600,
    chairs: Annotated[int, typer.Option(help="Chairs that take the last doses at once.", min=2)] = 6,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Receive, open, give, waste, send on, recall vaccine: doses in are used, wasted, gone or left at every step."""
    on_scratch("stock", json, steps, chairs, seed)


@commands.command()
def supplies(
    steps: Annotated[int, typer.Option(help="Steps in the stores.", min=50)] = 600,
    hands: Annotated[int, typer.Option(help="Hands that take the last boxes at once.", min=2)] = 6,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Take in, use, count, transfer, ask, send, receive supplies: stock is the sum of what moved at every step."""
    on_scratch("supplies", json, steps, hands, seed)


@commands.command()
def rounds(
    registrations: Annotated[int, typer.Option(help="Samples of the morning.", min=100)] = 20_000,
    seed: Annotated[int, typer.Option(help="Which people, tubes and results.")] = 1,
    database: Annotated[str, typer.Option(help="An empty PostgreSQL instead of a file.")] = "",
    json: Json = False,
) -> None:
    """A round of six hours replayed through the real doors: nobody lost, every figure and every state exact."""
    on_scratch("rounds", json, registrations, seed, database=database)


@commands.command()
def pools(
    people: Annotated[int, typer.Option(help="People of the round.", min=50)] = 3000,
    seed: Annotated[int, typer.Option(help="Which of them are infected, and what goes wrong.")] = 1,
    json: Json = False,
) -> None:
    """Pools with positives are resolved exactly: whatever went wrong on the way, everybody's final state is right."""
    on_scratch("pools", json, people, seed)


@commands.command("lab-accidents")
def lab_accidents(json: Json = False) -> None:
    """Every kind of laboratory accident, made to happen: each is refused, held or flagged, with row, field, reason."""
    on_scratch("lab_accidents", json)


@commands.command()
def ledger(
    system: Annotated[str, typer.Option(help="pharmacy: tills and the register of medicine sales.")] = "pharmacy",
    receipts: Annotated[int, typer.Option(help="Receipts of three days.", min=60)] = 2000,
    pharmacies: Annotated[int, typer.Option(help="Tills; the last one is silent.", min=2)] = 6,
    seed: Annotated[int, typer.Option(help="What is sold, to whom, what goes wrong.")] = 1,
    json: Json = False,
) -> None:
    """Sales by page, file and interface, many sent twice: each is kept once and the register equals the tills."""
    one_of(system, {"pharmacy": ""})
    on_scratch("ledger", json, receipts, pharmacies, seed)


@commands.command()
def recall(
    trades: Annotated[int, typer.Option(help="Trades drawn around each of the seven notices.", min=1)] = 3,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Replay public notices of positive goods: the recall names every lot, holder and handler the truth knows."""
    on_scratch("recall", json, trades, seed)


@commands.command()
def rectification(
    acts: Annotated[int, typer.Option(help="Acts to try, half of them forbidden.", min=100)] = 600,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Findings live through drawn acts by drawn officers: none leaves the ladder, none is closed unshown or unseen."""
    on_scratch("rectification", json, acts, seed)


@commands.command()
def readiness(
    villages: Annotated[int, typer.Option(help="Communities judged; a county has 289.", min=4)] = 289,
    seed: Annotated[int, typer.Option(help="Which rows are drawn where, and what breaks when.")] = 1,
    json: Json = False,
) -> None:
    """A county of drawn evidence: every community judged as drawn, and revoked by the next look once broken."""
    on_scratch("readiness", json, villages, seed)


@commands.command()
def cascade(
    villages: Annotated[int, typer.Option(help="Villages that act; the others never do.", min=1)] = 289,
    seed: Annotated[int, typer.Option(help="Who receives and answers when, late or never.")] = 1,
    json: Json = False,
) -> None:
    """A directive to every township and village, lived through: every count exact, every escalation at its minute."""
    on_scratch("cascade", json, villages, seed)


@commands.command()
def board(
    persons: Annotated[int, typer.Option(help="Residents of the synthetic county.", min=500)] = 20_000,
    rounds: Annotated[int, typer.Option(help="Rounds of work, count, comparison and pages.", min=1)] = 3,
    seed: int = 0,
    json: Json = False,
) -> None:
    """Fill a county, keep its board through rounds of work: every figure is its rows, every page under a second."""
    on_scratch("board", json, persons, rounds, seed)
