"""A person who was entered twice has been somewhere under two ids: both are asked for, one is answered.

Sealed visits are never rewritten when two entries are merged (`systems.people.merging`): a trace asks for the visits of
every id a person has had, and what it finds under any of them is said of the entry that stands. Undoing a merge
therefore needs nothing here. A case that “meets” itself under its other id met nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from fangxian.systems.people import selectors as people
from fangxian.warehouse.answers import Contact, Exposed, Meeting, SecondContact, Window

Row = TypeVar("Row", Contact, Meeting, Exposed, SecondContact)


def every_id(windows: Sequence[Window]) -> list[Window]:
    """The windows, and one more of the same ref for every other id of its person."""
    others = people.aliases({window.person for window in windows})
    if not others:
        return list(windows)
    return [
        replace(window, person=pk)
        for window in windows
        for pk in (window.person, *sorted(others.get(window.person, ())))
    ]  # fmt: skip


def ids_of(person: UUID) -> set[UUID]:
    """Every id a person is known under."""
    return {person} | people.aliases([person]).get(person, set())


def one_person(rows: Iterable[Row], windows: Sequence[Window]) -> list[Row]:
    """Rows said of the entries that stand; what a case did with itself is left out. Rows of one pair stay several."""
    found = list(rows)
    into = people.standing_for({row.person for row in found})
    own = {(window.ref, into.get(window.person, window.person)) for window in windows}
    if not into and not _meets_itself(found, own):
        return found
    said = (replace(row, person=into.get(row.person, row.person)) for row in found)
    return [row for row in said if (getattr(row, "case_ref", None), row.person) not in own]


def one_contact(rows: Iterable[Contact], windows: Sequence[Window]) -> list[Contact]:
    """One row a case and person: what was found under several ids is added up."""
    return _added(one_person(rows, windows), lambda row: (row.case_ref, row.person), _together)


def one_exposed(rows: Iterable[Exposed]) -> list[Exposed]:
    """One row a person at a place."""
    return _added(one_person(rows, ()), lambda row: row.person, _both)


def beyond(rows: Iterable[SecondContact], near: Iterable[Contact], windows: Sequence[Window]) -> list[SecondContact]:
    """Second contacts of the entries that stand, each once a case by its strongest path; contacts are none."""
    first = {(row.case_ref, row.person) for row in one_contact(near, windows)}
    found = one_person(rows, windows)
    into = people.standing_for({row.via for row in found})
    said = (replace(row, via=into.get(row.via, row.via)) for row in found)
    kept = [row for row in said if (row.case_ref, row.person) not in first]
    return _added(kept, lambda row: (row.case_ref, row.person), _stronger)


def _stronger(one: SecondContact, other: SecondContact) -> SecondContact:
    return one if one.score_s >= other.score_s else other


def _meets_itself(rows: list[Any], own: set[tuple[str, UUID]]) -> bool:
    return any((getattr(row, "case_ref", None), row.person) in own for row in rows)


def _added(rows: list[Any], key: Callable[[Any], Hashable], add: Callable[[Any, Any], Any]) -> list[Any]:
    kept: dict[Hashable, Any] = {}
    for row in rows:
        known = kept.get(key(row))
        kept[key(row)] = row if known is None else add(known, row)
    return list(kept.values())


def _together(one: Contact, other: Contact) -> Contact:
    """Two rows of one contact. The place of the longer row stands; places seen under both ids may count twice."""
    longer = one if one.overlap_s >= other.overlap_s else other
    return replace(_both(one, other), places=one.places + other.places, top_place=longer.top_place)


def _both(one: Any, other: Any) -> Any:
    return replace(
        one,
        meetings=one.meetings + other.meetings,
        overlap_s=one.overlap_s + other.overlap_s,
        lag_meetings=one.lag_meetings + other.lag_meetings,
        first_at=min(one.first_at, other.first_at),
        last_at=max(one.last_at, other.last_at),
    )
