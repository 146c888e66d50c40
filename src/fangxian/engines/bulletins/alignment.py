"""Bytes that were lost or read one off: search for the reading the writer meant.

A sentence is read as bytes (`units.py`). Its characters may begin at any byte, a lost byte may be put in at a price;
the reading with the most likely characters wins (`characters.py`): Viterbi's search over places and last characters,
with a bounded beam. Without damage the characters as given win, because every other cut reads as nonsense.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fangxian.engines.bulletins import notes
from fangxian.engines.bulletins.cells import Cell, Cells, joined
from fangxian.engines.bulletins.characters import after
from fangxian.engines.bulletins.model import Certainty, Kind, Repair
from fangxian.engines.bulletins.script import one_simplified
from fangxian.engines.bulletins.units import Unit, What, bytes_at, character, units_of, with_lead, with_trail

BEAM = 8
LOST = -22.0
"""The price of a lost byte that left no mark; in natural logarithms, as all scores."""
LOST_TOO = -13.0
"""The same in a document that is known to be damaged."""
STRAY = -5.0
"""There, the price of the first byte of a character whose second stands as a letter between Chinese characters."""
MARKED = -2.0
"""The price of a lost byte where a question mark stands."""
QUESTION = -9.0
"""A question mark that was written as one."""
RIGHT_NOTE, WRONG_NOTE, WRITTEN_NOTE = 3.0, -12.0, -6.0
"""A note that gives a reading of the character before it, one that gives none, brackets that were written."""
CLEAR = 3.0
"""By how much the best of several must lead to be likely and not a guess."""
AROUND = 12
"""Units before and behind a suspected place at which a byte may have gone without a mark."""
ODD_STRETCH, STRETCH = -13.0, 4
"""A stretch of so many characters, on average no likelier than this, is looked at byte by byte."""


@dataclass(frozen=True, slots=True)
class Step:
    """One character of a reading: the units it takes, and the bytes it was chosen by if one was lost."""

    char: str
    first: int
    last: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A reading up to a place."""

    score: float
    raw: str = ""
    step: Step | None = None
    before: "Path | None" = None


def mend(cells: Cells, given: str, damaged: bool = False) -> tuple[Cells, list[Repair]]:
    """One sentence as it was meant, its notes removed, with what was changed. Positions are those of the cells.

    In a `damaged` document, one with other marks of damage, a lost byte is likelier.
    """
    units = units_of(cells)
    suspects = _suspects(units) + (_strays(units) if damaged else [])
    if not suspects:
        return _without_notes(cells, units, given)
    steps = _steps(_best(units, _near(suspects, len(units)), LOST_TOO if damaged else LOST))
    return _told(steps, units, cells, given)


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
    return [at for at in range(len(units)) if _is_stray(units, at)]


def _is_stray(units: list[Unit], at: int) -> bool:
    """Whether a single letter or sign, which may be the second byte of a character, stands between Chinese ones."""
    around = units[at - 1 : at] + units[at + 1 : at + 2]
    plain = units[at].what is What.PLAIN and "@" <= units[at].text <= "~"
    return plain and len(around) == 2 and all(unit.what is What.BYTE for unit in around)


def _odd(starts: list[int], units: list[Unit]) -> list[int]:
    chars = [one_simplified(units[at].text) for at in starts]
    scores = [after(before, char) for before, char in zip(["", *chars], chars, strict=False)]
    stretches = range(len(scores) - STRETCH + 1)
    return [starts[at] for at in stretches if sum(scores[at : at + STRETCH]) < STRETCH * ODD_STRETCH]


def _near(suspects: list[int], length: int) -> frozenset[int]:
    """The units around suspected places, where a byte may have gone without a mark."""
    return frozenset(at for place in suspects for at in range(max(0, place - AROUND), min(length, place + AROUND)))


def _best(units: list[Unit], near: frozenset[int], price: float) -> Path:
    """The likeliest reading of all units."""
    reached: dict[tuple[int, int], dict[str, Path]] = {(0, 0): {"": Path(0.0)}}
    for at in range(len(units)):
        for half in (0, 1):
            paths = sorted(reached.pop((at, half), {}).values(), key=lambda path: -path.score)
            for path in paths[:BEAM]:
                for place, longer in _longer(path, (at, half), units, near, price):
                    known = reached.setdefault(place, {})
                    if longer.raw not in known or known[longer.raw].score < longer.score:
                        known[longer.raw] = longer
    return max(reached[len(units), 0].values(), key=lambda path: path.score)


def _longer(
    path: Path, place: tuple[int, int], units: list[Unit], near: frozenset[int], lost: float
) -> Iterator[tuple[tuple[int, int], Path]]:
    """The path with one more character, in every way the units allow."""
    at, half = place
    unit = units[at]
    if not half:
        if unit.what is What.NOTE:
            yield (at + 1, 0), _noted(path, unit, at)
            return
        if unit.what is What.PLAIN:
            yield (at + 1, 0), _with(path, unit.text, at, at)
            if lost == LOST_TOO and at in near and _is_stray(units, at):
                yield from _chosen(path, with_trail(ord(unit.text)), at, (at + 1, 0), STRAY)
        if unit.what is What.MARK:
            yield (at + 1, 0), Path(path.score + QUESTION, "?", Step("?", at, at), path)
            for byte in bytes_at(units, (at + 1, 0)):
                yield from _chosen(path, with_trail(byte.value), at, byte.then, MARKED)
    for lead in bytes_at(units, place):
        for trail in bytes_at(units, lead.then):
            if char := character(lead.value, trail.value):
                yield trail.then, _with(path, char, at, _last(trail.then))
        if at not in near and unit.first and not half:
            continue
        then, price = lead.then, lost
        if then[0] < len(units) and not then[1] and units[then[0]].what is What.MARK:
            then, price = (then[0] + 1, 0), MARKED
        yield from _chosen(path, with_lead(lead.value), at, then, price)
        yield from _chosen(path, with_trail(lead.value), at, lead.then, lost)


def _noted(path: Path, unit: Unit, at: int) -> Path:
    """The note taken away where it belongs to the character before it or bears a tone; else it was written."""
    right = bool(path.raw) and notes.belongs(unit.text, path.raw)
    if right or notes.TONES.search(unit.text):
        return Path(path.score + (RIGHT_NOTE if right else WRONG_NOTE), path.raw, Step("", at, at), path)
    return Path(path.score + WRITTEN_NOTE, ")", Step(")", at, at), path)


def _last(place: tuple[int, int]) -> int:
    """The last unit before a place."""
    return place[0] if place[1] else place[0] - 1


def _with(path: Path, char: str, first: int, last: int, price: float = 0.0, choices: tuple[str, ...] = ()) -> Path:
    likely = after(one_simplified(path.raw), one_simplified(char))
    return Path(path.score + likely + price, char, Step(char, first, last, choices), path)


def _chosen(
    path: Path, choices: tuple[str, ...], first: int, then: tuple[int, int], price: float
) -> Iterator[tuple[tuple[int, int], Path]]:
    """One path for each of the likeliest characters a lost byte leaves open."""
    before = one_simplified(path.raw)
    best = sorted(choices, key=lambda char: -after(before, one_simplified(char)))[:BEAM]
    for char in best:
        yield then, _with(path, char, first, _last(then), price, choices)


def _steps(path: Path) -> list[Step]:
    found = []
    while path.step is not None and path.before is not None:
        found.append(path.step)
        path = path.before
    return found[::-1]


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


def _is_as_given(step: Step, units: list[Unit]) -> bool:
    """Whether the step is a character exactly as it stands in the text."""
    first, last = units[step.first], units[step.last]
    return not step.choices and first.first and (first.start, first.end) == (last.start, last.end)


def _told(steps: list[Step], units: list[Unit], cells: Cells, given: str) -> tuple[Cells, list[Repair]]:
    """The cells of a reading, and its repairs: a stretch of changed characters is one."""
    found, repairs, at = list[Cell](), list[Repair](), 0
    while at < len(steps):
        end = at
        while end < len(steps) and not _is_as_given(steps[end], units):
            end += 1
        if end > at:
            more, repair = _stretch(steps, at, end, units, cells, given)
            found.extend(more)
            repairs.append(repair)
            at = end
            continue
        step, unit = steps[at], units[steps[at].first]
        if unit.what is What.NOTE and not step.char:
            repairs.append(_note(cells, unit, given))
        else:
            found.extend(cells[unit.start : unit.end])
        at += 1
    return found, repairs


def _stretch(steps: list[Step], at: int, end: int, units: list[Unit], cells: Cells, given: str) -> tuple[Cells, Repair]:
    """The cells of the changed steps from `at` to before `end`, and the repair that tells of them."""
    changed = steps[at:end]
    start = cells[units[changed[0].first].start].start
    stop = cells[units[changed[-1].last].end - 1].end
    certainty = min((_certainty(steps, number) for number in range(at, end)), key=ORDER.index)
    guessed = certainty is not Certainty.CERTAIN
    found = [
        Cell(step.char, cells[units[step.first].start].start, cells[units[step.last].end - 1].end, guessed)
        for step in changed
        if step.char
    ]
    kind = Kind.LOST if any(step.choices for step in changed) else Kind.BYTES
    return found, Repair(start, given[start:stop], joined(found), kind, certainty)


ORDER = [Certainty.GUESS, Certainty.LIKELY, Certainty.CERTAIN]


def _certainty(steps: list[Step], at: int) -> Certainty:
    """How far the character of a lost byte leads before the next best that its neighbours allow."""
    step = steps[at]
    if not step.choices:
        return Certainty.CERTAIN
    before, behind = _neighbour(steps[:at][::-1]), _neighbour(steps[at + 1 :])
    scores = sorted((_fit(before, one_simplified(char), behind) for char in step.choices), reverse=True)
    lead = scores[0] - scores[1] if len(scores) > 1 else CLEAR
    return Certainty.LIKELY if lead >= CLEAR else Certainty.GUESS


def _neighbour(steps: list[Step]) -> str:
    return next((one_simplified(step.char) for step in steps if step.char), "")


def _fit(before: str, char: str, behind: str) -> float:
    return after(before, char) + (after(char, behind) if behind else 0.0)
