"""Commas put before a punctuation mark: `,,`, `,。`, `,、`. Nobody writes one, so undoing it is certain."""

from fangxian.engines.bulletins.cells import Cell, Cells
from fangxian.engines.bulletins.model import Certainty, Kind, Repair

COMMAS = ",，"
MARKS = ",，、。;；:：!！?？"


def undo(cells: Cells) -> tuple[Cells, list[Repair]]:
    """The cells without them."""
    kept, repairs = list[Cell](), list[Repair]()
    for at, cell in enumerate(cells):
        if cell.char in COMMAS and at + 1 < len(cells) and cells[at + 1].char in MARKS:
            repairs.append(Repair(cell.start, cell.char, "", Kind.COMMA, Certainty.CERTAIN))
        else:
            kept.append(cell)
    return kept, repairs
