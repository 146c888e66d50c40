"""The same person twice in one set of people: blocks of phone, door and day, names compared only inside them.

A self-join on similarity looks at every pair; here only people who share something that means something meet. A phone,
door or day shared by a crowd is no block.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations

from fangxian.engines.matching import dates
from fangxian.engines.matching.comparing import compare
from fangxian.engines.matching.model import Entry, Known, Match, Rules, Slip


def pairs(people: Iterable[Known], rules: Rules) -> list[tuple[Known, Match]]:
    """Pairs that may be one person (`rules.doubt`), likeliest first; each pair once. Nothing is decided here."""
    found: list[tuple[Known, Match]] = []
    for one, other in _meeting(list(people), rules):
        match = compare(as_entry(one), other, rules)
        if match.score >= rules.doubt and not match.is_other:
            found.append((one, match))
    found.sort(key=lambda pair: (-pair[1].score, str(pair[0].ref)))
    return found


def as_entry(known: Known) -> Entry:
    """A known person as somebody who is looked for."""
    numbers = {known.number: Slip.NONE} if known.number else {}
    return Entry(
        known.ref, known.name, known.sex, known.birth, numbers, bool(known.number), known.phone, known.doors
    )  # fmt: skip


def _meeting(people: list[Known], rules: Rules) -> Iterator[tuple[Known, Known]]:
    """Every pair that shares a block, once; two good numbers never meet."""
    seen: set[tuple[int, int]] = set()
    for members in _blocks(people).values():
        if len(members) > rules.crowd:
            continue
        for pair in combinations(members, 2):
            one, other = people[pair[0]], people[pair[1]]
            if pair not in seen and not (one.number and other.number):
                seen.add(pair)
                yield one, other


def _blocks(people: list[Known]) -> dict[Hashable, list[int]]:
    """Block → positions of its people, ascending."""
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for position, known in enumerate(people):
        for key in _keys(known):
            blocks[key].append(position)
    return blocks


def _keys(known: Known) -> Iterator[Hashable]:
    if known.phone:
        yield "phone", known.phone
    for door in known.doors:
        yield "door", door
    if known.birth is not None:
        yield "birth", known.birth
        turned = dates.swapped(known.birth)
        if turned is not None:  # both writings meet under the earlier one
            yield "turned", min(known.birth, turned)
