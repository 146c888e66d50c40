"""The ledgers of pharmacies. What a clerk sees of them is their own pharmacy's, by the manager of the models.

Houses, products and clerks are entered by whoever manages pharmacies (`pharmacies.manage`): nobody at a till names the
class of a product or gives themselves another till.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.registers import Column, Register
from fangxian.systems.pharmacies import baskets, buyers, services, tills
from fangxian.systems.pharmacies.models import CallBack, Clerk, Pharmacy, Product, Sale, SaleLine, TillTotal


def managed(register: Register, action: str) -> Permission | None:
    """The right to a ledger that clerks read and only the managers of pharmacies write."""
    if action in ("write", "import"):
        return Permission.PHARMACIES_MANAGE
    return Register.right(register, action)


def in_its_area(values: dict[str, Any]) -> dict[str, Any]:
    """The values; an area that is not the pharmacy's is refused, not overlooked."""
    area, pharmacy = values.get("area"), values.get("pharmacy")
    if area is not None and pharmacy is not None and area.pk != pharmacy.area_id:
        raise ValidationError({"area": _("The pharmacy lies in another area: choose that one.")})
    return values


class PharmacyRegister(Register):
    """The retail pharmacies, with their credit code; sentinels report volumes at every step."""

    model = Pharmacy
    columns = ("name", "area", "credit_code", "is_sentinel", "head", "phone", "closed_on")
    filters = ("is_sentinel",)
    search = ("name",)
    form = (
        "area", "name", "credit_code", "licence", "address", "head", "phone", "is_sentinel", "closed_on",
    )  # fmt: skip
    key = ("area", "name")
    permission = "pharmacies"
    icon = "building-store"
    exempt = {"venue_id": "a tab shows the place that follows the record"}
    right = managed

    def clean_row(self, values: dict) -> dict:
        """One spelling of the credit code; one that cannot be one is refused."""
        return tills.checked_code(values)


class ClerkRegister(Register):
    """Who stands at the till of which pharmacy; a clerk sees that pharmacy and no other."""

    model = Clerk
    columns = ("officer", "pharmacy", "valid_from", "valid_to", "note", "area")
    form = ("area", "pharmacy", "officer", "valid_from", "valid_to", "note")
    key = ("officer", "pharmacy", "valid_from")
    permission = "pharmacies"
    icon = "user-check"
    right = managed

    def clean_row(self, values: dict) -> dict:
        """A clerk's row lies where the pharmacy does."""
        return in_its_area(values)


class ProductRegister(Register):
    """What each till sells under which code; the class follows from the name where the rules know it."""

    model = Product
    columns = ("pharmacy", "code", "name", "drug", "unit", "ended_on", "area")
    filters = ("drug",)
    search = ("code", "name")
    form = ("area", "pharmacy", "code", "name", "drug", "unit", "ended_on")
    key = ("pharmacy", "code")
    permission = "pharmacies"
    icon = "pill"
    right = managed

    def clean_row(self, values: dict) -> dict:
        """A product lies where its pharmacy does, and its class follows from its name."""
        return tills.classified(in_its_area(values))


class SaleRegister(Register):
    """Every receipt with medicine under watch: the buyer, for whom, fever, and whether the ladder allowed it."""

    model = Sale
    columns = (
        "sold_at", "pharmacy", "receipt", "items", "name", "id_number", "phone", "for_whom", "temperature", "symptoms",
        "is_fever", "stage", "wrong", "voided_at", "area",
    )  # fmt: skip
    filters = ("wrong", "is_fever", "stage", "sold_at")
    search = ("receipt", "name")
    search_exact = ("id_number", "phone")
    form = (
        "area", "pharmacy", "receipt", "sold_at", "items", "name", "id_number", "phone", "address", "for_whom",
        "for_name", "temperature", "symptoms", "came_from",
    )  # fmt: skip
    key = ("pharmacy", "receipt")
    ordering = ("area_id", "-sold_at", "pk")
    permission = "pharmacies"
    icon = "receipt"
    one_by_one = True  # each row is judged by the ladder, and work follows from it
    import_note = _(
        "A receipt is known by its pharmacy and number: sending it again changes nothing. "
        "A sale that was not allowed is kept and becomes a finding."
    )
    exempt = {
        "person": "who the buyer is on record; the clerk is not told, the call-back leads there",
        "rule": "stands on the record's page with its history", "pack": "stands on the record's page with its history",
        "void_reason": "stands on the record's page with its history",
    }  # fmt: skip

    def clean_row(self, values: dict) -> dict:
        """One spelling of the basket, the name and the numbers, so that the same receipt is known again."""
        values = buyers.tidy(in_its_area(values))
        if values.get("items"):
            values["items"] = baskets.written(baskets.parse(values["items"]))
        return values

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Kept once: a sale is never changed into another one, it is taken back and rung up again."""
        if record is not None:
            return services.correct(sale=record, by=by, base_version=base_version, **values)
        values.pop("area", None)
        return (services.take_over if values.get("sold_at") else services.sell)(by=by, source=source, **values)


class SaleLineRegister(Register):
    """What was sold, line by line."""

    model = SaleLine
    columns = (Column("sale", sort="", needs=("pharmacy",)), "product", "drug", "quantity", "day", "is_void", "area")
    filters = ("drug", "day", "is_void")
    form = ()  # lines come with their sale
    key = ("sale", "product")
    ordering = ("area_id", "-day", "pk")
    permission = "pharmacies"
    icon = "list-details"
    exempt = {"pharmacy": "named by the sale"}


class TillTotalRegister(Register):
    """What each till counted of each product on a day: the sentinels' volumes, and the measure of the register."""

    model = TillTotal
    columns = ("day", "pharmacy", "code", Column("product", sort=""), "quantity", "note", "area")
    filters = ("day",)
    form = ("area", "pharmacy", "day", "code", "quantity", "note")
    key = ("pharmacy", "day", "code")
    ordering = ("area_id", "-day", "pk")
    permission = "pharmacies"
    icon = "calculator"

    def clean_row(self, values: dict) -> dict:
        """The code is the pharmacy's, and the day has been."""
        if values.get("day"):
            tills.refuse_future(values["day"])
        return tills.of_its_till(in_its_area(values))


class CallBackRegister(Register):
    """Buyers with fever who are called within a day, and what the call found."""

    model = CallBack
    columns = (
        "person", "day", "due_at", "outcome", "tries", "called_at", "called_by", "note", "pharmacy",
        Column("sale", sort="", needs=("pharmacy",)), "area", "home_area",
    )  # fmt: skip
    filters = ("outcome", "day")
    form = ()  # opened by a sale, settled on its own page
    key = ("person", "day")
    ordering = ("area_id", "-day", "pk")
    permission = "pharmacies"
    icon = "phone-call"
    exempt = {"pack": "stands with its history"}
