"""The verbs of quarantine: booking, transfers, checking in, daily checks, release, cancelling, rooms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import announcements
from fangxian.systems.quarantine.booking import Booking, Need, Shortfall, book, book_waiting
from fangxian.systems.quarantine.keeping import (
    answer,
    ask,
    confirm,
    correct_disinfection,
    correct_waste,
    countersign,
    deliver,
    log_disinfection,
    log_waste,
    plan_deliveries,
)
from fangxian.systems.quarantine.models import DailyCheck, Room, Site
from fangxian.systems.quarantine.opening import (
    confirm_opening,
    end_opening,
    hand_over,
    order_opening,
    take_over,
)
from fangxian.systems.quarantine.placing import choices, place
from fangxian.systems.quarantine.proofs import withdraw as withdraw_proof
from fangxian.systems.quarantine.restarting import Restart, Restarted, sync_restarts
from fangxian.systems.quarantine.rules import fever_from
from fangxian.systems.quarantine.staying import cancel_many, check_in, move_on, release, release_many
from fangxian.systems.quarantine.transferring import (
    accept,
    arrange,
    cancel_transfer,
    depart,
    divert,
    hold,
    order_transfer,
    receive,
    refuse,
)

__all__ = [
    "Booking", "Need", "Restart", "Restarted", "Shortfall", "accept", "add_rooms", "add_site", "answer", "arrange",
    "ask", "book", "book_waiting", "cancel_many", "cancel_transfer", "check_in", "choices", "confirm",
    "confirm_opening", "correct_check", "correct_disinfection", "correct_waste", "countersign", "deliver", "depart",
    "divert", "end_opening", "hand_over", "hold", "judged", "log_disinfection", "log_waste", "move_on",
    "order_opening", "order_transfer", "place", "plan_deliveries", "receive", "record_check", "refuse", "release",
    "release_many", "room_ready", "sync_restarts", "take_out_of_use", "take_over", "withdraw_proof",
]  # fmt: skip


def add_site(*, by: Officer | None, area: Area, name: str, source: str = Source.WEB, **values: Any) -> Site:
    """Enter a site."""
    return records.create(Site, by=by, action="quarantine.site.added", source=source, area=area, name=name, **values)


def add_rooms(
    *, by: Officer | None, site: Site, numbers: Iterable[str], source: str = Source.WEB, **values: Any
) -> list[Room]:
    """Enter many rooms of a site that are alike."""
    rooms = [Room(site=site, area=site.area, number=number, **values) for number in numbers]
    return records.create_many(Room, rooms, by=by, action="quarantine.rooms.added", source=source)


def record_check(
    *, by: Officer | None, person: Person, area: Area, day: date, slot: str, temperature: Decimal | None = None,
    status: str = DailyCheck.Status.COOPERATIVE, symptoms: str = "", pack: str = "", source: str = Source.WEB,
    by_guest: bool = False, normal: bool = False, id: UUID | None = None,  # noqa: A002  (the record's field)
) -> DailyCheck:  # fmt: skip
    """Enter a morning's or evening's check; entered again, it corrects the first. Fever is flagged by the pack's rule.

    `pack` is that of the person's stay; without it the rule for all diseases holds. `normal` says that the thermometer
    stayed below the line and nobody noted the value: a round of fifty, not a temperature that was never read.
    """
    seen = {"status": status, "temperature": temperature, "symptoms": symptoms, "normal": normal}
    seen = judged({**seen, "area": area, "day": day}, pack=pack)
    del seen["area"], seen["day"]
    seen["by_guest"] = by_guest
    with transaction.atomic():
        known = DailyCheck.unscoped.select_for_update().filter(person=person, day=day, slot=slot).first()
        if known is not None:
            if by_guest and not known.by_guest:
                raise ValidationError({"temperature": _("The nurse has entered this check already.")})
            return records.change(known, by=by, action="quarantine.check.corrected", **seen)
        return records.create(
            DailyCheck, by=by, action="quarantine.check.recorded", source=source, person=person, area=area, day=day,
            slot=slot, **seen, **({"id": id} if id else {}),
        )  # fmt: skip


def correct_check(
    *, check: DailyCheck, by: Officer | None, base_version: int | None = None, **changes: Any
) -> DailyCheck:
    """Correct a check; it is judged again."""
    if changes.get("temperature") is not None or changes.get("symptoms"):
        changes["normal"] = False
    known = {name: getattr(check, name) for name in ("area", "day", "status", "temperature", "normal")}
    fever = judged(known | changes)["fever"]
    return records.change(
        check, by=by, action="quarantine.check.corrected", base_version=base_version, **{**changes, "fever": fever}
    )


def judged(values: dict[str, Any], *, pack: str = "") -> dict[str, Any]:
    """A check's values with the fever flag, by the rule in force there that day; refuses what contradicts itself."""
    temperature, status = values.get("temperature"), values.get("status") or DailyCheck.Status.COOPERATIVE
    if values.get("normal") and (temperature is not None or values.get("symptoms")):
        raise ValidationError({"temperature": _("Enter either a value or that all is normal.")})
    if status == DailyCheck.Status.COOPERATIVE and temperature is None and not values.get("normal"):
        raise ValidationError({"temperature": _("Enter the temperature, or say that the person was not seen.")})
    if status != DailyCheck.Status.COOPERATIVE and temperature is not None:
        raise ValidationError({"status": _("A person who was not seen has no temperature.")})
    threshold = fever_from(pack=pack, area_code=values["area"].code, on=values["day"])
    return {**values, "fever": temperature is not None and temperature >= threshold}


def room_ready(*, room: Room, by: Officer | None) -> Room:
    """Disinfection is done; the room can be given out again."""
    with transaction.atomic():
        ready = records.change(room, by=by, action="quarantine.room.ready", state=Room.State.READY)
        announcements.freed([ready.area_id])
    return ready


def take_out_of_use(*, room: Room, by: Officer | None) -> Room:
    """The room cannot be given out for now; who is in it stays."""
    return records.change(room, by=by, action="quarantine.room.out_of_use", state=Room.State.OUT_OF_USE)
