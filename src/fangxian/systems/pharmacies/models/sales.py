"""A sale of medicine under watch: who bought, for whom, how they are; and what, line by line."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.fields import BlindIndexField, EncryptedTextField
from fangxian.systems.people.models import Person
from fangxian.systems.pharmacies.models.houses import OfPharmacy, Pharmacy, Product
from fangxian.systems.pharmacies.words import Drug, ForWhom, Stage, Wrong


class Sale(OfPharmacy):
    """One receipt. The buyer's words stand here as they were said; `person` is whom they mean, entered once.

    `stage`, `wrong`, `is_fever` follow from the pack and the values, and are never typed.
    """

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, verbose_name=_("Pharmacy"), related_name="sales")
    receipt = models.CharField(_("Receipt"), max_length=40)
    sold_at = models.DateTimeField(_("Sold at"), default=now)
    items = models.CharField(
        _("Items"), max_length=400,
        help_text=_("Codes at the till with their quantities: B12*2; K07*1"),
    )  # fmt: skip
    name = models.CharField(_("Buyer"), max_length=60, blank=True)
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    id_index = BlindIndexField(of="id_number")
    phone = EncryptedTextField(_("Phone"), mask="phone")
    phone_index = BlindIndexField(of="phone")
    address = EncryptedTextField(_("Address"), mask="address")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, verbose_name=_("Person"), related_name="+", editable=False
    )
    for_whom = models.CharField(_("For whom"), max_length=8, choices=ForWhom.choices, default=ForWhom.SELF)
    for_name = models.CharField(_("Name of who takes it"), max_length=60, blank=True)
    temperature = models.DecimalField(
        _("Temperature (°C)"), max_digits=3, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(34), MaxValueValidator(43)],
    )  # fmt: skip
    symptoms = models.CharField(_("Symptoms"), max_length=120, blank=True)
    came_from = models.CharField(
        _("Came from"), max_length=60, blank=True,
        help_text=_("Where the person was within the last fourteen days, if not at home."),
    )  # fmt: skip
    stage = models.CharField(
        _("Step of the ladder"), max_length=10, choices=Stage.choices, default=Stage.FREE, editable=False
    )
    wrong = models.CharField(_("Violation"), max_length=10, choices=Wrong.choices, blank=True, editable=False)
    is_fever = models.BooleanField(_("Fever"), default=False, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    voided_at = models.DateTimeField(_("Taken back at"), null=True, editable=False)
    void_reason = models.CharField(_("Why taken back"), max_length=200, blank=True, editable=False)

    class Meta(OfPharmacy.Meta):
        abstract = False
        verbose_name = _("Sale of medicine")
        verbose_name_plural = _("Sales of medicine")
        constraints = [models.UniqueConstraint(fields=["pharmacy", "receipt"], name="receipt_once")]
        indexes = [
            models.Index(fields=["area", "sold_at"], name="sale_area_at"),
            models.Index(fields=["pharmacy", "sold_at"], name="sale_pharmacy_at"),
            models.Index(fields=["area", "wrong", "sold_at"], condition=~Q(wrong=""), name="sale_wrong"),
        ]

    def __str__(self) -> str:
        return f"{self.pharmacy} {self.receipt}"


class SaleLine(OfPharmacy):
    """How much of one product a sale holds; day and class stand here so that a day is counted from one index."""

    sale = models.ForeignKey(Sale, models.CASCADE, verbose_name=_("Sale"), related_name="lines")
    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, verbose_name=_("Pharmacy"), related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("Product"), related_name="+")
    drug = models.CharField(_("Class of medicine"), max_length=12, choices=Drug.choices)
    day = models.DateField(_("Day"))
    quantity = models.PositiveIntegerField(_("Quantity"), validators=[MinValueValidator(1)])
    is_void = models.BooleanField(_("Taken back"), default=False, editable=False)

    class Meta(OfPharmacy.Meta):
        abstract = False
        verbose_name = _("Line of a sale")
        verbose_name_plural = _("Lines of sales")
        constraints = [models.UniqueConstraint(fields=["sale", "product"], name="sale_product_once")]
        indexes = [
            models.Index(fields=["area", "day", "drug"], name="line_area_day"),
            models.Index(fields=["pharmacy", "day", "product"], name="line_pharmacy_day"),
        ]

    def __str__(self) -> str:
        return f"{self.product} × {self.quantity}"
