"""The ledger of places."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.screening import campaign_registers, services
from fangxian.systems.screening.models import FlaggedScan, Place, VenueCode

__all__ = ["FlaggedScanRegister", "PlaceRegister", "VenueCodeRegister", "campaign_registers"]


class PlaceRegister(Register):
    """Venues with a public code, where people check in."""

    model = Place
    columns = ("code", "name", "kind", "area", "keeper", "phone", "assumed_stay", "is_hub", "closed_on")
    filters = ("kind", "is_hub")
    search = ("name", "code")
    form = (
        "area", "code", "name", "kind", "address", "keeper", "phone", "credit_code", "assumed_stay", "is_hub",
        "latitude", "longitude", "closed_on",
    )  # fmt: skip
    key = ("code",)
    permission = "screening"
    icon = "map-pin"
    exempt = {"kept_in": "a tab names the record the place follows"}
    synonyms = {
        "kind": {"饭店": "RESTAURANT", "餐馆": "RESTAURANT", "超市": "SHOP", "农贸市场": "MARKET", "诊所": "HOSPITAL"}
    }

    def clean_row(self, values: dict) -> dict:
        """One spelling of code, phone and credit code."""
        return services.tidy(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs of the system."""
        if record is None:
            return services.add_place(by=by, source=source, **values)
        return services.change_place(place=record, by=by, base_version=base_version, **values)


class VenueCodeRegister(Register):
    """Codes that were printed for places: who printed them, until when they hold, which are withdrawn."""

    model = VenueCode
    columns = ("place", "area", "valid_from", "valid_until", "digest", "key_id", "withdrawn_at")
    filters = ("place",)
    form = ()
    key = ("digest",)
    permission = "screening"
    icon = "qrcode"


class FlaggedScanRegister(Register):
    """Scans that count as nobody's presence: forged, expired, withdrawn or copied codes, each with its reason."""

    model = FlaggedScan
    columns = ("scanned_at", "reason", "area", "device", "place", "place_area", "digest")
    filters = ("reason", "place")
    search = ("digest",)
    form = ()
    key = ("digest",)
    permission = "flagged_scans"
    icon = "alert-triangle"
    exempt = {"person": "who scanned says nothing about presence; an investigator asks for it with a case"}
