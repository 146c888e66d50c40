"""Small cells of a tree of counts: which are hidden, and which others with them, so that no difference gives them away.

A tree of counts is what a public table is made of: an area's figure is the sum of the figures below it. A figure from 1
to one less than `smallest` is hidden. That is not enough: total minus the shown parts would give it back, and a hidden
total follows from shown parts. So further figures are hidden until every small one could be at least `smallest`
different numbers, one of them no small one, for a reader who knows all that is shown, that parts add up, that a hidden
figure is at least 1 (zeros are shown), and how this works.

    tree = Tree.of_leaves({"a": 3, "b": 9, "c": 0}, {"a": "town", "b": "town", "c": "town"})
    suppress(tree, smallest=5)        # {"a", "b"}: 3 is small, and 12 - 9 would be 3

Plain code without tables of any library: the trees are small (a county has some dozens of townships).
Source: complementary cell suppression as in Willenborg & de Waal, Elements of Statistical Disclosure Control (2001);
the bounds are interval propagation, exact on a tree.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Interval = tuple[int, int | None]
"""Least and greatest possible count; None where nothing bounds it from above."""


@dataclass(frozen=True)
class Tree:
    """Counts by name, and for every name but the roots the name it is part of. Inner counts are sums of their parts.

    Raises ValueError for a negative count, an unknown parent, or an inner count that is not the sum of its parts.
    """

    counts: Mapping[str, int]
    parent: Mapping[str, str]
    parts: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Check, and turn the parents round."""
        object.__setattr__(self, "parts", {name: [] for name in self.counts})
        for name, above in sorted(self.parent.items()):
            if above not in self.counts or name not in self.counts:
                raise ValueError(f"{name!r} is part of {above!r}: one of them has no count")
            self.parts[above].append(name)
        for name, count in self.counts.items():
            if count < 0:
                raise ValueError(f"{name!r} counts {count}")
            if self.parts[name] and count != sum(self.counts[part] for part in self.parts[name]):
                raise ValueError(f"{name!r} is not the sum of its parts")

    @classmethod
    def of_leaves(cls, leaves: Mapping[str, int], parent: Mapping[str, str]) -> "Tree":
        """The tree whose leaves have these counts; inner counts are summed up. Raises ValueError for a circle."""
        counts = dict(leaves)
        for leaf, count in leaves.items():
            above, seen = parent.get(leaf), {leaf}
            while above is not None:
                if above in seen:
                    raise ValueError(f"{above!r} is part of itself")
                seen.add(above)
                counts[above] = counts.get(above, 0) + count
                above = parent.get(above)
        return cls(counts, dict(parent))

    def downwards(self) -> list[str]:
        """All names, every one after what it is part of."""
        ordered = [name for name in sorted(self.counts) if name not in self.parent]
        for name in ordered:
            ordered += self.parts[name]
        return ordered


def suppress(tree: Tree, smallest: int) -> set[str]:
    """The names whose figures are not to be shown.

    smallest: the least figure that may be shown beside 0; 1 hides nothing. What is hidden besides the small ones is
    chosen near them, of the near ones the smallest; always the same for the same table.
    """
    hidden = {name for name, count in tree.counts.items() if 0 < count < smallest}
    small = sorted(hidden)
    while (found := _given_away(tree, hidden, small, smallest)) is not None:
        hidden.add(_next_to(tree, found, hidden))
    return hidden


def bounds(tree: Tree, hidden: set[str]) -> dict[str, Interval]:
    """What a reader of the table can tell of every figure: exact, since the sums form a tree."""
    below: dict[str, Interval] = {}
    ordered = tree.downwards()
    for name in reversed(ordered):
        below[name] = _from_below(tree, name, hidden, below)
    known = dict(below)
    for name in ordered:
        for part in tree.parts[name]:
            known[part] = _from_above(tree, name, part, known, below)
    return known


def _given_away(tree: Tree, hidden: set[str], small: list[str], smallest: int) -> str | None:
    """The first small figure that could be found, or nearly so."""
    known = bounds(tree, hidden)
    return next((name for name in small if not _is_safe(known[name], smallest)), None)


def _is_safe(interval: Interval, smallest: int) -> bool:
    least, most = interval
    return most is None or (most >= smallest and most - least + 1 >= smallest)


def _from_below(tree: Tree, name: str, hidden: set[str], below: Mapping[str, Interval]) -> Interval:
    if name not in hidden:
        return tree.counts[name], tree.counts[name]
    parts = [below[part] for part in tree.parts[name]]
    if not parts:
        return 1, None
    return max(1, sum(least for least, _most in parts)), _sum(most for _least, most in parts)


def _from_above(
    tree: Tree, whole: str, part: str, known: Mapping[str, Interval], below: Mapping[str, Interval]
) -> Interval:
    """What the whole and the other parts leave for one part."""
    others = [below[other] for other in tree.parts[whole] if other != part]
    least, most = below[part]
    whole_least, whole_most = known[whole]
    others_most = _sum(top for _least, top in others)
    if others_most is not None:
        least = max(least, whole_least - others_most)
    if whole_most is not None:
        left = whole_most - sum(bottom for bottom, _most in others)
        most = left if most is None else min(most, left)
    return least, most


def _sum(tops: Iterator[int | None]) -> int | None:
    total = 0
    for top in tops:
        if top is None:
            return None
        total += top
    return total


def _next_to(tree: Tree, name: str, hidden: set[str]) -> str:
    """The shown figure above 0 that is nearest over sums; of several the smallest, then by name.

    There always is one: where all figures above 0 that hang together are hidden, nothing bounds any of them.
    """
    waiting, seen = deque([{name}]), {name}
    while True:
        reached = {near for one in waiting.popleft() for near in _near(tree, one) if tree.counts[near]} - seen
        shown = reached - hidden
        if shown:
            return min(shown, key=lambda one: (tree.counts[one], one))
        seen |= reached
        waiting.append(reached)


def _near(tree: Tree, name: str) -> list[str]:
    """The figures that stand in one sum with a figure."""
    above = tree.parent.get(name)
    beside = [] if above is None else [above, *tree.parts[above]]
    return [*beside, *tree.parts[name]]
