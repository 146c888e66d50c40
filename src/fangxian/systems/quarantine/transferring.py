"""The verbs of a transfer: ordered by who sends, accepted by who receives, received at the door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import rules, staying
from fangxian.systems.quarantine.models import Site, Stay, Transfer
from fangxian.systems.quarantine.transitions import ride

_Destination = Transfer.Destination


def order_transfer(
    *, by: Officer | None, person: Person, area: Area, to_site: Site | None = None, to_area: Area | None = None,
    to_name: str = "", destination: str = _Destination.SITE, stay: Stay | None = None, subject_id: UUID | None = None,
    rule: str = "", pack: str = "", due_at: datetime | None = None, from_address: str = "", vehicle: str = "",
    team: str = "", reason: str = "", source: str = Source.WEB, id: UUID | None = None,  # noqa: A002
) -> Transfer:  # fmt: skip
    """Have a person brought to a site (or hospital, or home). Asked again, the open transfer there is the answer.

    `due_at` follows from the pack (`transfer.complete_hours`) where the story does not bring its own clock. Without a
    named site the one of the stay's room is meant. Raises ValidationError when the person is on another way already.
    """
    to_site = to_site or _site_of(stay, destination)
    to_area = to_area or (to_site.area if to_site else area)
    with transaction.atomic():
        # unscoped: nobody rides in two vehicles, whoever ordered them
        open_ = Transfer.unscoped.select_for_update().filter(person=person, state__in=Transfer.OPEN).first()
        if open_ is not None:
            return _same_way(open_, destination, to_site, to_name)
        return records.create(
            Transfer, by=by, action="quarantine.transfer.ordered", source=source, person=person, area=area, stay=stay,
            from_address=from_address, destination=destination, to_site=to_site, to_area=to_area, to_name=to_name,
            ordered_at=now(), due_at=due_at or rules.transfer_due(pack=pack, area_code=area.pk), vehicle=vehicle,
            team=team, subject_id=subject_id or (stay.subject_id if stay else None), reason=reason,
            rule=rule or (stay.rule if stay else ""), pack=pack or (stay.pack if stay else ""),
            **({"id": id} if id else {}),
        )  # fmt: skip


def accept(*, transfer: Transfer, by: Officer | None) -> Transfer:
    """The receiver agrees."""
    return _move(transfer, "accept", by)


def refuse(*, transfer: Transfer, by: Officer | None, reason: str) -> Transfer:
    """The receiver cannot take the person; whoever ordered it sees the reason and orders another way."""
    return _move(transfer, "refuse", by, reason=stated(reason))


def hold(*, transfer: Transfer, by: Officer | None, reason: str) -> Transfer:
    """It has to wait; the clock runs on."""
    return _move(transfer, "hold", by, reason=stated(reason))


def arrange(*, transfer: Transfer, by: Officer | None, vehicle: str, team: str = "") -> Transfer:
    """Vehicle and team are named."""
    if not vehicle.strip():
        raise ValidationError({"vehicle": _("Name the vehicle.")})
    return _move(transfer, "arrange", by, vehicle=vehicle.strip(), team=team.strip() or transfer.team)


def depart(*, transfer: Transfer, by: Officer | None, vehicle: str = "", team: str = "") -> Transfer:
    """The person is in the vehicle. Whoever leaves a site for a hospital gives the room up."""
    named = {name: value for name, value in (("vehicle", vehicle), ("team", team)) if value}
    with transaction.atomic():
        gone = _move(transfer, "depart", by, departed_at=now(), **named)
        stay = Stay.unscoped.filter(pk=gone.stay_id, state=Stay.State.IN).first()
        if stay is not None and gone.destination == _Destination.HOSPITAL:
            staying.move_on(stay=stay, by=by, reason=str(_("Taken to %(place)s.") % {"place": gone.to_name or "-"}))
    return gone


def divert(*, transfer: Transfer, by: Officer | None, to_site: Site, reason: str) -> Transfer:
    """Somebody on the way goes to another site."""
    where = {"to_site": to_site, "to_area": to_site.area, "destination": _Destination.SITE, "to_name": ""}
    return _move(transfer, "divert", by, reason=stated(reason), **where)


def receive(*, transfer: Transfer, by: Officer | None) -> Transfer:
    """The person has come. A stay booked in that site begins with it, in the same act."""
    with transaction.atomic():
        done = _move(transfer, "receive", by, received_at=now())
        stay = Stay.unscoped.select_related("room").filter(pk=done.stay_id, state__in=Stay.OPEN).first()
        if stay is not None and stay.state != Stay.State.IN and done.destination != _Destination.HOSPITAL:
            _refuse_other_site(stay, done)
            staying.check_in(stay=stay, by=by)
    return done


def cancel_transfer(*, transfer: Transfer, by: Officer | None, reason: str) -> Transfer:
    """Nobody needs to be brought any more."""
    return _move(transfer, "cancel", by, reason=stated(reason))


def _move(transfer: Transfer, verb: str, by: Officer | None, **stamps: Any) -> Transfer:
    """One step against the stored state: the second of two people gets the reason."""
    with transaction.atomic():
        current = Transfer.objects.select_for_update().get(pk=transfer.pk)
        state = ride(current, verb)
        return records.change(current, by=by, action=f"quarantine.transfer.{verb}", state=state, **stamps)


def _site_of(stay: Stay | None, destination: str) -> Site | None:
    if destination != _Destination.SITE:
        return None
    if stay is None or stay.room_id is None:
        raise ValidationError({"to_site": _("Name the site the person is brought to.")})
    return stay.room.site


def _same_way(known: Transfer, destination: str, to_site: Site | None, to_name: str) -> Transfer:
    """The open transfer, when it leads where this one would; otherwise the reason why there is no second."""
    site = to_site.pk if to_site else None
    if (known.destination, known.to_site_id, known.to_name) != (destination, site, to_name):
        raise ValidationError({"person": _("The person is already being brought somewhere else: end that first.")})
    return known


def _refuse_other_site(stay: Stay, transfer: Transfer) -> None:
    if stay.place == Stay.Place.CENTRAL and stay.room_id and stay.room.site_id != transfer.to_site_id:
        raise ValidationError({"room": _("The room is in another site: give the person a room here first.")})
