"""The ledgers of quarantine: sites, rooms, stays, daily checks."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.quarantine import services
from fangxian.systems.quarantine.models import (
    ClockRestart,
    DailyCheck,
    Delivery,
    Disinfection,
    GuestRequest,
    Opening,
    OpeningShare,
    ReleaseProof,
    Room,
    ShiftHandOver,
    Site,
    Stay,
    Transfer,
    WasteBatch,
)


class SiteRegister(Register):
    """Houses that take people in, each with a named head."""

    model = Site
    columns = ("name", "kind", "area", "head", "phone", "opened_on", "closed_on")
    filters = ("kind",)
    search = ("name",)
    form = (
        "area", "name", "kind", "address", "head", "phone", "exits", "opened_on", "closed_on", "latitude", "longitude",
    )  # fmt: skip
    key = ("area", "name")
    permission = "quarantine"
    icon = "building"


class RoomRegister(Register):
    """Rooms of the sites: which zone, how many beds, ready or not."""

    model = Room
    columns = ("site", "number", "zone", "purpose", "floor", "flow", "beds", "state", "area")
    filters = ("state", "zone", "purpose", "site")
    form = ("area", "site", "number", "zone", "purpose", "floor", "flow", "beds", "state")
    key = ("site", "number")
    permission = "quarantine"
    icon = "bed"


class StayRegister(Register):
    """Who is in quarantine where, from when until when, by which rule."""

    # a stay restricts a person: it follows from a contact and a rule, and is never entered by hand
    model = Stay
    columns = (
        "person", "place", Column("room", sort="", needs=("site",)), "state", "starts_on", "ends_on", "checked_in_at",
        "released_at", "care", "area", "present_area", "rule", "reason",
    )  # fmt: skip
    filters = ("state", "place")
    form = ()
    key = ()
    permission = "quarantine"
    icon = "calendar-event"
    exempt = {
        "subject_id": "the contact or case; its page links here",
        "pack": "stands with the rule on the stay's page",
        "planned_until": "shown beside the restarted clock on the stay's page",
        "companion_of": "shown on the board and the stay's page",
        "unit_id": "who shares a room, for the booking",
    }


class DailyCheckRegister(Register):
    """Morning and evening temperatures of the people in quarantine."""

    model = DailyCheck
    columns = ("person", "day", "slot", "status", "temperature", "fever", "symptoms", "normal", "by_guest", "area")
    filters = ("slot", "status", "fever", "by_guest")
    form = ("area", "person", "day", "slot", "status", "temperature", "symptoms")
    key = ("person", "day", "slot")
    permission = "quarantine"
    icon = "temperature"
    synonyms = {"slot": {"早": "AM", "早上": "AM", "晚": "PM", "晚上": "PM", "evening": "PM", "morning": "AM"}}

    def clean_row(self, values: dict) -> dict:
        """Fever by the rule in force on that day; no temperature of somebody who was not seen."""
        return services.judged(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system; a corrected check is judged again."""
        if record is None:
            known = {name: value for name, value in values.items() if name != "fever"}
            return services.record_check(by=by, source=source, **known)
        return services.correct_check(check=record, by=by, base_version=base_version, **values)


class TransferRegister(Register):
    """Who is brought where: ordered, accepted, on the way, received; until when."""

    # a ride follows from verbs in their order, on the page of transfers
    model = Transfer
    columns = (
        "person", "destination", "to_site", "to_name", "state", "due_at", "ordered_at", "departed_at", "received_at",
        "vehicle", "team", "area", "to_area", "from_address",
        Column("stay", sort="", needs=("person",)), "rule", "reason",
    )  # fmt: skip
    filters = ("state", "destination", "to_site")
    form = ()
    key = ()
    permission = "quarantine"
    icon = "ambulance"
    exempt = {
        "subject_id": "the contact or arrival; its page links here",
        "pack": "stands with the rule on the transfer's page",
    }


class ReleaseProofRegister(Register):
    """Proofs of release, by number: from when until when, by which rule, still valid or withdrawn."""

    # issued with a release and never typed
    model = ReleaseProof
    columns = (
        "number", "person", "state", "starts_on", "released_on", "where", "rule", "issued_at", "area", "present_area",
        Column("stay", sort="", needs=("person",)), "reason",
    )  # fmt: skip
    filters = ("state",)
    search = ("number",)
    form = ()
    key = ()
    permission = "quarantine"
    icon = "certificate"
    exempt = {
        "pack": "stands with the rule on the proof",
        "evidence": "shown on the proof",
        "code": "shown as a QR code on the proof",
    }


class GuestRequestRegister(Register):
    """What guests ask for: until when it is due, and what was answered."""

    model = GuestRequest
    columns = (
        "site", Column("room", sort="", needs=("site",)), "category", "text", "state", "due_at", "asked_at", "answer",
        "answered_at", "answered_by", "by_guest", Column("stay", sort="", needs=("person",)), "area",
    )  # fmt: skip
    filters = ("state", "category", "site", "by_guest")
    # asked in the room or at the desk, answered on the page of requests
    form = ()
    key = ()
    permission = "quarantine"
    icon = "message-question"


class DeliveryRegister(Register):
    """Meals and supplies by room and day: counted from who is in, delivered, confirmed."""

    model = Delivery
    columns = (
        "site", Column("room", sort="", needs=("site",)), "day", "item", "quantity", "note", "state", "delivered_at",
        "confirmed_at", "area",
    )  # fmt: skip
    filters = ("state", "item", "site")
    form = ("area", "site", "room", "day", "item", "quantity", "note")
    key = ("room", "day", "item")
    permission = "quarantine"
    icon = "soup"


class DisinfectionRegister(Register):
    """What was disinfected when, how strong and how long; two people sign."""

    model = Disinfection
    columns = (
        "site", Column("room", sort="", needs=("site",)), "zone", "where", "kind", "day", "mg_per_litre", "minutes",
        "enough", "signed_by", "signed_at", "countersigned_by", "countersigned_at", "area",
    )  # fmt: skip
    filters = ("kind", "zone", "enough", "site")
    form = ("area", "site", "room", "zone", "where", "kind", "day", "mg_per_litre", "minutes")
    key = ("site", "day", "kind", "zone", "where")
    permission = "quarantine"
    icon = "spray"

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Judged by the pack and signed by whoever enters it."""
        if record is None:
            return services.log_disinfection(by=by, source=source, **values)
        return services.correct_disinfection(log=record, by=by, base_version=base_version, **values)


class WasteBatchRegister(Register):
    """Waste as medical waste: bags, weight, treatment, carrier; two people sign."""

    model = WasteBatch
    columns = (
        "site", "number", "day", "bags", "weight_kg", "mg_per_litre", "minutes", "enough", "carrier", "handed_at",
        "signed_by", "signed_at", "countersigned_by", "countersigned_at", "area",
    )  # fmt: skip
    filters = ("enough", "site")
    search = ("number",)
    form = ("area", "site", "number", "day", "bags", "weight_kg", "mg_per_litre", "minutes", "carrier", "handed_at")
    key = ("site", "number")
    permission = "quarantine"
    icon = "biohazard"

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Judged by the pack and signed by whoever enters it."""
        if record is None:
            return services.log_waste(by=by, source=source, **values)
        return services.correct_waste(batch=record, by=by, base_version=base_version, **values)


class OpeningRegister(Register):
    """Orders to open reserve rooms, with the hours of the pack: a third, a half, all."""

    model = Opening
    columns = (
        "name", "rooms", "ordered_at", "third_due_at", "half_due_at", "all_due_at", "ended_on", "rule", "area",
    )  # fmt: skip
    search = ("name",)
    # ordered on the page of openings, where the sites share it
    form = ()
    key = ()
    permission = "quarantine"
    icon = "door-enter"
    exempt = {"pack": "stands with the rule on the page of the opening"}


class OpeningShareRegister(Register):
    """Which site opens how many rooms, and how many its head has confirmed."""

    # shares are made with the order and confirmed on its page
    model = OpeningShare
    columns = ("opening", "site", "rooms", "confirmed", "confirmed_at", "confirmed_by", "area")
    filters = ("site",)
    form = ()
    key = ()
    permission = "quarantine"
    icon = "door"
    exempt = {"steps": "each confirmation with its time, on the page of the opening"}


class ShiftHandOverRegister(Register):
    """What one shift of a site told the next, with the figures as they were."""

    # written on the hand-over sheet, which takes the figures of the moment
    model = ShiftHandOver
    columns = ("site", "handed_at", "handed_by", "taken_at", "taken_by", "notes", "area")
    filters = ("site",)
    form = ()
    key = ()
    permission = "quarantine"
    icon = "arrows-exchange"
    exempt = {"figures": "printed on the sheet"}


class ClockRestartRegister(Register):
    """Whose days were begun anew because of which infected guest, by which rule."""

    # it restricts a person: it follows from a result and a rule, and is never entered by hand
    model = ClockRestart
    columns = (
        Column("stay", sort="", needs=("person",)), "infected", "via", "exposed_on", "was_until", "until", "state",
        "rule", "reason", "area", "present_area",
    )  # fmt: skip
    filters = ("state", "via")
    form = ()
    key = ()
    permission = "quarantine"
    icon = "rotate-clockwise"
    exempt = {
        "result_id": "the result behind it; its page links here",
        "pack": "stands with the rule",
    }
