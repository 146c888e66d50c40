"""What is bought together, the lots in it, and the papers, attached once and valid for all below."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.goods.models.places import GoodsPlace
from fangxian.systems.goods.words import Grade, Missing, PaperKind


class Consignment(Attached, Record):
    """Goods that come together under one declaration: announced before they come, checked when they are there.

    The grade follows from the temperature and the pack's signs of low risk, and is never typed.
    """

    number = models.CharField(_("Declaration number"), max_length=40)
    goods = models.CharField(_("Name of the goods"), max_length=80)
    origin = models.CharField(_("Country or region of origin"), max_length=40, blank=True)
    owner = models.CharField(_("Owner of the goods"), max_length=80)
    to_place = models.ForeignKey(
        GoodsPlace, models.PROTECT, verbose_name=_("Target store"), related_name="consignments"
    )
    pieces = models.PositiveIntegerField(_("Pieces"), validators=[MinValueValidator(1)])
    weight_kg = models.DecimalField(_("Weight (kg)"), max_digits=11, decimal_places=2, null=True, blank=True)
    container = models.CharField(_("Container number"), max_length=11, blank=True)
    seal = models.CharField(_("Seal number"), max_length=20, blank=True)
    plate = models.CharField(_("Plate"), max_length=12, blank=True)
    driver = EncryptedTextField(_("Driver"), mask="name", blank=True)
    driver_phone = EncryptedTextField(_("Phone of the driver"), mask="phone")
    temperature = models.DecimalField(
        _("Transport temperature (°C)"), max_digits=4, decimal_places=1, default=-18,
        validators=[MinValueValidator(-80), MaxValueValidator(60)],
    )  # fmt: skip
    is_bulk = models.BooleanField(_("Bulk goods"), default=False)
    touched = models.BooleanField(_("Workers touch the goods"), default=True)
    departed_at = models.DateTimeField(_("Departed from the port or country"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("Announced at"), editable=False)
    expected_at = models.DateTimeField(_("Expected at"))
    arrived_at = models.DateTimeField(_("Arrived at"), null=True, editable=False)
    container_seen = models.CharField(_("Container number seen"), max_length=11, blank=True, editable=False)
    seal_seen = models.CharField(_("Seal number seen"), max_length=20, blank=True, editable=False)
    grade = models.CharField(_("Grade"), max_length=4, choices=Grade.choices, default=Grade.COLD, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Consignment of goods")
        verbose_name_plural = _("Consignments of goods")
        constraints = [models.UniqueConstraint(fields=["number"], name="goods_consignment_once")]
        indexes = [models.Index(fields=["area", "expected_at"], name="goods_consignment_expected")]

    def __str__(self) -> str:
        return f"{self.number} {self.goods}"


class Lot(Attached, Record):
    """Goods of one batch that are held and released together; pieces are counted from 1, not stored one by one.

    Red or green (`is_held`, `missing`) is computed from papers, tests and recalls by the named rule, never typed.
    """

    number = models.CharField(_("Lot number"), max_length=40)
    goods = models.CharField(_("Name of the goods"), max_length=80)
    consignment = models.ForeignKey(
        Consignment, models.PROTECT, verbose_name=_("Consignment of goods"), related_name="lots", null=True, blank=True
    )
    place = models.ForeignKey(GoodsPlace, models.PROTECT, verbose_name=_("Made or received at"), related_name="lots")
    pieces = models.PositiveIntegerField(_("Pieces"), validators=[MinValueValidator(1)])
    weight_kg = models.DecimalField(_("Weight (kg)"), max_digits=11, decimal_places=2, null=True, blank=True)
    produced_on = models.DateField(_("Produced on"), null=True, blank=True)
    expires_on = models.DateField(_("Best before"), null=True, blank=True)
    begun_at = models.DateTimeField(_("Came into being"), editable=False)
    is_held = models.BooleanField(_("Held"), default=True, editable=False)
    missing = models.CharField(_("What is missing"), max_length=160, blank=True, editable=False)
    is_positive = models.BooleanField(_("Positive"), default=False, editable=False)
    released_at = models.DateTimeField(_("Released at"), null=True, editable=False)
    certificate = models.CharField(_("Outbound certificate"), max_length=24, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Lot of goods")
        verbose_name_plural = _("Lots of goods")
        constraints = [
            models.UniqueConstraint(fields=["area", "number"], name="goods_lot_once"),
            models.CheckConstraint(
                condition=Q(certificate="") | Q(released_at__isnull=False), name="goods_certificate_after_release"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "is_held", "begun_at"], name="goods_lot_held"),
            models.Index(fields=["number"], name="goods_lot_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.goods}"

    @property
    def reasons(self) -> list[str]:
        """Why it is held, as codes of `Missing`."""
        return self.missing.split()

    @property
    def reasons_in_words(self) -> list:
        """Why it is held, for people."""
        return [Missing(code).label for code in self.reasons]


class Paper(Attached, Record):
    """A paper of a consignment, valid for all its lots and what is made of them; where a lot is named, of it alone."""

    consignment = models.ForeignKey(
        Consignment,
        models.PROTECT,
        verbose_name=_("Consignment of goods"),
        related_name="papers",
        null=True,
        blank=True,
    )
    lot = models.ForeignKey(
        Lot, models.PROTECT, verbose_name=_("Lot of goods"), related_name="papers", null=True, blank=True
    )
    kind = models.CharField(_("Kind of paper"), max_length=12, choices=PaperKind.choices)
    number = models.CharField(_("Number of the paper"), max_length=60)
    issuer = models.CharField(_("Issued by"), max_length=80, blank=True)
    issued_on = models.DateField(_("Issued on"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    agent = models.CharField(_("Disinfectant and method"), max_length=80, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Paper of goods")
        verbose_name_plural = _("Papers of goods")
        constraints = [
            models.CheckConstraint(
                condition=Q(consignment__isnull=False) | Q(lot__isnull=False), name="goods_paper_of_something"
            ),
            models.UniqueConstraint(fields=["consignment", "kind", "number"], name="goods_paper_once"),
            models.UniqueConstraint(fields=["lot", "kind", "number"], name="goods_lot_paper_once"),
        ]
        indexes = [models.Index(fields=["area", "kind"], name="goods_paper_area_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
