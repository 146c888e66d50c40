"""The text of a bulletin cut into stretches: which measure they belong to, and which repair made them."""

from dataclasses import dataclass
from typing import Any

from fangxian.systems.bulletins.words import RepairKind, Sureness

QUIET = {RepairKind.PINYIN, RepairKind.COMMA, RepairKind.SCRIPT, RepairKind.FURNITURE, RepairKind.REPEATED}
"""Kinds too many to mark one by one where they are certain: they are counted, and listed with their places."""


@dataclass(frozen=True)
class Stretch:
    """A piece of the text; `first` says that its measure begins here."""

    text: str
    measure: Any = None
    repair: dict[str, Any] | None = None
    first: bool = False


def stretches(bulletin: Any, measures: list[Any]) -> list[Stretch]:
    """The whole text, in order, cut wherever a measure or a marked repair begins or ends."""
    text = bulletin.text
    marked = [one for one in bulletin.repairs if is_marked(one) and one["after"]]
    cuts = {0, len(text)}
    cuts |= {place for row in measures for place in (row.start, row.end)}
    cuts |= {place for one in marked for place in (one["at"], one["at"] + len(one["after"]))}
    places = sorted(place for place in cuts if place <= len(text))
    found = []
    for start, end in zip(places, places[1:], strict=False):
        row = next((row for row in measures if row.start <= start < row.end), None)
        repair = next((one for one in marked if one["at"] <= start < one["at"] + len(one["after"])), None)
        found.append(Stretch(text[start:end], row, repair, row is not None and row.start == start))
    return found


def is_marked(repair: dict[str, Any]) -> bool:
    """Whether a repair is shown in the text."""
    return repair["kind"] not in QUIET or repair["certainty"] != Sureness.CERTAIN


def counted(bulletin: Any) -> list[tuple[str, int]]:
    """How many repairs there are of each kind, by its name."""
    kinds = [one["kind"] for one in bulletin.repairs]
    return [(kind.label, kinds.count(kind)) for kind in RepairKind if kind in kinds]


def listed(bulletin: Any, most: int) -> list[dict[str, Any]]:
    """The repairs with the names of kind and certainty, those that are not certain first."""
    kinds, sure = dict(RepairKind.choices), dict(Sureness.choices)
    order = {Sureness.GUESS: 0, Sureness.LIKELY: 1}
    rows = sorted(bulletin.repairs, key=lambda one: (order.get(one["certainty"], 2), one["position"]))
    return [{**one, "kind": kinds[one["kind"]], "sure": sure[one["certainty"]]} for one in rows[:most]]
