"""From a declared traveller to an arrival: who it may be, and what taking them over brings about."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.dateparse import parse_date

from fangxian.core import policy, scope
from fangxian.engines.matching.model import How, Match, Part
from fangxian.systems.arrivals import declaring
from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals.models import Arrival, DeclaredPerson
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.people import duplicates, selectors
from fangxian.systems.people import services as people
from fangxian.systems.people.matching import Said
from fangxian.systems.people.models import Person

WHY = "a traveller may be on record in another area of the installation"
MOST = 5  # people shown beside one traveller
NEAR = timedelta(days=3)  # two notices of one coming differ by a night train, not by a week


@dataclass(frozen=True)
class Possible:
    """Who a declared traveller may be; `ground` names the strongest sign, `known` an arrival of theirs about that day.

    is_certain: it is the same identity number.
    """

    person: Person
    ground: str
    known: Arrival | None
    is_certain: bool = False


def possible(declared: DeclaredPerson) -> list[Possible]:
    """People on record who may be the declared traveller, strongest ground first; a certain one stands alone."""
    with scope.everywhere(WHY):
        said = Said(declared.name, declared.id_number.reveal(), declared.phone.reveal(), declared.address.reveal())
        found = duplicates.matches(said, area_code=declared.area_id).matches[:MOST]
        people_of = selectors.by_ids(match.known.ref for match in found if not match.is_other)
        return [_one(match, people_of[match.known.ref], declared) for match in found if match.known.ref in people_of]


def _one(match: Match, person: Person, declared: DeclaredPerson) -> Possible:
    strongest = match.signs[0]
    certain = strongest.part == Part.NUMBER and strongest.how == How.SAME
    return Possible(person, str(strongest.part), _known(person, declared), certain)


def take(declared: DeclaredPerson, *, by: Any, person: Person | None = None) -> Arrival:
    """Take a declared traveller over: as the person named, as the one of that number, or as somebody new.

    A traveller whose arrival is known already (a station's list after the own declaration) is not entered twice.
    """
    with scope.everywhere(WHY):
        certain = next((one for one in possible(declared) if one.is_certain), None)
        who = person or (certain.person if certain else None) or _new(declared, by)
        known = _known(who, declared)
        if known is not None:
            declaring.repeated(declared=declared, arrival=known, by=by)
            return known
        return declaring.accept(declared=declared, person=who, by=by, stays=stays_of(declared))


def stays_of(declared: DeclaredPerson) -> list[Stayed]:
    """The stays a traveller told; a list that only says where somebody comes from means the whole window."""
    told = [
        Stayed(str(one.get("code", "")), first, last, str(one.get("name", "")))
        for one in declared.stays
        if (first := parse_date(str(one.get("from")))) and (last := parse_date(str(one.get("until")))) and first <= last
    ]
    if told or not (declared.from_code or declared.from_name):
        return told
    pack = policy.pack(disease="unknown", area_code=declared.area_id)
    window = timedelta(days=int(pack.number("arrival.stay_window_days")))
    return [Stayed(declared.from_code, declared.arrives_on - window, declared.arrives_on, declared.from_name)]


def _new(declared: DeclaredPerson, by: Any) -> Person:
    values = {"id_number": declared.id_number.reveal()} if declared.id_number else {}
    return people.add_person(
        by=by, area=declared.area, name=declared.name, id_type=declared.id_type, phone=declared.phone.reveal(),
        address=declared.address.reveal(), **values,
    )  # fmt: skip


def _known(person: Person, declared: DeclaredPerson) -> Arrival | None:
    return arrivals.coming(person, declared.arrives_on - NEAR, declared.arrives_on + NEAR)
