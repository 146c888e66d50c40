"""Key places (重点场所): what has to be visited how often, and where one of the four parties is not named.

A place is a row of whatever register it stands in; nothing is entered a second time. Which kinds count, how often they
are visited and for which duties four parties answer says the pack.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.registers import site
from fangxian.registers.behaviours import Visited
from fangxian.systems.inspection import rules, selectors
from fangxian.systems.inspection.models import FourParties, Sheet
from fangxian.systems.inspection.words import Duty

VENUES = "screening.place"


@dataclass(frozen=True)
class Gap:
    """A duty at a place with the parties nobody is named for."""

    duty: str
    missing: tuple[str, ...]

    @property
    def label(self) -> str:
        """The duty in the reader's language."""
        return str(Duty(self.duty).label)


@dataclass(frozen=True)
class KeyPlace:
    """A place that has to be visited.

    slug, pk    the register and the row it is
    kind        as the pack names it (`screening.place:SCHOOL`, `quarantine.site`)
    last        when somebody who does not answer for it was there; None for never
    due_at      when the next visit is due; None where no visit is asked
    gaps        duties with parties nobody is named for
    venue       the place of the register of places that follows it
    """

    slug: str
    pk: UUID
    name: str
    area: Area
    kind: str
    last: datetime | None
    due_at: datetime | None
    gaps: tuple[Gap, ...]
    venue: UUID | None = None

    @property
    def is_due(self) -> bool:
        """Whether the next visit should have been."""
        return self.due_at is not None and self.due_at <= now()

    @cached_property
    def kind_label(self) -> str:
        """What kind of place, in the reader's language."""
        return kind_label(self.kind)


def key_places(area_code: str, pack: Pack, kinds: Iterable[str] = ()) -> list[KeyPlace]:
    """The key places of an area, what is longest due first; three queries a register, and one for the venues of houses.

    `kinds` narrows them to some kinds of the pack; a kind the pack does not name has no places.
    """
    known = {**dict.fromkeys(rules.cycles(pack)), **dict.fromkeys(rules.kinds_with_duties(pack))}
    wanted = selectors.by_register(kind for kind in known if not kinds or kind in set(kinds))
    at_venues = selectors.last_visits(VENUES)
    found = [place for slug in wanted for place in _of_register(slug, wanted[slug], area_code, pack, at_venues)]
    return sorted(_once(found), key=lambda place: (place.due_at is None, _order(place), str(place.pk)))


def _once(found: list[KeyPlace]) -> list[KeyPlace]:
    """A house that stands in a register of its own is not a second place where people check in there."""
    venues = {place.venue for place in found if place.venue}
    return [place for place in found if place.slug != VENUES or place.pk not in venues]


def place_of(row: Any, pack: Pack) -> KeyPlace:
    """One row of a register as a key place."""
    visit = sheets_at(row).filter(is_self_check=False).first()
    last = {row.pk: visit.done_at} if visit else {}
    return _place(row, last, {row.pk: _named_at(row)}, pack)


def sheets_at(row: Any) -> QuerySet[Sheet]:
    """The visits and self-checks of a place, at its house as at the venue that follows it; the newest first."""
    venue = getattr(row, "venue_id", None)
    return selectors.sheets_about((_slug(row), row.pk), *([(VENUES, venue)] if venue else []))


def parties_of(row: Any, pack: Pack) -> list[tuple[str, str, FourParties | None]]:
    """Every duty asked for or named at a place, in words, with who answers for it; None for nobody."""
    named = {found.duty: found for found in _named_at(row)}
    duties = dict.fromkeys([*rules.duties(pack, kind_of(row, pack)), *named])
    return [(duty, str(Duty(duty).label), named.get(duty)) for duty in duties]


def kind_of(row: Any, pack: Pack) -> str:
    """The kind the pack names for a row: its register with its kind where the pack has rules for that, else without."""
    slug = _slug(row)
    special = f"{slug}:{getattr(row, 'kind', '')}"
    return special if special in rules.cycles(pack) or special in rules.kinds_with_duties(pack) else slug


def kind_label(kind: str) -> str:
    """A kind in the reader's language: what the register calls its rows, or the row's own kind."""
    slug, _colon, value = kind.partition(":")
    model = site.get(slug).model
    if not value:
        return str(model._meta.verbose_name)
    return str(dict(model._meta.get_field("kind").flatchoices).get(value, value))


def _of_register(slug: str, values: set[str], area_code: str, pack: Pack, at_venues: dict) -> Iterator[KeyPlace]:
    last, parties = selectors.last_visits(slug), selectors.parties_by_subject(slug)
    if issubclass(site.get(slug).model, Visited):
        last = {**at_venues, **last}  # looked up by the house's place too
    low, high = code_range(area_code)
    rows = selectors.standing(slug).filter(area_id__gte=low, area_id__lt=high).select_related("area")
    for row in rows if "" in values else rows.filter(kind__in=values):
        yield _place(row, last, parties, pack)


def _place(row: Any, last: dict, parties: dict, pack: Pack) -> KeyPlace:
    kind = kind_of(row, pack)
    venue = getattr(row, "venue_id", None)
    been = max((last[pk] for pk in (row.pk, venue) if pk in last), default=None)
    every = rules.cycle(pack, kind)
    due = (been or row.created_at) + every if every else None
    gaps = tuple(_gaps(rules.duties(pack, kind), parties.get(row.pk, [])))
    return KeyPlace(_slug(row), row.pk, str(row), row.area, kind, been, due, gaps, venue)


def _named_at(row: Any) -> list[FourParties]:
    return selectors.parties_at(_slug(row), row.pk, row.area, str(row)[:120])


def _slug(row: Any) -> str:
    return str(row._meta.label_lower)


def _gaps(duties: list[str], named: list[FourParties]) -> Iterator[Gap]:
    by_duty = {row.duty: row for row in named}
    for duty in duties:
        row = by_duty.get(duty)
        missing = row.missing if row else list(FourParties.PARTIES)
        if missing:
            yield Gap(duty, tuple(missing))


def _order(place: KeyPlace) -> float:
    return place.due_at.timestamp() if place.due_at else 0.0
