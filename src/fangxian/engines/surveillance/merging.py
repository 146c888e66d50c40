"""From excesses to cards: the lowest level that explains an excess, and one card for what belongs together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

DAYS = 7
"""Days between two excesses that still belong together."""
NOTHING: Mapping[str, str] = {}


class Excess(NamedTuple):
    """One series found out of the ordinary.

    first, last      days it reaches over, both included
    cases, expected  in those days
    bound            the most that would not be out of the ordinary
    p                chance of at least as many
    rule             name of the rule that found it; empty for a statistical one
    """

    area: str
    disease: str
    first: date
    last: date
    cases: float
    expected: float
    bound: float
    p: float
    rule: str = ""


@dataclass(frozen=True)
class Card:
    """What one person should look at once: excesses of one disease, or of it and its syndrome, that overlap in time and
    place."""

    excesses: tuple[Excess, ...]

    @property
    def disease(self) -> str:
        """That of the excess it leads with."""
        return self.strongest.disease

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas of the excesses, sorted."""
        return tuple(sorted({one.area for one in self.excesses}))

    @property
    def first(self) -> date:
        """First day."""
        return min(one.first for one in self.excesses)

    @property
    def last(self) -> date:
        """Last day."""
        return max(one.last for one in self.excesses)

    @property
    def strongest(self) -> Excess:
        """The one a card leads with: of a rule before a statistical one, then the least likely."""
        return min(self.excesses, key=lambda one: (not one.rule, one.p, one.area, one.first))


@dataclass(frozen=True)
class Filed:
    """Where the excesses of a day belong.

    new    cards of nothing but today's, the least likely first
    joins  an excess of today and the one of the card under way it belongs to
    """

    new: tuple[Card, ...]
    joins: tuple[tuple[Excess, Excess], ...]


def lowest(excesses: Iterable[Excess], parents: Mapping[str, str]) -> tuple[Excess, ...]:
    """Leave out areas whose parts explain their excess, in the order given.

    parents  area above each area; the topmost is not named
    A statistical excess stays where it would still be above its bound without what the areas below it have too many in
    the same days. What a rule found always stays.
    """
    given = tuple(excesses)
    kept: list[Excess] = []
    for one in given:
        below = [other for other in given if other.disease == one.disease and _under(other.area, one.area, parents)]
        if one.rule or not below or one.cases - _too_many(one, below, parents) > one.bound:
            kept.append(one)
    return tuple(kept)


def _same(one: str, other: str) -> bool:
    return one == other


def merged(
    excesses: Iterable[Excess],
    *,
    near: Callable[[str, str], bool] = _same,
    parents: Mapping[str, str] = NOTHING,
    kin: Mapping[str, str] = NOTHING,
    days: int = DAYS,
) -> tuple[Card, ...]:
    """Excesses as cards, the least likely first.

    near     whether two areas are neighbours, asked in both orders; an area and those above it always belong together
    parents  area above each area
    kin      syndrome of each disease: both belong together in one area
    days     the largest gap in time inside a card
    Belonging together is handed on: of three in a row the outer ones share a card.
    """
    given = sorted(set(excesses), key=lambda one: (one.disease, one.first, one.last, one.area, one.p, one.rule))
    groups: list[list[Excess]] = []
    for one in given:
        joined = [group for group in groups if any(_together(one, other, near, parents, kin, days) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([one, *(other for group in joined for other in group)])
    cards = (Card(tuple(sorted(group))) for group in groups)
    return tuple(sorted(cards, key=lambda card: (not card.strongest.rule, card.strongest.p, card.excesses)))


def filed(
    today: Iterable[Excess],
    under_way: Iterable[Excess],
    *,
    parents: Mapping[str, str] = NOTHING,
    kin: Mapping[str, str] = NOTHING,
    days: int = DAYS,
) -> Filed:
    """Excesses of a day, each on a new card or on one that is under way.

    under_way  what each card that is there leads with, as it stands
    parents, kin, days  as `merged` reads them
    An excess joins a card it belongs to by itself, not one that something between them belongs to: a township is not
    lost on the card of another because the county has too many as well.
    """
    cards = tuple(under_way)
    joins: list[tuple[Excess, Excess]] = []
    rest: list[Excess] = []
    for one in today:
        there = [card for card in cards if _together(one, card, _same, parents, kin, days)]
        if there:
            joins.append((one, _nearest(one, there)))
        else:
            rest.append(one)
    return Filed(merged(rest, parents=parents, kin=kin, days=days), tuple(joins))


def _nearest(one: Excess, cards: Iterable[Excess]) -> Excess:
    """The card under way an excess belongs to: of its own disease, of its own area, the least likely."""
    return min(cards, key=lambda card: (card.disease != one.disease, card.area != one.area, card.p))


def _under(area: str, above: str, parents: Mapping[str, str]) -> bool:
    """Whether an area lies below another."""
    at = parents.get(area)
    while at is not None and at != above:
        at = parents.get(at)
    return at is not None


def _too_many(one: Excess, below: Sequence[Excess], parents: Mapping[str, str]) -> float:
    """Cases beyond expectation in the areas below, the topmost of them, in the same days; the largest of each area.

    What is not known (NaN) explains nothing.
    """
    at_once = [other for other in below if other.first <= one.last and other.last >= one.first]
    areas = {other.area for other in at_once}
    top = [area for area in areas if not any(_under(area, other, parents) for other in areas)]
    return sum(max(0.0, *(other.cases - other.expected for other in at_once if other.area == area)) for area in top)


def _together(
    one: Excess,
    other: Excess,
    near: Callable[[str, str], bool],
    parents: Mapping[str, str],
    kin: Mapping[str, str],
    days: int,
) -> bool:
    gap = timedelta(days)
    if one.first - other.last > gap or other.first - one.last > gap:
        return False
    if one.disease != other.disease:
        related = kin.get(one.disease) == other.disease or kin.get(other.disease) == one.disease
        return related and one.area == other.area
    if one.area == other.area or near(one.area, other.area) or near(other.area, one.area):
        return True
    return _under(one.area, other.area, parents) or _under(other.area, one.area, parents)
