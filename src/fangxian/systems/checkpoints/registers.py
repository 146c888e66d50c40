"""The ledgers of checkpoints."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.checkpoints import manifests, services
from fangxian.systems.checkpoints.models import (
    Consignment,
    HandOver,
    Manifest,
    Passage,
    Passenger,
    PointOfEntry,
    Shift,
    SoughtVehicle,
    Traveller,
    Vehicle,
)
from fangxian.systems.checkpoints.tidying import tidy

OUTSIDE = {"because": "the page of the row says by what each reason was found", "reasons": "the gravest stands here"}


class PointOfEntryRegister(Register):
    """Checkpoints at boundaries, stations, airports and wharves: where what comes in is looked at."""

    model = PointOfEntry
    columns = ("name", "kind", "area", "from_name", "posts", "head", "phone", "opened_on", "closed_on")
    filters = ("kind",)
    search = ("name",)
    form = (
        "area", "name", "kind", "address", "posts", "head", "phone", "from_code", "from_name", "opened_on", "closed_on",
        "latitude", "longitude",
    )  # fmt: skip
    key = ("area", "name")
    permission = "checkpoints"
    icon = "barrier-block"
    synonyms = {
        "kind": {
            "卡点": "ROAD",
            "公路卡点": "ROAD",
            "火车站": "RAILWAY",
            "汽车站": "COACH",
            "机场": "AIRPORT",
            "码头": "WHARF",
        }
    }

    def clean_row(self, values: dict) -> dict:
        """One spelling of the phone."""
        return tidy(values)


class ShiftRegister(Register):
    """Who stands at which point from when until when."""

    model = Shift
    columns = ("point", "starts_at", "ends_at", "leader", "members", "state", "area")
    filters = ("state", "starts_at")
    form = ("area", "point", "starts_at", "ends_at", "leader", "members")
    key = ("point", "starts_at")
    permission = "checkpoints"
    icon = "calendar-time"

    def clean_row(self, values: dict) -> dict:
        """A shift ends after it begins."""
        starts, ends = values.get("starts_at"), values.get("ends_at")
        if starts and ends and ends <= starts:
            raise ValidationError({"ends_at": _("A shift ends after it begins.")})
        return values


class HandOverRegister(Register):
    """Hand-over sheets: figures, open exceptions and equipment, signed by the leaving and the coming side."""

    # its figures are taken when it is signed: it is made on the page of the shift and never entered
    model = HandOver
    columns = (
        Column("shift", needs=("point",)), "given_by", "given_at", "open_exceptions", "taken_by", "taken_at", "note",
        "objection", "area",
    )  # fmt: skip
    filters = ("given_at",)
    form = ()
    key = ()
    permission = "checkpoints"
    icon = "clipboard-check"
    exempt = {
        "counts": "stand on the sheet itself", "equipment": "stands on the sheet itself",
        "next_shift": "the sheet leads there",
    }  # fmt: skip


class PassageRegister(Register):
    """Vehicles and people that passed: what was looked at, what stood out, what was decided."""

    model = Passage
    columns = (
        "passed_at", "point", "direction", "plate", "name", "from_name", "people", "code_state", "temperature",
        "test_hours", "decision", "gravest", "is_open", "area",
    )  # fmt: skip
    filters = ("point", "passed_at", "direction", "decision", "gravest", "is_open", "code_state", "purpose")
    search_exact = ("plate", "id_number")
    form = (
        "area", "passed_at", "point", "direction", "plate", "plate_kind", "name", "id_number", "phone", "people",
        "purpose", "from_code", "from_name", "to_area", "code_state", "temperature", "test_hours", "decision", "why",
    )  # fmt: skip
    key = ("passed_at", "point", "plate", "id_number")
    permission = "checkpoints"
    icon = "car"
    one_by_one = True  # each row is judged and remembered
    import_note = _("A row is a vehicle with its plate, or a person on foot with a name.")
    synonyms = {
        "direction": {"进": "IN", "入": "IN", "出": "OUT"},
        "code_state": {"绿": "GREEN", "黄": "YELLOW", "红": "RED", "无码": "NONE"},
        "decision": {"放行": "LET_THROUGH", "劝返": "TURNED_BACK", "留置": "HELD", "转送": "REFERRED"},
    }
    exempt = {
        **OUTSIDE, "vehicle": "the plate says it", "person": "the name says it",
        "advised": "stands on the passage's page",
        "rule": "stands on the passage's page", "judged_at": "stands on the passage's page",
        "settled_at": "stands on the passage's page", "settled_by": "stands on the passage's page",
        "outcome": "stands on the passage's page", "device": "stands on the passage's page",
    }  # fmt: skip

    def clean_row(self, values: dict) -> dict:
        """One spelling of plate, number and phone."""
        return tidy(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system: judged, remembered, and matched with the lists soon after."""
        if record is None:
            return services.record_passage(by=by, source=source, **values)
        return services.change_passage(passage=record, by=by, base_version=base_version, **values)


class TravellerRegister(Register):
    """The other people in a vehicle, where they were looked at one by one."""

    model = Traveller
    columns = ("name", "id_number", "phone", "code_state", "temperature", "test_hours", "created_at", "area")
    filters = ("code_state",)
    search_exact = ("id_number",)
    form = ()
    key = ()
    permission = "checkpoints"
    icon = "users"
    exempt = {"passage": "its page lists its people", "person": "the name says it"}


class VehicleRegister(Register):
    """What a point remembers of a vehicle: last seen, usual purpose, driver. Nothing of it is entered by hand."""

    model = Vehicle
    columns = ("plate", "plate_kind", "times", "last_at", "purpose", "from_name", "people", "name", "phone", "area")
    filters = ("last_at", "purpose")
    search_exact = ("plate",)
    form = ()
    key = ()
    permission = "checkpoints"
    icon = "car-suv"
    exempt = {"from_code": "its name stands here", "id_number": "the driver's page in the list of people has it"}


class SoughtVehicleRegister(Register):
    """Vehicles that are looked for: every point of the area and below reports them."""

    model = SoughtVehicle
    columns = ("plate", "plate_kind", "reason", "until", "advice", "area")
    filters = ("until",)
    search_exact = ("plate",)
    form = ("area", "plate", "plate_kind", "reason", "until", "advice")
    key = ("area", "plate")
    permission = "checkpoints"
    icon = "eye-search"
    one_by_one = True  # each row looks back over what has passed

    def clean_row(self, values: dict) -> dict:
        """One spelling of the plate."""
        return tidy(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """What passed already is held against the list too."""
        if record is None:
            return services.seek(by=by, source=source, **values)
        return services.change_sought(sought=record, by=by, base_version=base_version, **values)


class ManifestRegister(Register):
    """Flights, trains, coaches and ships from elsewhere that stop here."""

    model = Manifest
    columns = ("number", "carrier", "point", "from_name", "to_name", "arrives_at", "departs_at", "closed_at", "area")
    filters = ("carrier", "arrives_at")
    search = ("number",)
    form = ("area", "number", "carrier", "point", "from_code", "from_name", "to_name", "arrives_at", "departs_at")
    key = ("area", "number")
    permission = "checkpoints"
    icon = "plane-arrival"


class PassengerRegister(Register):
    """Everybody aboard a run, with seat, where they boarded and where they go."""

    model = Passenger
    columns = (
        "manifest", "seat", "name", "id_number", "phone", "stop", "from_code", "to_area", "decision", "gravest", "area",
    )  # fmt: skip
    filters = ("manifest", "stop", "decision", "gravest")
    search_exact = ("id_number",)
    form = ("area", "manifest", "seat", "name", "id_number", "phone", "stop", "from_code", "to_area", "decision")
    key = ("manifest", "seat")
    permission = "checkpoints"
    icon = "armchair"
    exempt = {**OUTSIDE, "person": "the name says it", "judged_at": "the manifest's page says it"}

    def clean_row(self, values: dict) -> dict:
        """One spelling of number and phone."""
        return tidy(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Who is changed is matched with the lists again."""
        return manifests.save_passenger(by=by, values=values, record=record, base_version=base_version, source=source)


class ConsignmentRegister(Register):
    """Everything aboard a run: goods with waybill, cold chain, proof of disinfection, and what was done."""

    model = Consignment
    columns = (
        "manifest", "waybill", "goods", "from_code", "pieces", "weight_kg", "is_cold", "is_unloaded", "is_proven",
        "act", "gravest", "area",
    )  # fmt: skip
    filters = ("manifest", "act", "is_cold", "gravest")
    search = ("waybill",)
    form = (
        "area", "manifest", "waybill", "goods", "from_code", "pieces", "weight_kg", "is_cold", "is_unloaded",
        "is_proven", "act", "why",
    )  # fmt: skip
    key = ("manifest", "waybill")
    permission = "checkpoints"
    icon = "package"
    exempt = OUTSIDE
