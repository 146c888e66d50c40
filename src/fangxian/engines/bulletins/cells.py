"""Characters that remember where they came from."""

from collections.abc import Iterable
from dataclasses import dataclass

Cells = list["Cell"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One character and the part of the given text it stands for."""

    char: str
    start: int
    end: int
    guessed: bool = False


def of(text: str) -> Cells:
    """The cells of a text as given."""
    return [Cell(char, at, at + 1) for at, char in enumerate(text)]


def joined(cells: Iterable[Cell]) -> str:
    """The text of cells."""
    return "".join(cell.char for cell in cells)


def lines(cells: Cells) -> list[Cells]:
    """The cells by line, each with its line end."""
    found: list[Cells] = [[]]
    for cell in cells:
        found[-1].append(cell)
        if cell.char == "\n":
            found.append([])
    return [line for line in found if line]
