"""The verbs of what keeps a site running: requests, deliveries, disinfection, waste; each judged by the pack."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.quarantine import announcements, rules
from fangxian.systems.quarantine.models import Delivery, Disinfection, GuestRequest, Room, Site, Stay, WasteBatch
from fangxian.systems.quarantine.models.keeping import Signed

MOST_OPEN = 20
_UNSIGNED = {"countersigned_by": None, "countersigned_at": None}


def ask(
    *, by: Officer | None, stay: Stay, category: str, text: str, by_guest: bool = False, source: str = Source.WEB,
    **values: Any,
) -> GuestRequest:  # fmt: skip
    """Somebody in a room asks for something. A guest asks through the room's link, and not without end."""
    if stay.state != Stay.State.IN or stay.room_id is None:
        raise ValidationError({"stay": _("Only somebody who is in a room can ask for something.")})
    if by_guest and GuestRequest.unscoped.filter(stay=stay, state=GuestRequest.State.OPEN).count() >= MOST_OPEN:
        raise ValidationError({"text": _("Many of your requests are still open. Please wait for an answer.")})
    due = now() + timedelta(hours=rules.request_hours(category, pack=stay.pack, area_code=stay.room.area_id))
    return records.create(
        GuestRequest, by=by, action="quarantine.request.asked", source=source, area=stay.room.area, site=stay.room.site,
        room=stay.room, stay=stay, category=category, text=text, by_guest=by_guest, asked_at=now(), due_at=due,
        **values,
    )  # fmt: skip


def answer(*, request: GuestRequest, by: Officer, answer: str, declined: bool = False) -> GuestRequest:
    """Say what was done, or why not."""
    if request.state != GuestRequest.State.OPEN:
        raise ValidationError({"state": _("This request has been answered already.")})
    state = GuestRequest.State.DECLINED if declined else GuestRequest.State.ANSWERED
    said = {"answer": stated(answer), "answered_at": now(), "answered_by": by}
    return records.change(request, by=by, action="quarantine.request.answered", state=state, **said)


def plan_deliveries(*, by: Officer | None, site: Site, day: date) -> list[Delivery]:
    """Meals and supplies of a day for every room somebody is in, by the pack; said again it adds what is missing.

    What is not delivered yet follows the rooms: nobody in any more, nothing to bring. Returns what is new.
    """
    wanted = {
        (room, item): quantity * people
        for room, (people, new) in _guests(site, day).items()
        for item, quantity in rules.deliveries(area_code=site.area_id, on=day, first_day=new).items()
    }
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).filter(site=site, day=day)
        known = {(row.room_id, row.item): row for row in rows}
        planned = [row for row in known.values() if row.state == Delivery.State.PLANNED]
        gone = [row for row in planned if (row.room_id, row.item) not in wanted]
        for row in planned:
            row.quantity = wanted.get((row.room_id, row.item), row.quantity)
        records.save_many(planned, ["quantity"], by=by, action="quarantine.deliveries.counted")
        records.change_many(gone, by=by, action="quarantine.deliveries.dropped", state=Delivery.State.REFUSED)
        new = [
            Delivery(area=site.area, site=site, room_id=room, day=day, item=item, quantity=quantity)
            for (room, item), quantity in wanted.items()
            if (room, item) not in known
        ]
        return records.create_many(Delivery, new, by=by, action="quarantine.deliveries.planned")


def _guests(site: Site, day: date) -> dict[Any, tuple[int, bool]]:
    """How many people are in each room on a day, and whether somebody is new there."""
    stays = Stay.objects.filter(room__site=site, state=Stay.State.IN, starts_on__lte=day)
    people: dict[Any, dict[Any, date]] = {}
    for room, person, since in stays.values_list("room_id", "person_id", "starts_on"):
        people.setdefault(room, {})[person] = since
    return {room: (len(guests), day in guests.values()) for room, guests in people.items()}


def deliver(*, by: Officer | None, deliveries: Iterable[Delivery]) -> int:
    """They stand at the doors."""
    open_ = [row for row in deliveries if row.state == Delivery.State.PLANNED]
    return records.change_many(
        open_, by=by, action="quarantine.deliveries.delivered", state=Delivery.State.DELIVERED, delivered_at=now()
    )


def confirm(*, by: Officer | None, deliveries: Iterable[Delivery]) -> int:
    """They have been taken in."""
    there = [row for row in deliveries if row.state == Delivery.State.DELIVERED]
    return records.change_many(
        there, by=by, action="quarantine.deliveries.confirmed", state=Delivery.State.CONFIRMED, confirmed_at=now()
    )


def log_disinfection(
    *, by: Officer | None, area: Any, site: Site, kind: str = Disinfection.Kind.SURFACE, room: Room | None = None,
    source: str = Source.WEB, **values: Any,
) -> Disinfection:  # fmt: skip
    """Enter a disinfection. A final one that is as the rule asks makes its room ready again."""
    final = kind == Disinfection.Kind.FINAL
    if final and room is None:
        raise ValidationError({"room": _("Name the room that was finally disinfected.")})
    enough = rules.is_enough(kind, values.get("mg_per_litre"), values.get("minutes"), area_code=site.area_id)
    with transaction.atomic():
        log = records.create(
            Disinfection, by=by, action="quarantine.disinfection.logged", source=source, area=area, site=site,
            kind=kind, room=room, enough=enough, signed_by=by, signed_at=now(), **values,
        )  # fmt: skip
        if final and enough and room.state == Room.State.CLEANING:
            records.change(room, by=by, action="quarantine.room.ready", state=Room.State.READY)
            announcements.freed([room.area_id])
    return log


def correct_disinfection(*, log: Disinfection, by: Officer | None, base_version: int | None = None, **changes: Any):
    """Correct the log; it is judged again, and a second signature has to be given again."""
    seen = {name: getattr(log, name) for name in ("kind", "mg_per_litre", "minutes")} | changes
    enough = rules.is_enough(seen["kind"], seen["mg_per_litre"], seen["minutes"], area_code=log.area_id)
    return records.change(
        log, by=by, action="quarantine.disinfection.corrected", base_version=base_version, enough=enough,
        **_UNSIGNED, **changes,
    )  # fmt: skip


def log_waste(*, by: Officer | None, site: Site, source: str = Source.WEB, **values: Any) -> WasteBatch:
    """Enter a batch of waste."""
    enough = rules.is_enough("WASTE", values["mg_per_litre"], values["minutes"], area_code=site.area_id)
    return records.create(
        WasteBatch, by=by, action="quarantine.waste.logged", source=source, site=site, enough=enough, signed_by=by,
        signed_at=now(), **values,
    )  # fmt: skip


def correct_waste(*, batch: WasteBatch, by: Officer | None, base_version: int | None = None, **changes: Any):
    """Correct a batch; it is judged again, and a second signature has to be given again."""
    seen = {name: getattr(batch, name) for name in ("mg_per_litre", "minutes")} | changes
    enough = rules.is_enough("WASTE", seen["mg_per_litre"], seen["minutes"], area_code=batch.area_id)
    return records.change(
        batch, by=by, action="quarantine.waste.corrected", base_version=base_version, enough=enough,
        **_UNSIGNED, **changes,
    )  # fmt: skip


def countersign(*, record: Signed, by: Officer) -> Any:
    """A second person stands for it."""
    if record.countersigned_by_id:
        raise ValidationError({"countersigned_by": _("This has been countersigned already.")})
    if record.signed_by_id == by.pk:
        raise ValidationError({"countersigned_by": _("Somebody else has to countersign what you have signed.")})
    kind = record._meta.model_name
    return records.change(
        record, by=by, action=f"quarantine.{kind}.countersigned", countersigned_by=by, countersigned_at=now()
    )
