"""The ledgers of arrivals: who came from where, who is said to come, hand-overs, closed loops, links, appeals."""

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.arrivals import declaring, services
from fangxian.systems.arrivals.models import (
    Appeal,
    Arrival,
    Declaration,
    DeclaredPerson,
    HandOver,
    Loop,
    PersonalLink,
    TravelStay,
)

MEANS = {
    "火车": "TRAIN", "高铁": "TRAIN", "动车": "TRAIN", "飞机": "AIRCRAFT", "航班": "AIRCRAFT", "客车": "COACH",
    "大巴": "COACH", "自驾": "ROAD", "轮船": "SHIP", "其他": "OTHER", "plane": "AIRCRAFT", "flight": "AIRCRAFT",
    "bus": "COACH", "car": "ROAD",
}  # fmt: skip


class ArrivalRegister(Register):
    """Who came from where, landed where, and what the rules make of it."""

    model = Arrival
    columns = (
        "person", "arrived_on", "state", "category", "means", "carrier", "channel", "area", "present_area",
        "check_due_at", "checked_at", "receive_due_at", "received_at", "rule",
    )  # fmt: skip
    filters = ("state", "category", "channel", "means")
    form = (
        "area", "person", "arrived_on", "present_area", "means", "carrier", "seat", "channel", "disease", "tested_at",
        "note",
    )  # fmt: skip
    key = ("person", "arrived_on")
    permission = "arrivals"
    icon = "plane-arrival"
    synonyms = {"means": MEANS}
    exempt = {
        "pack": "stands with the rule on the arrival's page",
        "because": "the evidence; the arrival's page shows it in words",
        "declared_id": "the declaration; the arrival's page links to it",
        "landed_at": "stands in the chain of the arrival's page",
        "checked_by": "stands in the chain of the arrival's page",
        "received_by": "stands in the chain of the arrival's page",
    }

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system: a new or corrected arrival is judged by the rules."""
        if record is None:
            return services.record_arrival(by=by, source=source, **values)
        return services.change_arrival(arrival=record, by=by, base_version=base_version, **values)


class TravelStayRegister(Register):
    """Where people stayed before they came, as exactly as it is known."""

    model = TravelStay
    columns = (Column("arrival", sort="", needs=("person",)), "code", "named", "from_on", "until_on", "area")
    form = ("area", "arrival", "code", "named", "from_on", "until_on", "latitude", "longitude")
    key = ("arrival", "code", "named", "from_on")
    permission = "arrivals"
    icon = "map-pin"

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system: a stay told later is judged."""
        return services.write_stay(by=by, stay=record, base_version=base_version, source=source, **values)


class DeclarationRegister(Register):
    """What was sent through the public form: one confirmation code, one traveller or a family."""

    # made by the public page alone; what it says of people stands in the declared travellers
    model = Declaration
    columns = ("code", "arrives_on", "people", "phone", "area", "created_at")
    search_exact = ("phone",)
    form = ()
    key = ()
    permission = "arrivals"
    icon = "device-mobile-message"
    exempt = {"sender": "a keyed fingerprint of the sender, kept to stop floods"}


class DeclaredPersonRegister(Register):
    """Who is said to arrive: declared by phone, or on the list of a station or an airport."""

    model = DeclaredPerson
    columns = (
        "name", "id_number", "phone", "arrives_on", "means", "carrier", "seat", "from_name", "state", "channel", "area",
        Column("declaration", sort=""), Column("arrival", sort="", needs=("person",)), "reason",
    )  # fmt: skip
    filters = ("state", "channel", "means")
    search = ("name",)
    search_exact = ("id_number", "phone")
    form = (
        "area", "name", "id_type", "id_number", "phone", "address", "arrives_on", "means", "carrier", "seat",
        "from_code", "from_name", "tested_at", "channel",
    )  # fmt: skip
    key = ("id_number", "arrives_on")
    permission = "arrivals"
    icon = "list-check"
    synonyms = {"means": MEANS, "channel": {"车站": "STATION", "机场": "AIRPORT", "卡口": "CHECKPOINT"}}
    exempt = {"stays": "the days before, shown in the inbox"}

    def clean_row(self, values: dict) -> dict:
        """One spelling of numbers; a number that cannot be one is refused with its reason."""
        return declaring.tidy(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system."""
        if record is None:
            return declaring.announce_person(by=by, source=source, **values)
        return declaring.change_person(declared=record, by=by, base_version=base_version, **values)


class HandOverRegister(Register):
    """Who another city hands over after entry quarantine, with the release record."""

    model = HandOver
    columns = (
        "person", "expected_on", "state", "from_name", "entered_on", "released_on", "certificate", "means", "carrier",
        "area", "present_area", Column("arrival", sort="", needs=("person",)),
    )  # fmt: skip
    filters = ("state",)
    search = ("certificate",)
    form = (
        "area", "person", "from_name", "from_code", "entered_on", "released_on", "site", "certificate", "last_test_on",
        "expected_on", "means", "carrier", "present_area",
    )  # fmt: skip
    key = ("person", "certificate")
    permission = "arrivals"
    icon = "transfer-in"

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system: an announced hand-over is an expected arrival."""
        if record is None:
            return declaring.announce_hand_over(by=by, source=source, **values)
        return declaring.change_hand_over(hand_over=record, by=by, base_version=base_version, **values)


class LoopRegister(Register):
    """Plans of isolation, monitoring and tests under way, and how completely they were carried out."""

    # a plan restricts a person: it follows from a rule of a pack and from evidence, and is never entered by hand
    model = Loop
    columns = (
        "person", "state", "rule", "begins_on", "ends_on", "next_kind", "next_due_at", "missed", "days_checked",
        "days_owed", "tests_done", "tests_owed", "gap_minutes", "area", "present_area", "pack", "reason",
    )  # fmt: skip
    filters = ("state", "disease")
    form = ()
    key = ()
    permission = "arrivals"
    icon = "circle-dashed-check"
    exempt = {
        "subject_id": "the arrival or other reason; its page links here",
        "because": "the evidence; the page of the loop shows it in words",
        "pack_on": "stands with the pack on the page of the loop",
        "opened_at": "stands in the chain",
        "stages": "drawn on the page of the loop",
        "tests": "drawn on the page of the loop",
        "links": "drawn on the page of the loop",
        "closed_at": "stands in the chain",
    }


class PersonalLinkRegister(Register):
    """Links by which residents see their own plan: until when, used when, revoked when."""

    model = PersonalLink
    columns = ("person", "expires_at", "revoked_at", "opened_at", "failures", "locked_until", "asks_phone", "area")
    form = ()
    key = ()
    permission = "arrivals"
    icon = "link"
    exempt = {
        "token_hash": "a fingerprint of the link; nobody can make the link from it",
        "code_hash": "a fingerprint of the digits that open it",
    }


class AppealRegister(Register):
    """What residents say is wrong with their plan, and the answer two officers gave."""

    model = Appeal
    columns = (
        Column("loop", sort="", needs=("person",)), "state", "asked_at", "due_at", "text", "proposal", "proposed_by",
        "answer", "answered_at", "answered_by", "area",
    )  # fmt: skip
    filters = ("state",)
    form = ()
    key = ()
    permission = "arrivals"
    icon = "scale"
