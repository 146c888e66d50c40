"""The ledgers of supplies."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.supplies import selectors, services
from fangxian.systems.supplies.models import Movement, Store, SupplyRequest
from fangxian.systems.supplies.moving import lot_name
from fangxian.systems.supplies.words import SupplyMove


class StoreRegister(Register):
    """Where supplies lie, and who answers for them."""

    model = Store
    columns = ("name", "owner", "area", "keeper", "staff", "place", "closed_on")
    filters = ("owner",)
    search = ("name",)
    form = ("area", "name", "owner", "keeper", "staff", "place", "closed_on")
    key = ("area", "name")
    permission = "supplies"
    icon = "building-warehouse"


class MovementRegister(Register):
    """Every movement of supplies; a sheet of counts becomes movements by the difference to the book."""

    model = Movement
    columns = (
        "moved_at", "store", "item", "kind", "quantity", "change", "left", "lot", "expires_on", "other_store",
        Column("request", sort="", needs=("from_store", "to_store")), "note", "area",
    )  # fmt: skip
    filters = ("item", "kind", "store", "moved_at", "expires_on")
    form = ("area", "store", "item", "lot", "expires_on", "kind", "quantity", "moved_at", "note")
    key = ("store", "item", "lot", "kind", "moved_at")
    ordering = ("area_id", "-moved_at", "pk")
    permission = "supplies"
    icon = "arrows-exchange"
    import_note = _("Without a column for the kind a sheet is a count: the quantity is what lies on the shelf.")
    one_by_one = True  # each row moves the stock the next one finds

    def clean_row(self, values: dict[str, Any]) -> dict[str, Any]:
        """Without a kind it is a count; without a lot number its day is its name; a known lot need not say its day."""
        values = {"kind": SupplyMove.COUNTED, **values}
        lot = lot_name(values.get("lot") or "", values.get("expires_on"))
        if values.get("store") and not values.get("expires_on"):
            known = selectors.lot(values["store"], values["item"], lot)
            values = {**values, "expires_on": known.expires_on if known else None}
        return {**values, "lot": lot}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Entered once. Afterwards only its note may be mended: stock follows from movements that stay as they are."""
        if record is None:
            return services.enter(by=by, source=source, **_in_its_area(values))
        if any(getattr(record, name) != value for name, value in values.items() if name != "note"):
            raise ValidationError(_("A movement stays as it is: enter a count, or the opposite movement."))
        note = {"note": values["note"]} if "note" in values else {}
        return records.change(record, by=by, action="supplies.stock.noted", base_version=base_version, **note)


class RequestRegister(Register):
    """Who asked which store for supplies, and where that stands."""

    model = SupplyRequest
    columns = (
        "asked_at", "to_store", "from_store", "state", "reason", "due_at", "sent_at", "received_at",
        "closed_at", "area", "from_area", "answer",
    )  # fmt: skip
    filters = ("state", "asked_at", "due_at")
    form = ()  # asked, agreed, sent and received on its own page
    key = ("to_store", "asked_at")
    ordering = ("area_id", "-asked_at", "pk")
    permission = "supplies"
    icon = "truck-delivery"
    exempt = {
        "leader_by": "stands on the request's page", "keeper_by": "stands on the request's page",
        "leader_at": "stands on the request's page", "keeper_at": "stands on the request's page",
        "carrier": "stands on the request's page", "pack": "stands with its history",
    }  # fmt: skip


def _in_its_area(values: dict[str, Any]) -> dict[str, Any]:
    """The values without the area, which is the store's; one typed otherwise is refused, not overlooked."""
    values = dict(values)
    area = values.pop("area", None)
    if area is not None and area.pk != values["store"].area_id:
        raise ValidationError({"area": _("The store lies in another area: choose that one.")})
    return values
