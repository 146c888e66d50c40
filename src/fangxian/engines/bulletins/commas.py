"""Commas put before a punctuation mark: `,,`, `,。`, `,、`. Nobody writes one, so undoing it is certain."""

from fangxian.engines.bulletins.cells import Cell, Cells
from fangxian.engines.bulletins.model import Certainty, Kind, Repair

COMMAS = ",，"
MARKS = ",，、。;；:：!！?？"


def undo(cells: Cells) -> tuple[Cells, list[Repair]]:
    """The cells without them."""
    kept, repairs = list[Cell](), list[Repair]()
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if cell.char in COMMAS and following is not None and following.char in MARKS:
            repairs.append(Repair(cell.start, cell.char, "", Kind.COMMA, Certainty.CERTAIN))
        else:
            kept.append(cell)
    return kept, repairs
