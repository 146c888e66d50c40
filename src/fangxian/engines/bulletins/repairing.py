"""The way of a document from what was given to what was meant: bytes and notes, commas, script, page, repetition."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from fangxian.engines.bulletins import alignment, commas, furniture, notes, repeats, script
from fangxian.engines.bulletins.cells import Cell, Cells, joined, lines, of
from fangxian.engines.bulletins.model import Certainty, Kind, Repair, Repaired

DAMAGE = (Kind.PINYIN, Kind.COMMA, Kind.BYTES, Kind.LOST)
DOUBLED = re.compile(r"[,，][,，、。;；:：]")
HAN = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z0-9/=]\?[A-Za-z/=]")
"""A question mark within an address."""
BETRAYED = 12.0
"""How much better a sentence must read with a byte lost to show that the document is damaged; in clean Chinese texts
of ours, in Markdown, none reads better by more than 10.5, and in plain ones by more than 1.3."""
OPEN = (Kind.LOST, Kind.DOUBTFUL, Kind.UNREADABLE)
"""Repairs that may leave a question mark and tell of it."""
SHORTEST = 8
"""Lines with fewer Chinese characters are neither body nor repetition."""


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, else GB18030; a byte that belongs to no character becomes a question mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace").replace("\ufffd", "?")


def repair(given: str) -> Repaired:
    """Undo the damage of a document; one without damage and furniture comes back unchanged.

    Positions are offsets in `given`, in characters. Never raises for any text: what cannot be read stays, marked.
    """
    damaged = _is_damaged(given)
    cells, repairs = _bytes_and_notes(of(given), given, damaged)
    cells, more = commas.undo(cells)
    repairs += more
    if damaged or any(found.kind in DAMAGE for found in repairs):
        cells, more = _unreadable(cells, repairs)
        repairs += more
    cells, more = _simplified(cells)
    repairs += more
    cells, repairs = _article(cells, repairs, given)
    told = sorted(repairs, key=lambda found: (found.position, found.kind))
    return Repaired(joined(cells), tuple(cell.start for cell in cells), tuple(told))


def _bytes_and_notes(cells: Cells, given: str, damaged: bool) -> tuple[Cells, list[Repair]]:
    """Sentence by sentence, so that what is lost in one cannot spoil the next."""
    found, repairs = list[Cell](), list[Repair]()
    for sentence in _sentences(cells):
        mended, more = alignment.mend(sentence, given, damaged)
        found += mended
        repairs += more
    return found, repairs


def _sentences(cells: Cells) -> Iterator[Cells]:
    """The cells by sentence; a line's end ends one too."""
    sentence = list[Cell]()
    for cell in cells:
        sentence.append(cell)
        if cell.char in "。\n":
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _is_damaged(given: str) -> bool:
    """Whether there are marks of damage nobody could have written: then more may be damaged than shows.

    A bulletin in traditional characters is a mark, the pages that damage them convert them too; else a sentence that
    reads far better with a byte lost.
    """
    if notes.HALF_NOTE.search(given) or DOUBLED.search(given) or script.is_traditional(given):
        return True
    found = notes.NOTE.finditer(given)
    if any(notes.belongs(note[1], given[note.start() - 1]) for note in found if note.start()):
        return True
    return any(alignment.gain(sentence) >= BETRAYED for sentence in _sentences(of(given)))


def _unreadable(cells: Cells, repairs: list[Repair]) -> tuple[Cells, list[Repair]]:
    """Question marks left in a damaged document: left as they are, and listed where nothing has told of them yet."""
    told = {at for one in repairs if one.kind in OPEN for at in range(one.position, one.position + len(one.before))}
    found, more = list[Cell](), list[Repair]()
    for number, cell in enumerate(cells):
        if cell.char == "?" and cell.start not in told and not LATIN.fullmatch(joined(cells[number - 1 : number + 2])):
            cell = replace(cell, guessed=True)
            more.append(Repair(cell.start, "?", "?", Kind.UNREADABLE, Certainty.GUESS))
        found.append(cell)
    return found, more


def _simplified(cells: Cells) -> tuple[Cells, list[Repair]]:
    """Simplified characters, if the document is written in traditional ones."""
    text = joined(cells)
    if not script.is_traditional(text):
        return cells, []
    after = script.simplified(text)
    pairs = [(cell, char) for cell, char in zip(cells, after, strict=True)]
    repairs = []
    for (changed, certainty), group in groupby(pairs, lambda pair: _change(*pair)):
        run = list(group)
        if changed:
            before, new = joined(cell for cell, _char in run), "".join(char for _cell, char in run)
            repairs.append(Repair(run[0][0].start, before, new, Kind.SCRIPT, certainty))
    return [Cell(char, cell.start, cell.end, cell.guessed) for cell, char in pairs], repairs


def _change(cell: Cell, char: str) -> tuple[bool, Certainty]:
    several = cell.char in script.SEVERAL
    return cell.char != char, Certainty.LIKELY if several else Certainty.CERTAIN


def _article(cells: Cells, repairs: list[Repair], given: str) -> tuple[Cells, list[Repair]]:
    """The article once, without the page around it."""
    rows = lines(cells)
    kept: dict[int, Cells] = {}
    dropped: dict[int, tuple[Kind, Certainty]] = {}
    begun = ended = False
    for number, row in enumerate(rows):
        text = joined(row).strip()
        original = next((at for at, other in kept.items() if _is_copy(row, other)), None)
        if original is not None:
            kept[original], repairs = repeats.compared(kept[original], row, repairs, given)
            dropped[number] = Kind.REPEATED, Certainty.CERTAIN
            continue
        ended = ended or (begun and furniture.ends_article(text))
        if furniture.is_piece(text) or furniture.ends_article(text):
            dropped[number] = Kind.FURNITURE, Certainty.CERTAIN
        elif ended and text:
            dropped[number] = Kind.FURNITURE, Certainty.LIKELY
        else:
            begun = begun or _han(text) >= SHORTEST
            kept[number], more = _without_address(row, given)
            repairs = repairs + more
    return _put_together(rows, kept, dropped, repairs, given) if dropped else (_flat(kept), repairs)


def _is_copy(row: Cells, other: Cells) -> bool:
    long = min(_han(joined(row)), len(joined(other).strip())) >= SHORTEST
    return (long or _is_byline(row) and _is_byline(other)) and repeats.same_row(other, row)


def _is_byline(row: Cells) -> bool:
    return joined(row).startswith("(记")


def _han(text: str) -> int:
    return len(HAN.findall(text))


def _flat(kept: dict[int, Cells]) -> Cells:
    return [cell for row in kept.values() for cell in row]


def _without_address(row: Cells, given: str) -> tuple[Cells, list[Repair]]:
    """A paragraph without the address in front of it."""
    found = furniture.LEADING.match(joined(row))
    if not found:
        return row, []
    start, behind = row[0].start, row[found.end()].start
    return row[found.end() :], [Repair(start, given[start:behind], "", Kind.FURNITURE, Certainty.CERTAIN)]


def _put_together(
    rows: list[Cells], kept: dict[int, Cells], dropped: dict[int, tuple[Kind, Certainty]], repairs: list[Repair],
    given: str,
) -> tuple[Cells, list[Repair]]:  # fmt: skip
    """The kept rows, without the empty ones beside what was dropped; each run that was dropped is one repair."""
    outside = _with_empty_rows(rows, kept, dropped)
    runs: list[tuple[int, int, Kind, Certainty]] = []
    for what, group in groupby(range(len(rows)), outside.get):
        numbers = list(group)
        if what is not None:
            runs.append((rows[numbers[0]][0].start, rows[numbers[-1]][-1].end, *what))
    inside = [found for found in repairs if not any(start <= found.position < end for start, end, *_ in runs)]
    told = [Repair(start, given[start:end], "", kind, certainty) for start, end, kind, certainty in runs]
    cells = _flat({number: row for number, row in kept.items() if number not in outside})
    while cells and cells[-1].char == "\n":
        cells.pop()
    return cells, inside + told


def _with_empty_rows(
    rows: list[Cells], kept: dict[int, Cells], dropped: dict[int, tuple[Kind, Certainty]]
) -> dict[int, tuple[Kind, Certainty]]:
    """What is dropped, with the empty rows before and behind it."""
    found = dict(dropped)
    for order, beside in ((range(len(rows)), -1), (range(len(rows) - 1, -1, -1), 1)):
        for number in order:
            if number in kept and not joined(kept[number]).strip() and number + beside in found:
                found[number] = found[number + beside]
    return found
