"""One entry against one person: every part compared, points added up, each sign kept as the explanation."""

from collections.abc import Iterator

from fangxian.engines.matching import dates, names
from fangxian.engines.matching.model import Entry, How, Known, Match, Part, Rules, Sign, Slip


def compare(entry: Entry, known: Known, rules: Rules) -> Match:
    """How well they agree. Two good identity numbers that differ are two people, whatever else agrees."""
    signs = [
        Sign(part, how, rules.worth(part, how), slip)
        for part, how, slip in _signs(entry, known)
    ]  # fmt: skip
    is_other = any(sign.part == Part.NUMBER and sign.how == How.OTHER for sign in signs) and entry.is_certain
    ordered = tuple(sorted(signs, key=lambda sign: -abs(sign.points)))
    return Match(known, round(sum(sign.points for sign in signs), 2), ordered, is_other)


def _signs(entry: Entry, known: Known) -> Iterator[tuple[Part, How, Slip]]:
    number = _number(entry, known)
    if number is not None:
        yield Part.NUMBER, *number
    yield from _others(entry, known, is_same=number is not None and number[0] == How.SAME)


def _others(entry: Entry, known: Known, *, is_same: bool) -> Iterator[tuple[Part, How, Slip]]:
    """Birth date and sex stand inside the number: where it is the same they say nothing more."""
    compared = {
        Part.NAME: names.compare(entry.name, known.name),
        Part.BIRTH: None if is_same else dates.compare(entry.birth, known.birth),
        Part.PHONE: _token(entry.phone, known.phone),
        Part.DOOR: _doors(entry.doors, known.doors),
        Part.SEX: None if is_same else _token(entry.sex, known.sex),
    }
    for part, how in compared.items():
        if how is not None:
            yield part, how, Slip.NONE


def _number(entry: Entry, known: Known) -> tuple[How, Slip] | None:
    """None where one of the two has no number: that says neither."""
    if not entry.has_number or not known.number:
        return None
    slip = entry.numbers.get(known.number)
    if slip is None:
        return How.OTHER, Slip.NONE
    return (How.SAME if slip in (Slip.NONE, Slip.OLD_FORM) else How.REPAIRED), slip


def _token(one: str, other: str) -> How | None:
    if not one or not other:
        return None
    return How.SAME if one == other else How.OTHER


def _doors(one: frozenset[str], other: frozenset[str]) -> How | None:
    if not one or not other:
        return None
    return How.OTHER if one.isdisjoint(other) else How.SAME
