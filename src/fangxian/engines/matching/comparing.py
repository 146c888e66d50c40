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
    yield from _number(entry, known)
    for part, how in (
        (Part.NAME, names.compare(entry.name, known.name)),
        (Part.BIRTH, dates.compare(entry.birth, known.birth)),
        (Part.PHONE, _token(entry.phone, known.phone)),
        (Part.DOOR, _doors(entry.doors, known.doors)),
        (Part.SEX, _token(entry.sex, known.sex)),
    ):
        if how is not None:
            yield part, how, Slip.NONE


def _number(entry: Entry, known: Known) -> Iterator[tuple[Part, How, Slip]]:
    """Nothing where one of the two has no number: that says neither."""
    if not entry.has_number or not known.number:
        return
    slip = entry.numbers.get(known.number)
    if slip is None:
        yield Part.NUMBER, How.OTHER, Slip.NONE
    elif slip in (Slip.NONE, Slip.OLD_FORM):
        yield Part.NUMBER, How.SAME, slip
    else:
        yield Part.NUMBER, How.REPAIRED, slip


def _token(one: str, other: str) -> How | None:
    if not one or not other:
        return None
    return How.SAME if one == other else How.OTHER


def _doors(one: frozenset[str], other: frozenset[str]) -> How | None:
    if not one or not other:
        return None
    return How.OTHER if one.isdisjoint(other) else How.SAME
