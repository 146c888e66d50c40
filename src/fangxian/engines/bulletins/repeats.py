"""The article, or a part of it, once more: found line by line; what one copy lost, the other may still have."""

from dataclasses import replace
from difflib import SequenceMatcher

from fangxian.engines.bulletins.cells import Cell, Cells, joined
from fangxian.engines.bulletins.model import Certainty, Repair

ALIKE = 0.9
"""The share of characters two copies of a line have in common at least: damage differs from copy to copy."""


def same_line(one: str, other: str) -> bool:
    """Whether two lines are copies of each other."""
    if one == other:
        return True
    if min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def compared(kept: Cells, copy: Cells, repairs: list[Repair]) -> tuple[Cells, list[Repair]]:
    """The kept line with its guesses settled by the copy's words, where the copy stands there undamaged.

    Where both say the same the guess becomes certain; where they differ the copy's characters are taken.
    """
    if not any(cell.guessed for cell in kept):
        return kept, repairs
    found = list[Cell]()
    matcher = SequenceMatcher(None, joined(kept), joined(copy), autojunk=False)
    for _tag, start, end, copy_start, copy_end in matcher.get_opcodes():
        mine, theirs = kept[start:end], copy[copy_start:copy_end]
        if any(cell.guessed for cell in mine) and theirs and not any(cell.guessed for cell in theirs):
            mine = _taken(mine, theirs)
        found.extend(mine)
    still = {cell.start for cell in found if cell.guessed}
    return found, [_settled(repair, found, still) for repair in repairs]


def _taken(mine: Cells, theirs: Cells) -> Cells:
    """The copy's characters at the places of the line's own."""
    places = [mine[min(number, len(mine) - 1)] for number in range(len(theirs))]
    return [
        replace(place, char=cell.char, guessed=False) if place.guessed or place.char != cell.char else place
        for place, cell in zip(places, theirs, strict=True)
    ]


def _settled(repair: Repair, cells: Cells, still: set[int]) -> Repair:
    """A repair in the light of the copy: certain when none of its characters is a guess any more."""
    end = repair.position + len(repair.before)
    inside = [cell for cell in cells if repair.position <= cell.start < end]
    if repair.certainty is Certainty.CERTAIN or not inside or any(cell.start in still for cell in inside):
        return repair
    return replace(repair, after=joined(inside), certainty=Certainty.CERTAIN)
