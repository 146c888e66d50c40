"""All readings of a run of bytes: the likeliest one, and by how much each of its characters leads.

A character may begin at any byte, a lost byte may be put in at a price; the reading with the most likely characters
wins (`characters.py`): Viterbi's search over places and last characters, with a bounded beam. Going back over the same
readings tells of every character how much less likely the best reading is that has another one there (max-marginals):
what leads by little is not determined by the bytes, whatever stands there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from math import inf
from typing import NamedTuple
from unicodedata import normalize

from fangxian.engines.bulletins import notes
from fangxian.engines.bulletins.characters import after
from fangxian.engines.bulletins.script import one_simplified
from fangxian.engines.bulletins.units import NARROWED, Unit, What, bytes_at, character, with_lead, with_trail

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
SWALLOWED = -21.0
"""A note that swallowed a byte and belongs to nothing beside it: a question mark stays."""
RIGHT_NOTE, WRONG_NOTE, WRITTEN_NOTE = 3.0, -12.0, -6.0
"""A note that gives a reading of the character before it, one that gives none, brackets that were written."""

BREAKS = f"{NARROWED}\n"
"""What may stand beside a character in Chinese text that is no byte of two."""

Place = tuple[int, int]
"""A unit, and whether the first half of a narrowed mark is read."""


class Edge(NamedTuple):
    """One more character: the place behind it, its score, the units it takes, whether a lost byte was put in.

    raw    the last character read, in the document's script, by which the next one is judged
    """

    then: Place
    score: float
    raw: str
    char: str
    first: int
    last: int
    lost: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """The best reading up to a place that ends in a character, and the best way on from there.

    score, rest    of the best reading up to here, and from here to the end
    """

    score: float
    raw: str = ""
    edge: Edge | None = None
    before: "Node | None" = None
    edges: list[Edge] = field(default_factory=list)
    rest: float = -inf
    best: Edge | None = None


class Step(NamedTuple):
    """One character of a reading, and by how much it leads before every reading with another one in its place."""

    char: str
    first: int
    last: int
    lost: bool
    lead: float


class Lattice:
    """The readings of units: `best` as steps, and what else may stand at a stretch."""

    def __init__(self, units: list[Unit], near: frozenset[int], price: float) -> None:
        """Search once forward and once back. `near`: units at which a byte may be gone, at this price, unmarked."""
        self._units, self._near, self._price = units, near, price
        self._reached: dict[Place, dict[str, Node]] = {(0, 0): {"": Node(0.0)}}
        self._forward()
        end = max(self._reached[len(units), 0].values(), key=lambda node: node.score)
        end.rest, self.score = 0.0, end.score
        self._back()
        self._way = _way_to(end)

    def _forward(self) -> None:
        for at in range(len(self._units)):
            for half in (0, 1):
                if (at, half) in self._reached:
                    self._widen((at, half))

    def _widen(self, place: Place) -> None:
        """Keep the best readings up to a place, and add one character to each."""
        nodes = sorted(self._reached[place].values(), key=lambda node: -node.score)[:BEAM]
        self._reached[place] = {node.raw: node for node in nodes}
        for node in nodes:
            node.edges = list(self._longer(node.raw, place))
            for edge in node.edges:
                there, score = self._reached.setdefault(edge.then, {}), node.score + edge.score
                known = there.get(edge.raw)
                if known is None:
                    there[edge.raw] = Node(score, edge.raw, edge, node)
                elif known.score < score:
                    known.score, known.edge, known.before = score, edge, node

    def _back(self) -> None:
        """How well each reading can go on, from the last place to the first."""
        for at in range(len(self._units) - 1, -1, -1):
            for half in (1, 0):
                for node in self._reached.get((at, half), {}).values():
                    for edge in node.edges:
                        there = self._reached[edge.then].get(edge.raw)
                        if there is not None and edge.score + there.rest > node.rest:
                            node.rest, node.best = edge.score + there.rest, edge

    def _longer(self, raw: str, place: Place) -> Iterator[Edge]:
        """Every character that may come next."""
        at, half = place
        unit = self._units[at]
        before = one_simplified(raw)
        if not half:
            if unit.what is What.NOTE:
                yield _noted(raw, unit, at)
                return
            yield from self._as_written(before, unit, at)
        for lead in bytes_at(self._units, place):
            inside, bonus = self._past_note(lead.then)
            for trail in bytes_at(self._units, inside):
                if char := character(lead.value, trail.value):
                    score = after(before, one_simplified(char)) + bonus
                    yield Edge(trail.then, score, char, char, at, _last(trail.then))
            if at in self._near or not unit.first or half:
                then, price = self._gap(lead.then)
                yield from _chosen(before, lead.value, False, at, then, price)
                yield from _chosen(before, lead.value, True, at, lead.then, self._price)

    def _as_written(self, before: str, unit: Unit, at: int) -> Iterator[Edge]:
        """What is no byte of two: kept as it stands, or what is left of a character."""
        then = at + 1, 0
        if unit.what is What.PLAIN:
            yield Edge(then, after(before, one_simplified(unit.text)), unit.text, unit.text, at, at)
            if self._price == LOST_TOO and at in self._near and is_stray(self._units, at):
                yield from _chosen(before, ord(unit.text), True, at, then, STRAY)
        elif unit.what is What.MARK:
            yield Edge(then, QUESTION, "?", "?", at, at)
            for byte in bytes_at(self._units, then):
                yield from _chosen(before, byte.value, True, at, byte.then, MARKED)
        elif unit.what is What.HALF:
            yield Edge(then, SWALLOWED, "?", "?", at, at)

    def _past_note(self, then: Place) -> tuple[Place, float]:
        """The second byte's place: a note stands before it where the first one and the byte before it spelt another."""
        at, half = then
        if half or not 1 < at < len(self._units) or self._units[at].what is not What.NOTE:
            return then, 0.0
        spelt = self._units[at - 1]
        if spelt.first or not notes.belongs(self._units[at].text, spelt.text):
            return then, 0.0
        return (at + 1, 0), RIGHT_NOTE

    def _gap(self, then: Place) -> tuple[Place, float]:
        """Behind the first byte of a character whose second is gone: a mark may stand for it."""
        marked = then[0] < len(self._units) and not then[1] and self._units[then[0]].what is What.MARK
        return ((then[0] + 1, 0), MARKED) if marked else (then, self._price)

    def steps(self, least: float) -> list[Step]:
        """The best reading, with leads that are exact up to `least`, and at least that beyond."""
        leads = [inf] * len(self._units)
        chosen = {at: edge for edge in self._way for at in range(edge.first, edge.last + 1)}
        meant = self._text(None, self._way, 0, len(self._units))
        for behind, node, edge in sorted(self._others(least), key=lambda one: one[0]):
            places = range(edge.first, edge.last + 1)
            if all(leads[at] <= behind or chosen[at].char == edge.char for at in places):
                continue
            if self._text(edge, _way_to(node), 0, len(self._units)) != meant:
                for at in places:
                    leads[at] = min(leads[at], behind)
        return [
            Step(edge.char, edge.first, edge.last, edge.lost, min(leads[edge.first : edge.last + 1]))
            for edge in self._way
        ]

    def _others(self, least: float) -> Iterator[tuple[float, Node, Edge]]:
        """Every character of every reading that is behind the best by no more than `least`."""
        for there in self._reached.values():
            for node in there.values():
                if self.score - node.score - node.rest > least:
                    continue
                for edge in node.edges:
                    following = self._reached[edge.then].get(edge.raw)
                    behind = self.score - node.score - edge.score - following.rest if following else inf
                    if behind <= least:
                        yield behind, node, edge

    def readings(self, first: int, last: int, least: float, most: int) -> tuple[str, ...]:
        """What else may stand at these units, the likeliest first: at most so many, none further behind."""
        found = [one for one in self._others(least) if one[2].first <= last and one[2].last >= first]
        found.sort(key=lambda one: one[0])
        texts = (self._text(edge, _way_to(node), first, last) for _behind, node, edge in found)
        best = self._text(None, self._way, first, last)
        return tuple(islice((text for text in dict.fromkeys(texts) if text != best), most))

    def _text(self, edge: Edge | None, way: list[Edge], first: int, last: int) -> str:
        """What a reading says at these units: the way up to an edge, and the best one on from there."""
        found = [one for one in way if one.last >= first and one.first <= last]
        while edge is not None and edge.first <= last:
            found += [edge] if edge.last >= first else []
            edge = self._reached[edge.then][edge.raw].best
        return "".join(one.char for one in found)


def _way_to(node: Node) -> list[Edge]:
    """The characters of the best reading up to a place."""
    found = []
    while node.edge is not None and node.before is not None:
        found.append(node.edge)
        node = node.before
    return found[::-1]


def is_stray(units: list[Unit], at: int) -> bool:
    """Whether a letter or sign stands alone beside a Chinese character: it may be the second byte of one."""
    if units[at].what is not What.PLAIN or not "@" <= units[at].text <= "~":
        return False
    around = [_beside(units, at, -1), _beside(units, at, 1)]
    chinese = any(unit is not None and unit.what is What.BYTE for unit in around)
    return chinese and all(unit is None or unit.what is not What.PLAIN or unit.text in BREAKS for unit in around)


def _beside(units: list[Unit], at: int, way: int) -> Unit | None:
    """The next unit in a direction that is no note."""
    at += way
    while 0 <= at < len(units) and units[at].what is What.NOTE:
        at += way
    return units[at] if 0 <= at < len(units) else None


def as_written(units: list[Unit]) -> float:
    """The score of the characters as they stand."""
    score, before = 0.0, ""
    for unit in units:
        if unit.what is What.MARK or unit.what is What.HALF:
            score, before = score + (QUESTION if unit.what is What.MARK else SWALLOWED), "?"
        elif unit.what is What.NOTE:
            score += _noted(before, unit, 0).score
        elif unit.first:
            char = normalize("NFKC", unit.text) if "\uff01" <= unit.text <= "\uff5e" else one_simplified(unit.text)
            score, before = score + after(before, char), char
    return score


def _noted(raw: str, unit: Unit, at: int) -> Edge:
    """The note taken away where it belongs to the character before it or bears a tone; else it was written."""
    right = bool(raw) and notes.belongs(unit.text, raw)
    if right or notes.TONES.search(unit.text):
        return Edge((at + 1, 0), RIGHT_NOTE if right else WRONG_NOTE, raw, "", at, at)
    return Edge((at + 1, 0), WRITTEN_NOTE, ")", ")", at, at)


def _last(place: Place) -> int:
    """The last unit before a place."""
    return place[0] if place[1] else place[0] - 1


def _chosen(before: str, byte: int, is_trail: bool, first: int, then: Place, price: float) -> Iterator[Edge]:
    """One character for each of the likeliest that a lost byte leaves open."""
    for char, score in _likeliest(before, byte, is_trail):
        yield Edge(then, score + price, char, char, first, _last(then), True)


@lru_cache(maxsize=50_000)
def _likeliest(before: str, byte: int, is_trail: bool) -> tuple[tuple[str, float], ...]:
    """The likeliest characters with this first or second byte behind another character, with their scores."""
    choices = with_trail(byte) if is_trail else with_lead(byte)
    scored = [(char, after(before, one_simplified(char))) for char in choices]
    return tuple(sorted(scored, key=lambda one: -one[1])[:BEAM])
