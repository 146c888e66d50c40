"""Whose person is it? From what is stated about someone to the command that answers for them, with the reason.

    what says it                                          certainty
    our own records: home area                            high
    stated address, county with its prefecture/province   high
    stated address, a county name that occurs once        medium
    identity number and phone point to one prefecture     medium
    identity number alone (where it was first given)      low
    phone alone (numbers move with people)                low
    nothing                                               (none)

What is less certain than the pack's `letter.certain_enough` is parked for a person to decide. Pure but for the names
of the installation's own areas, which the caller hands in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fangxian.core.identity import InvalidIdentifier, resident_id
from fangxian.systems.letters.models import LetterItem
from fangxian.workflows.letters import regions

Basis, Certainty = LetterItem.Basis, LetterItem.Certainty
Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Stated:
    """What is said about someone who is to be asked for. `home` is the area's code where our records know it."""

    name: str
    sex: str = "UNKNOWN"
    id_type: str = "RESIDENT"
    id_number: str = ""
    phone: str = ""
    address: str = ""
    home: str = ""
    person: Any = None
    ring: str = ""
    last_contact_at: datetime | None = None
    subject_id: UUID | None = None
    note: str = ""
    kind: str = "PERSON"

    def item(self, route: "Route") -> LetterItem:
        """The unsaved row of a letter."""
        return LetterItem(
            kind=self.kind, person=self.person, name=self.name[:60], sex=self.sex, id_type=self.id_type,
            id_number=self.id_number, phone=self.phone, address=self.address, ring=self.ring,
            last_contact_at=self.last_contact_at, subject_id=self.subject_id, note=self.note[:200],
            basis=route.basis, certainty=route.certainty,
        )  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A receiver: code ("" for nobody known), name, what says so, how certain, and the words that said it."""

    code: str
    name: str
    basis: str
    certainty: str
    because: str = ""


@dataclass
class Split:
    """A list by receiver: certain ones, those a person has to decide, and those who are ours after all."""

    by_code: dict[str, list[tuple[Stated, Route]]] = field(default_factory=dict)
    parked: list[tuple[Stated, Route]] = field(default_factory=list)
    ours: list[Stated] = field(default_factory=list)


NOWHERE = Route("", "", Basis.NONE, Certainty.LOW)


def split(people: Iterable[Stated], *, own: str, names: Names, certain_enough: str) -> Split:
    """Everyone of a list by the county (or, where only that is known, the prefecture) that answers for them.

    own             code of the command that asks; who lives there is not asked for elsewhere
    names           short names of the installation's own counties and zones → codes
    certain_enough  "3_HIGH", "2_MEDIUM" or "1_LOW"
    """
    done = Split()
    for stated in people:
        found = route(stated, names)
        if not found.code or found.certainty < certain_enough:
            done.parked.append((stated, found))
        elif found.code.startswith(own):
            done.ours.append(stated)
        else:
            done.by_code.setdefault(found.code, []).append((stated, found))
    return done


def route(stated: Stated, names: Names) -> Route:
    """The command that answers for one person, by the best of what is stated."""
    if stated.home:
        return _to(stated.home[:6], Basis.RESIDENCE, Certainty.HIGH)
    return _by_address(stated.address, names) or _by_numbers(stated) or NOWHERE


def _by_address(address: str, names: Names) -> Route | None:
    held = regions.in_text(address, dict(names))
    above = {code for _name, codes in held for code in codes if len(code) == 4}
    provinces = {code for code, region in regions.regions().items() if len(code) == 2 and region.name in address}
    for name, codes in held:
        counties = [code for code in codes if len(code) == 6]
        inside = [code for code in counties if code[:4] in above or code[:2] in provinces]
        if len(inside) == 1:
            return _to(inside[0], Basis.ADDRESS, Certainty.HIGH, name)
        if len(counties) == 1 and len(name) > 2 and not inside:
            return _to(counties[0], Basis.ADDRESS, Certainty.MEDIUM, name)
    return _to(min(above), Basis.ADDRESS, Certainty.MEDIUM) if len(above) == 1 else None


def _by_numbers(stated: Stated) -> Route | None:
    region, called = _id_region(stated), regions.of_phone(stated.phone) if stated.phone else ""
    if region is not None:
        prefecture = regions.by_code(region.code[:4])
        agree = bool(called) and prefecture is not None and called == prefecture.name
        certainty = Certainty.MEDIUM if agree and region.current else Certainty.LOW
        return Route(region.code, region.name, Basis.ID_REGION, certainty, called)
    held = regions.in_text(called)
    codes = [code for _name, codes in held for code in codes if len(code) == 4]
    return _to(codes[0], Basis.PHONE, Certainty.LOW, called) if codes else None


def _id_region(stated: Stated) -> regions.Region | None:
    try:
        return regions.by_code(resident_id(stated.id_number).region) if stated.id_number else None
    except InvalidIdentifier:
        return None


def _to(code: str, basis: str, certainty: str, because: str = "") -> Route:
    region = regions.by_code(code)
    return Route(code, region.name if region and region.code == code else because or code, basis, certainty, because)
