"""Where goods are, and who works there."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Rectifiable, Visited
from fangxian.systems.goods.words import Job, PlaceKind
from fangxian.systems.people.models import Person

VENUE_KINDS = {
    PlaceKind.CENTRAL_STORE: "COLD_STORE", PlaceKind.COLD_STORE: "COLD_STORE", PlaceKind.PLANT: "WORKPLACE",
    PlaceKind.MARKET: "MARKET", PlaceKind.SHOP: "SHOP", PlaceKind.RESTAURANT: "RESTAURANT", PlaceKind.OTHER: "OTHER",
}  # fmt: skip
"""What each is in the register of places, where people check in."""


class GoodsPlace(Attached, Rectifiable, Visited, Record):
    """A store, market, plant, shop or vehicle that goods pass through."""

    venue_fields: ClassVar[dict[str, str]] = {**Visited.venue_fields, "credit_code": "credit_code"}

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=16, choices=PlaceKind.choices)
    company = models.CharField(_("Company"), max_length=80, blank=True)
    credit_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    plate = models.CharField(_("Plate"), max_length=12, blank=True)
    address = models.CharField(_("Address"), max_length=120, blank=True)
    head = models.CharField(_("Person in charge"), max_length=40, blank=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Place of goods")
        verbose_name_plural = _("Places of goods")
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="goods_place_name_once"),
            models.UniqueConstraint(fields=["plate"], condition=~Q(plate=""), name="goods_plate_once"),
        ]
        indexes = [models.Index(fields=["area", "kind"], name="goods_place_area_kind")]

    def __str__(self) -> str:
        return self.name

    def venue_kind(self) -> str:
        """A lorry and a port are visited by nobody with a phone in hand."""
        return VENUE_KINDS.get(self.kind, "")


class Worker(Record):
    """Somebody who handles goods at a place, from when until when. Tests and doses stand with the person."""

    place = models.ForeignKey(GoodsPlace, models.PROTECT, verbose_name=_("Place of goods"), related_name="workers")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="goods_work")
    job = models.CharField(_("Job with goods"), max_length=12, choices=Job.choices, default=Job.PORTER)
    staff_number = models.CharField(_("Staff number"), max_length=20, blank=True)
    from_on = models.DateField(_("Works here since"))
    until_on = models.DateField(_("Worked here until"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Goods worker")
        verbose_name_plural = _("Goods workers")
        constraints = [
            models.UniqueConstraint(fields=["place", "person", "from_on"], name="goods_worker_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")), name="goods_worker_days"
            ),
        ]
        indexes = [models.Index(fields=["area", "place"], name="goods_worker_area")]

    def __str__(self) -> str:
        return f"{self.person} · {self.place}"
