"""Bytes that were lost or read one off: search for the reading the writer meant.

A sentence is read as bytes (`units.py`) where something in it is suspect, and the likeliest reading wins
(`lattice.py`). Without damage the characters as given win, because every other cut reads as nonsense. A character is
certain only where it leads clearly before every other reading: a letter that was left, a character beside a lost byte
that fits nearly as well in another cut, are told as unsure even if they stand as they came.
"""

from itertools import groupby

from fangxian.engines.bulletins import notes
from fangxian.engines.bulletins.cells import Cell, Cells, joined
from fangxian.engines.bulletins.characters import after
from fangxian.engines.bulletins.lattice import LOST, LOST_TOO, Lattice, Step, as_written, is_stray
from fangxian.engines.bulletins.model import Certainty, Kind, Repair
from fangxian.engines.bulletins.script import one_simplified
from fangxian.engines.bulletins.units import Unit, What, units_of

CLEAR = 3.0
"""By how much the best of several must lead to be likely and not a guess."""
SURE = 12.0
"""By how much a reading must lead to be certain."""
MOST = 4
"""Alternatives told of one stretch."""
AROUND = 12
"""Units before and behind a suspected place at which a byte may have gone without a mark."""
ODD_STRETCH, STRETCH = -13.0, 4
"""A stretch of so many characters, on average no likelier than this, is looked at byte by byte."""


def mend(cells: Cells, given: str, damaged: bool = False) -> tuple[Cells, list[Repair]]:
    """One sentence as it was meant, its notes removed, with what was changed. Positions are those of the cells.

    In a `damaged` document, one with other marks of damage, a lost byte is likelier.
    """
    units = units_of(cells)
    suspects = _suspects(units) + (_strays(units) if damaged else [])
    if not suspects:
        return _without_notes(cells, units, given)
    lattice = Lattice(units, _near(suspects, len(units)), LOST_TOO if damaged else LOST)
    return _Telling(lattice, units, cells, given, damaged).told()


def gain(cells: Cells) -> float:
    """By how much a sentence reads better if bytes may have been lost; 0 when nothing in it is suspect."""
    units = units_of(cells)
    suspects = _suspects(units) + _strays(units)
    return Lattice(units, _near(suspects, len(units)), LOST_TOO).score - as_written(units) if suspects else 0.0


def _suspects(units: list[Unit]) -> list[int]:
    """Where the sentence must be read byte by byte: a mark of loss, a note of another character, an odd stretch."""
    found, previous = [], ""
    for at, unit in enumerate(units):
        wrong = unit.what is What.NOTE and previous and not notes.belongs(unit.text, previous)
        if wrong or unit.what in (What.MARK, What.HALF):
            found.append(at)
        previous = unit.text if unit.what in (What.BYTE, What.PLAIN) else ""
    return found + _odd([at for at, unit in enumerate(units) if unit.first and unit.what is not What.NOTE], units)


def _strays(units: list[Unit]) -> list[int]:
    """What is suspect in a damaged document only."""
    return [at for at in range(len(units)) if is_stray(units, at)]


def _odd(starts: list[int], units: list[Unit]) -> list[int]:
    chars = [one_simplified(units[at].text) for at in starts]
    scores = [after(before, char) for before, char in zip(["", *chars], chars, strict=False)]
    stretches = range(len(scores) - STRETCH + 1)
    return [starts[at] for at in stretches if sum(scores[at : at + STRETCH]) < STRETCH * ODD_STRETCH]


def _near(suspects: list[int], length: int) -> frozenset[int]:
    """The units around suspected places, where a byte may have gone without a mark."""
    return frozenset(at for place in suspects for at in range(max(0, place - AROUND), min(length, place + AROUND)))


def _without_notes(cells: Cells, units: list[Unit], given: str) -> tuple[Cells, list[Repair]]:
    """The cells of a sentence whose bytes are in order, without its notes."""
    kept, repairs, previous = list[Cell](), list[Repair](), ""
    for unit in units:
        if unit.what is What.NOTE and previous:
            repairs.append(_note(cells, unit, given))
        elif unit.first:
            kept.extend(cells[unit.start : unit.end])
        previous = unit.text if unit.what is What.BYTE else ""
    return kept, repairs


def _note(cells: Cells, unit: Unit, given: str) -> Repair:
    start = cells[unit.start].start
    return Repair(start, given[start : cells[unit.end - 1].end], "", Kind.PINYIN, Certainty.CERTAIN)


class _Telling:
    """The cells of the best reading, and its repairs: a stretch of changed or unsure characters is one."""

    def __init__(self, lattice: Lattice, units: list[Unit], cells: Cells, given: str, damaged: bool) -> None:
        self._lattice, self._units, self._cells, self._given, self._damaged = lattice, units, cells, given, damaged

    def told(self) -> tuple[Cells, list[Repair]]:
        """All of them, in the order of the text."""
        found, repairs = list[Cell](), list[Repair]()
        for plain, group in groupby(self._steps(), self._is_plain):
            steps = list(group)
            if plain:
                for step in steps:
                    self._keep(step, found, repairs)
            else:
                more, repair = self._stretch(steps)
                found.extend(more)
                repairs.append(repair)
        return found, repairs

    def _steps(self) -> list[Step]:
        """The best reading; where a swallowed byte is not what its note says, the character before is in doubt too."""
        steps = self._lattice.steps(SURE)
        for number, step in enumerate(steps[1:]):
            if (step.lost or step.char == "?") and self._units[step.first].what is What.HALF:
                before = steps[number]
                steps[number] = before._replace(lead=min(before.lead, CLEAR))
        return steps

    def _is_plain(self, step: Step) -> bool:
        """Whether the step is nothing to tell of: a character exactly as it stands in the text, and sure."""
        unit = self._units[step.first]
        if unit.what is What.HALF:
            return False
        return self._is_as_given(step) and (unit.what is What.NOTE or not self._damaged or step.lead >= SURE)

    def _is_as_given(self, step: Step) -> bool:
        first, last = self._units[step.first], self._units[step.last]
        return not step.lost and first.first and (first.start, first.end) == (last.start, last.end)

    def _keep(self, step: Step, found: Cells, repairs: list[Repair]) -> None:
        unit = self._units[step.first]
        if unit.what is What.NOTE and not step.char:
            repairs.append(_note(self._cells, unit, self._given))
        else:
            found.extend(self._cells[unit.start : unit.end])

    def _stretch(self, steps: list[Step]) -> tuple[Cells, Repair]:
        """The cells of changed or unsure steps, and the repair that tells of them."""
        first, last = steps[0].first, steps[-1].last
        start = self._cells[self._units[first].start].start
        stop = self._cells[self._units[last].end - 1].end
        certainty = min((_certainty(step) for step in steps), key=ORDER.index)
        sure = certainty is Certainty.CERTAIN
        found = [self._cell(step, not sure) for step in steps if step.char]
        others = () if sure else self._lattice.readings(first, last, SURE, MOST)
        return found, Repair(start, self._given[start:stop], joined(found), self._kind(steps), certainty, others)

    def _cell(self, step: Step, guessed: bool) -> Cell:
        first, last = self._cells[self._units[step.first].start], self._cells[self._units[step.last].end - 1]
        return Cell(step.char, first.start, last.end, guessed)

    def _kind(self, steps: list[Step]) -> Kind:
        if any(step.lost for step in steps):
            return Kind.LOST
        if not all(map(self._is_as_given, steps)):
            return Kind.BYTES
        return Kind.UNREADABLE if any(step.char == "?" for step in steps) else Kind.DOUBTFUL


ORDER = [Certainty.GUESS, Certainty.LIKELY, Certainty.CERTAIN]


def _certainty(step: Step) -> Certainty:
    """What the lead of a character says; one with a lost byte is never certain."""
    if step.lead < CLEAR or step.char == "?":
        return Certainty.GUESS
    return Certainty.LIKELY if step.lost or step.lead < SURE else Certainty.CERTAIN
