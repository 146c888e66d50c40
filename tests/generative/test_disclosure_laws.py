"""No difference reveals a small cell: the bounds are what a reader who tries everything finds, and no narrower."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.engines.disclosure import Tree, bounds, suppress

MOST = 9
"""No count of the trees below is greater; a reader who tries every number up to here tries enough."""


@st.composite
def trees(draw) -> Tree:
    """A county of one to three townships, some with villages; small counts, many zeros."""
    towns = draw(st.integers(1, 3))
    leaves, parent = {}, {}
    for town in range(towns):
        parent[f"t{town}"] = "county"
        villages = draw(st.integers(0, 2))
        names = [f"t{town}v{number}" for number in range(villages)] or [f"t{town}"]
        for name in names:
            leaves[name] = draw(st.sampled_from([0, 0, 1, 1, 2, 3, 4]))
            parent[name] = f"t{town}" if villages else "county"
    return Tree.of_leaves(leaves, parent)


def tables(tree: Tree, hidden: set[str]):
    """Every table that looks the same: shown figures agree, hidden ones are at least 1."""
    leaves = [name for name in tree.counts if not tree.parts[name]]
    choices = [range(1, MOST) if leaf in hidden else [tree.counts[leaf]] for leaf in leaves]
    for values in product(*choices):
        table = Tree.of_leaves(dict(zip(leaves, values, strict=True)), tree.parent).counts
        if all(table[name] == count if name not in hidden else table[name] >= 1 for name, count in tree.counts.items()):
            yield table


@settings(max_examples=40, deadline=None)
@given(trees(), st.integers(1, 4))
def test_no_difference_reveals_a_small_cell(tree, smallest):
    hidden = suppress(tree, smallest)
    small = {name for name, count in tree.counts.items() if 0 < count < smallest}
    zeros = {name for name, count in tree.counts.items() if count == 0}
    assert small <= hidden and not zeros & hidden
    if sum(not tree.parts[name] for name in hidden) > 3:
        return  # too many tables to try them all
    possible: dict[str, set[int]] = {name: set() for name in hidden}
    for table in tables(tree, hidden):
        for name in hidden:
            possible[name].add(table[name])
    for name in small:
        assert len(possible[name]) >= smallest and max(possible[name]) >= smallest


@settings(max_examples=40, deadline=None)
@given(trees(), st.data())
def test_the_bounds_are_what_a_reader_finds(tree, data):
    above_zero = sorted(name for name, count in tree.counts.items() if count)
    hidden = set(data.draw(st.lists(st.sampled_from(above_zero), max_size=3))) if above_zero else set()
    found: dict[str, set[int]] = {name: set() for name in tree.counts}
    for table in tables(tree, hidden):
        for name, count in table.items():
            found[name].add(count)
    for name, (least, most) in bounds(tree, hidden).items():
        assert min(found[name]) == least
        assert max(found[name]) == most if most is not None else max(found[name]) >= MOST - 1  # as far as was tried


@pytest.mark.parametrize(
    ("leaves", "hidden"),
    [
        ({"a": 3, "b": 9, "c": 0}, {"a", "b"}),  # 12 - 9 would be 3
        ({"a": 3, "b": 9, "c": 7}, {"a", "c"}),  # of the others the smallest
        ({"a": 3, "b": 0}, {"a", "town"}),  # nothing beside it: the sum goes too
        ({"a": 1, "b": 1}, {"a", "b", "town"}),  # 2 of two hidden ones would be one each
        ({"a": 4, "b": 4}, {"a", "b"}),  # 8 of two may be 7 and 1
        ({"a": 8, "b": 9}, set()),
        ({"a": 0, "b": 0}, set()),
    ],
)
def test_drawn_tables(leaves, hidden):
    assert suppress(Tree.of_leaves(leaves, dict.fromkeys(leaves, "town")), 5) == hidden


@pytest.mark.parametrize(
    ("counts", "parent", "why"),
    [
        ({"a": -1}, {}, "counts -1"),
        ({"a": 1}, {"a": "b"}, "no count"),
        ({"a": 1, "b": 2}, {"a": "b"}, "not the sum"),
    ],
)
def test_a_table_that_does_not_add_up_is_refused(counts, parent, why):
    with pytest.raises(ValueError, match=why):
        Tree(counts, parent)


def test_what_is_hidden_besides_may_lie_further_away():
    """The village is the town's only one: their sum with the rest of the county would give both away."""
    tree = Tree.of_leaves({"a": 1, "rest": 9, "other": 20}, {"a": "town", "town": "z", "rest": "z", "other": "z"})
    assert suppress(tree, 5) == {"a", "town", "rest"}


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="part of itself"):
        Tree.of_leaves({"a": 1}, {"a": "b", "b": "a"})
