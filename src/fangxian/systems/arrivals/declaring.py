"""Arrivals before they happen: the public declaration, lists of stations and airports, hand-overs of other cities.

Nothing here answers with anything about a person: a declaration is taken, or refused with what to mend in it.
"""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.arrivals.models import Arrival, Declaration, DeclaredPerson, HandOver
from fangxian.systems.arrivals.services import Stayed, record_arrival
from fangxian.systems.arrivals.words import Channel
from fangxian.systems.people import derived
from fangxian.systems.people.models import Person

#: no 0/O, 1/I/L: the code is read out over the phone
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
_IDENTITY = ("name", "id_type", "id_number", "phone")
State = DeclaredPerson.State


def declare(
    *, area: Area, phone: str, arrives_on: date, persons: Iterable[dict[str, Any]], sender: str = "",
    id: UUID | None = None,  # noqa: A002  (the record's field)
    **trip: Any,
) -> Declaration:  # fmt: skip
    """Take the declaration of a traveller or a family. Sent again with the same id, it is answered as before."""
    known = Declaration.unscoped.filter(pk=id).first() if id else None
    if known is not None:
        return known
    rows = [_named(tidy({"phone": phone, **person, "area": area})) for person in persons]
    if not rows:
        raise ValidationError(_("Name at least one traveller."))
    with transaction.atomic():
        head = records.create(
            Declaration, by=None, action="arrivals.declaration.sent", source=Source.WEB, area=area, code=_code(),
            phone=phone, people=len(rows), arrives_on=arrives_on, sender=sender, **({"id": id} if id else {}),
        )  # fmt: skip
        for row in rows:
            records.create(
                DeclaredPerson, by=None, action="arrivals.declared", source=Source.WEB, declaration=head,
                channel=Channel.DECLARED, arrives_on=arrives_on, **{**trip, **row},
            )  # fmt: skip
    return head


def announce_person(*, by: Officer | None, source: str = Source.IMPORT, **values: Any) -> DeclaredPerson:
    """Enter one row of a list of a station or an airport."""
    return records.create(DeclaredPerson, by=by, action="arrivals.announced", source=source, **_named(values))


def change_person(*, declared: DeclaredPerson, by: Officer | None, base_version: int | None = None, **changes: Any):
    """Correct a declared traveller who has not been accepted yet."""
    if declared.state == State.ACCEPTED:
        raise ValidationError(_("Accepted already: correct the arrival instead."))
    return records.change(declared, by=by, action="arrivals.declared.changed", base_version=base_version, **changes)


def accept(*, declared: DeclaredPerson, person: Person, by: Officer | None, stays: list[Stayed]) -> Arrival:
    """The declared traveller is this person: their arrival is entered, and the row points to it.

    Who told us beforehand is expected, also today, until somebody has seen them.
    """
    with transaction.atomic():
        current = _locked(declared)
        told = current.channel == Channel.DECLARED and current.arrives_on >= today()
        expected = {"state": Arrival.State.EXPECTED, "landed_at": None} if told else {}
        arrival = record_arrival(
            by=by, person=person, area=person.area, arrived_on=current.arrives_on, stays=stays, source=Source.WEB,
            present_area=current.area, means=current.means, carrier=current.carrier, seat=current.seat,
            channel=current.channel, tested_at=current.tested_at, declared_id=current.declaration_id, **expected,
        )  # fmt: skip
        records.change(current, by=by, action="arrivals.declared.accepted", state=State.ACCEPTED, arrival=arrival)
    return arrival


def repeated(*, declared: DeclaredPerson, arrival: Arrival, by: Officer | None) -> DeclaredPerson:
    """Told before: the row points to the arrival that is known already, which now counts as declared."""
    with transaction.atomic():
        current = _locked(declared)
        if current.declaration_id and not arrival.declared_id:
            records.change(arrival, by=by, action="arrivals.arrival.declared", declared_id=current.declaration_id)
        return records.change(
            current, by=by, action="arrivals.declared.repeated", state=State.REPEATED, arrival=arrival
        )


def refuse(*, declared: DeclaredPerson, by: Officer, reason: str) -> DeclaredPerson:
    """Not a traveller of ours, or no real declaration."""
    with transaction.atomic():
        current = _locked(declared)
        return records.change(
            current, by=by, action="arrivals.declared.refused", state=State.REFUSED, reason=stated(reason)
        )


def announce_hand_over(*, by: Officer | None, source: str = Source.WEB, **values: Any) -> HandOver:
    """Another city hands somebody over: they are expected on the day, with what the release record says."""
    with transaction.atomic():
        values.setdefault("present_area", values["area"])
        arrival = record_arrival(
            by=by, person=values["person"], area=values["area"], arrived_on=values["expected_on"], source=source,
            present_area=values["present_area"], means=values.get("means") or HandOver.means.field.default,
            carrier=values.get("carrier", ""), channel=Channel.HAND_OVER, state=Arrival.State.EXPECTED, landed_at=None,
            stays=[Stayed(values.get("from_code", ""), values["entered_on"], values["released_on"],
                          values["from_name"])],
        )  # fmt: skip
        return records.create(
            HandOver, by=by, action="arrivals.hand_over.announced", source=source, arrival=arrival, **values
        )


def change_hand_over(*, hand_over: HandOver, by: Officer | None, base_version: int | None = None, **changes: Any):
    """Correct what the other city wrote."""
    return records.change(hand_over, by=by, action="arrivals.hand_over.changed", base_version=base_version, **changes)


def received_hand_over(*, hand_over: HandOver, by: Officer | None) -> HandOver:
    """The handed-over person is here."""
    return records.change(hand_over, by=by, action="arrivals.hand_over.received", state=HandOver.State.RECEIVED)


def missed_hand_over(*, hand_over: HandOver, by: Officer | None) -> HandOver:
    """The handed-over person did not come; the other city has to be asked."""
    return records.change(hand_over, by=by, action="arrivals.hand_over.missed", state=HandOver.State.MISSED)


def follow_arrival(*, arrival: Arrival, by: Officer | None) -> list[HandOver]:
    """Bring the hand-overs of an arrival to where it stands: received at home, or did not come. Those that moved."""
    verbs = {Arrival.State.RECEIVED: received_hand_over, Arrival.State.NOT_COME: missed_hand_over}
    verb = verbs.get(Arrival.State(arrival.state))
    if verb is None:
        return []
    waiting = HandOver.objects.filter(arrival=arrival, state=HandOver.State.ANNOUNCED)
    return [verb(hand_over=row, by=by) for row in waiting]


def tidy(values: dict[str, Any]) -> dict[str, Any]:
    """A person's words as the ledger keeps them: one spelling of name, number and phone; refuses what cannot be one.

    A number left out is none of its business: in a correction it means “as it was”.
    """
    told = {name: values[name] for name in _IDENTITY if name in values}
    derived_values = derived.complete(told)
    return {**values, **{name: derived_values[name] for name in _IDENTITY if name in derived_values}}


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """Whoever is entered anew is entered with a number: by it they are known when they come."""
    if values.get("id_type", Person.IdType.RESIDENT) == Person.IdType.RESIDENT and not values.get("id_number"):
        raise ValidationError({"id_number": _("Enter the identity number, or choose another kind of paper.")})
    return values


def _locked(declared: DeclaredPerson) -> DeclaredPerson:
    current = DeclaredPerson.objects.select_for_update(of=("self",)).select_related("area").get(pk=declared.pk)
    if current.state != State.WAITING:
        raise ValidationError(_("This traveller is “%(state)s” already.") % {"state": current.get_state_display()})
    return current


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _number in range(CODE_LENGTH))
