"""The ledgers of quarantine: sites, rooms, stays, daily checks."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.quarantine import services
from fangxian.systems.quarantine.models import DailyCheck, ReleaseProof, Room, Site, Stay, Transfer


class SiteRegister(Register):
    """Houses that take people in, each with a named head."""

    model = Site
    columns = ("name", "kind", "area", "head", "phone", "opened_on", "closed_on")
    filters = ("kind",)
    search = ("name",)
    form = (
        "area", "name", "kind", "address", "head", "phone", "opened_on", "closed_on", "latitude", "longitude",
    )  # fmt: skip
    key = ("area", "name")
    permission = "quarantine"
    icon = "building"


class RoomRegister(Register):
    """Rooms of the sites: which zone, how many beds, ready or not."""

    model = Room
    columns = ("site", "number", "zone", "beds", "state", "area")
    filters = ("state", "zone")
    form = ("area", "site", "number", "zone", "beds", "state")
    key = ("site", "number")
    permission = "quarantine"
    icon = "bed"


class StayRegister(Register):
    """Who is in quarantine where, from when until when, by which rule."""

    # a stay restricts a person: it follows from a contact and a rule, and is never entered by hand
    model = Stay
    columns = (
        "person", "place", Column("room", sort="", needs=("site",)), "state", "starts_on", "ends_on", "checked_in_at",
        "released_at", "area", "present_area", "rule", "reason",
    )  # fmt: skip
    filters = ("state", "place")
    form = ()
    key = ()
    permission = "quarantine"
    icon = "calendar-event"
    exempt = {
        "subject_id": "the contact or case; its page links here",
        "pack": "stands with the rule on the stay's page",
    }


class DailyCheckRegister(Register):
    """Morning and evening temperatures of the people in quarantine."""

    model = DailyCheck
    columns = ("person", "day", "slot", "status", "temperature", "fever", "symptoms", "area")
    filters = ("slot", "status", "fever")
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
        "vehicle", "team", "area", "to_area", "from_address", Column("stay", sort="", needs=("person",)), "rule", "reason",
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
