"""Key places (重点场所) at a glance: how many of a kind are on record, how often they are visited, what is due.

The base has to be known (底数清): the pack may say how many of a kind there are; a kind of which none is on record is
shown as such, never left out.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import today
from fangxian.core.policy import Pack
from fangxian.systems.inspection import rules as inspection_rules
from fangxian.systems.inspection import selectors as inspection
from fangxian.systems.readiness import rules
from fangxian.workflows.rectifying.places import KeyPlace, key_places, kind_label


@dataclass(frozen=True)
class KindRow:
    """One kind: its cycle in days, how many are on record, how many there are (None: nobody has counted)."""

    kind: str
    label: str
    days: int
    registered: int
    known: int | None
    never: int
    due: int

    @property
    def is_gap(self) -> bool:
        """Whether places are missing on record: none at all, or fewer than there are."""
        return not self.registered or (self.known is not None and self.registered < self.known)


@dataclass(frozen=True)
class TownRow:
    """One township: its key places, those due for a visit, those of them that stand on a trip to come."""

    area: Area
    places: int
    due: int
    planned: int

    @property
    def unplanned(self) -> int:
        """Due and on nobody's route."""
        return self.due - self.planned


@dataclass(frozen=True)
class Register:
    """The key places of an area: by kind, by township, what is longest due, and on which day each is on a route."""

    kinds: list[KindRow]
    towns: list[TownRow]
    due: list[KeyPlace]
    routes: dict[tuple[str, UUID], date]


def register_of(area: Area) -> Register:
    """Everything of an area; as many statements as the registers ask for, whatever the number of places."""
    pack = inspection_rules.pack_of(area.code)
    places = [one for one in key_places(area.code, pack) if one.due_at is not None]
    routes = inspection.planned_stops(today())
    due = [one for one in places if one.is_due]
    return Register(_kinds(places, pack, area.code), _towns(area, places, due, routes), due, routes)


def _kinds(places: list[KeyPlace], pack: Pack, area_code: str) -> list[KindRow]:
    known = rules.known_places(rules.pack_of(area_code))
    registered = Counter(one.kind for one in places)
    never = Counter(one.kind for one in places if one.last is None)
    due = Counter(one.kind for one in places if one.is_due)
    return [
        KindRow(kind, kind_label(kind), every.days, registered[kind], known.get(kind), never[kind], due[kind])
        for kind, every in inspection_rules.cycles(pack).items()
    ]


def _towns(
    area: Area, places: list[KeyPlace], due: list[KeyPlace], routes: dict[tuple[str, UUID], date]
) -> list[TownRow]:
    low, high = code_range(area.code)
    towns = Area.objects.filter(kind=Area.Kind.TOWNSHIP, code__gte=low, code__lt=high).order_by("code")
    rows = [
        TownRow(town, _in(town, places), _in(town, due),
                _in(town, [one for one in due if (one.slug, one.pk) in routes]))
        for town in towns
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.unplanned, row.area.code))


def _in(town: Area, places: list[KeyPlace]) -> int:
    return sum(one.area.code.startswith(town.code) for one in places)
