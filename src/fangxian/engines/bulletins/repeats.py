"""The article, or a part of it, once more: found line by line; what one copy lost, the other may still have."""

from dataclasses import replace
from difflib import SequenceMatcher

from fangxian.engines.bulletins.cells import Cell, Cells, joined
from fangxian.engines.bulletins.characters import after
from fangxian.engines.bulletins.model import Certainty, Kind, Repair

ALIKE = 0.9
"""The share of characters two copies of a line have in common at least: damage differs from copy to copy."""
HALF = 0.5
"""What they have in common at least when guesses do not count."""


def same_line(one: str, other: str) -> bool:
    """Whether two lines are copies of each other."""
    if one == other:
        return True
    if min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def same_row(kept: Cells, row: Cells) -> bool:
    """Whether two lines are copies of each other; what was guessed in either may differ."""
    one, other = joined(kept).strip(), joined(row).strip()
    if same_line(one, other):
        return True
    if not any(cell.guessed for cell in [*kept, *row]) or min(len(one), len(other)) < HALF * max(len(one), len(other)):
        return False
    strange = matched = 0
    for tag, mine, theirs in _compared(kept, row):
        matched += len(mine) if tag == "equal" else 0
        if not any(cell.guessed for cell in [*mine, *theirs]):
            strange += max(len(mine), len(theirs)) if tag != "equal" else 0
    longest = max(len(kept), len(row))
    return matched >= HALF * longest and strange <= (1 - ALIKE) * longest


def _compared(kept: Cells, copy: Cells) -> list[tuple[str, Cells, Cells]]:
    """The stretches in which two lines are equal or differ."""
    matcher = SequenceMatcher(None, joined(kept), joined(copy), autojunk=False)
    return [(tag, kept[start:end], copy[first:last]) for tag, start, end, first, last in matcher.get_opcodes()]


def compared(kept: Cells, copy: Cells, repairs: list[Repair], given: str) -> tuple[Cells, list[Repair]]:
    """The kept line in the light of a copy: where one of them was guessed the other one's words hold.

    A guess the copy stands for becomes certain. Where both were read without doubt and differ, the likelier words are
    taken and told as unsure, with the other ones.
    """
    if not any(cell.guessed for cell in kept) and joined(kept) == joined(copy):
        return kept, repairs
    found, told = list[Cell](), list[Repair]()
    last = list[Cell]()
    for tag, unsettled, theirs in _compared(kept, copy):
        mine = unsettled
        if tag == "equal":
            mine = [_agreed(cell, other) for cell, other in zip(mine, theirs, strict=True)]
        elif tag == "insert":
            mine = _put_in(last, theirs)
        elif theirs and not any(cell.guessed for cell in theirs):
            if any(cell.guessed for cell in mine):
                mine = _taken(mine, theirs)
            elif joined(mine).strip():
                mine, repair = _chosen(found, mine, theirs, given)
                told.append(repair)
        last = unsettled[-1:]
        found.extend(mine)
    still = {cell.start for cell in found if cell.guessed}
    settled = (_settled(repair, found, still) for repair in repairs)
    return found, [repair for repair in settled if repair is not None] + told


def _agreed(cell: Cell, other: Cell) -> Cell:
    return replace(cell, guessed=False) if cell.guessed and not other.guessed else cell


def _put_in(before: Cells, theirs: Cells) -> Cells:
    """The copy's characters behind a guess that lacks them."""
    if not (before and before[-1].guessed) or any(cell.guessed for cell in theirs):
        return []
    return [replace(before[-1], char=cell.char, guessed=False) for cell in theirs]


def _taken(mine: Cells, theirs: Cells) -> Cells:
    """The copy's characters at the places of the line's own."""
    places = [mine[min(number, len(mine) - 1)] for number in range(len(theirs))]
    return [
        replace(place, char=cell.char, guessed=False) if place.guessed or place.char != cell.char else place
        for place, cell in zip(places, theirs, strict=True)
    ]


def _chosen(before: Cells, mine: Cells, theirs: Cells, given: str) -> tuple[Cells, Repair]:
    """The likelier of two copies' words, none of which was doubted by itself."""
    start, end, last = mine[0].start, mine[-1].end, joined(before[-1:])
    better = _fluency(last, joined(theirs)) > _fluency(last, joined(mine))
    cells = [replace(cell, guessed=True) for cell in (_taken(mine, theirs) if better else mine)]
    kind, certainty = (Kind.LOST, Certainty.LIKELY) if better else (Kind.DOUBTFUL, Certainty.GUESS)
    other = joined(mine if better else theirs)
    return cells, Repair(start, given[start:end], joined(cells), kind, certainty, (other,))


def _fluency(before: str, text: str) -> float:
    return sum(after(one, other) for one, other in zip(before + text, text, strict=False)) / len(text)


def _settled(repair: Repair, cells: Cells, still: set[int]) -> Repair | None:
    """A repair in the light of the copy: certain when none of its characters is a guess any more.

    None when it only told of a doubt, and nothing had to be changed.
    """
    end = repair.position + len(repair.before)
    inside = [cell for cell in cells if repair.position <= cell.start < end]
    if repair.certainty is Certainty.CERTAIN or not inside or any(cell.start in still for cell in inside):
        return repair
    kept = repair.kind in (Kind.DOUBTFUL, Kind.UNREADABLE)
    if kept and joined(inside) == repair.after:
        return None
    kind = Kind.LOST if kept else repair.kind
    return replace(repair, after=joined(inside), certainty=Certainty.CERTAIN, kind=kind, alternatives=())
