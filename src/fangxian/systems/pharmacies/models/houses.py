"""The pharmacies, what they sell, and who stands at which till.

A clerk's post is for one pharmacy: of all that belongs to pharmacies a clerk sees only what is of their own, on every
face, because the manager of these models says so (`core.scope.HouseManager`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import today
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.core.scope import HouseManager
from fangxian.registers.behaviours import Attached, Rectifiable, Visited
from fangxian.systems.pharmacies.words import Drug


class OfPharmacy(Record):
    """A row that belongs to a pharmacy."""

    house_field: ClassVar[str] = "pharmacy_id"

    objects = HouseManager()
    unscoped = models.Manager()

    class Meta(Record.Meta):
        abstract = True

    @staticmethod
    def houses_of(officer_id: int | None) -> models.QuerySet["Pharmacy"]:
        """The pharmacies an officer is a clerk of today."""
        held = Clerk.unscoped.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today()), valid_from__lte=today())
        return Pharmacy.unscoped.filter(pk__in=held.filter(officer_id=officer_id).values("pharmacy_id"))


class Pharmacy(Attached, Rectifiable, Visited, OfPharmacy):
    """A retail pharmacy. A sentinel reports its volumes even while nobody has to give a name."""

    house_field = "pk"
    venue_fields: ClassVar[dict[str, str]] = {**Visited.venue_fields, "credit_code": "credit_code"}

    name = models.CharField(_("Name"), max_length=80)
    credit_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    licence = models.CharField(_("Drug licence"), max_length=40, blank=True)
    address = models.CharField(_("Address"), max_length=120, blank=True)
    head = models.CharField(_("Person in charge"), max_length=40, blank=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    is_sentinel = models.BooleanField(_("Sentinel pharmacy"), default=False)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Pharmacy")
        verbose_name_plural = _("Pharmacies")
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="pharmacy_name_once"),
            models.UniqueConstraint(fields=["credit_code"], condition=~Q(credit_code=""), name="pharmacy_code_once"),
        ]
        indexes = [models.Index(fields=["area", "is_sentinel"], name="pharmacy_area_sentinel")]

    def __str__(self) -> str:
        return self.name

    def venue_kind(self) -> str:
        """Every pharmacy is one."""
        return "PHARMACY"


class Clerk(OfPharmacy):
    """Who works at the till of which pharmacy, from a day until a day."""

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, verbose_name=_("Pharmacy"), related_name="clerks")
    officer = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("Officer"), related_name="+")
    valid_from = models.DateField(_("Valid from"), default=today)
    valid_to = models.DateField(_("Ended on"), null=True, blank=True, help_text=_("The first day without the post."))
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Clerk of a pharmacy")
        verbose_name_plural = _("Clerks of pharmacies")
        constraints = [
            models.UniqueConstraint(fields=["officer", "pharmacy", "valid_from"], name="clerk_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")), name="clerk_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.pharmacy}"


class Product(OfPharmacy):
    """What a pharmacy's till sells under which code. The class follows from the name where the pack knows it."""

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, verbose_name=_("Pharmacy"), related_name="products")
    code = models.CharField(_("Code at the till"), max_length=24)
    name = models.CharField(_("Name"), max_length=80)
    drug = models.CharField(_("Class of medicine"), max_length=12, choices=Drug.choices, default=Drug.OTHER)
    unit = models.CharField(_("Unit"), max_length=12, blank=True)
    ended_on = models.DateField(_("Not sold since"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Product")
        verbose_name_plural = _("Products")
        constraints = [models.UniqueConstraint(fields=["pharmacy", "code"], name="product_code_once")]
        indexes = [models.Index(fields=["area", "drug"], name="product_area_drug")]

    def __str__(self) -> str:
        return self.name
