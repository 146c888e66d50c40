"""Vaccine in the fridge of a site: a lot with its balance, and every movement of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now, today
from fangxian.core.records import Record
from fangxian.systems.immunization.models.sites import VaccinationSite
from fangxian.systems.immunization.words import VACCINES, Movement, Waste


class VaccineLot(Record):
    """One lot of a vaccine at one site. Its figures are kept with every movement and every dose, and the database
    itself holds that what came in is used, wasted, gone or left."""

    site = models.ForeignKey(VaccinationSite, models.PROTECT, verbose_name=_("Vaccination site"), related_name="lots")
    disease = models.CharField(_("Disease"), max_length=40)
    vaccine = models.CharField(_("Vaccine"), max_length=20)
    maker = models.CharField(_("Maker"), max_length=60, blank=True)
    number = models.CharField(_("Lot no."), max_length=40)
    expires_on = models.DateField(_("Expires on"))
    doses_per_vial = models.PositiveSmallIntegerField(_("Doses a vial"), default=1)
    received = models.PositiveIntegerField(_("Doses received"), default=0, editable=False)
    used = models.PositiveIntegerField(_("Doses given"), default=0, editable=False)
    wasted = models.PositiveIntegerField(_("Doses wasted"), default=0, editable=False)
    gone = models.PositiveIntegerField(_("Doses sent away"), default=0, editable=False)
    sealed = models.PositiveIntegerField(_("Sealed doses"), default=0, editable=False)
    opened = models.PositiveIntegerField(_("Doses in open vials"), default=0, editable=False)
    opened_at = models.DateTimeField(_("Vial open since"), null=True, editable=False)
    recalled_at = models.DateTimeField(_("Lot recalled"), null=True, editable=False)
    recall_reason = models.CharField(_("Why recalled"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Vaccine lot")
        verbose_name_plural = _("Vaccine lots")
        constraints = [
            models.UniqueConstraint(fields=["site", "vaccine", "number"], name="vaccine_lot_once_a_site"),
            models.CheckConstraint(
                condition=Q(received=F("used") + F("wasted") + F("gone") + F("sealed") + F("opened")),
                name="vaccine_lot_balances",
            ),
            models.CheckConstraint(condition=Q(doses_per_vial__gt=0), name="vaccine_lot_vial_holds"),
            models.CheckConstraint(
                condition=Q(opened=0, opened_at__isnull=True) | Q(opened__gt=0, opened_at__isnull=False),
                name="vaccine_lot_open_since",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "expires_on"], name="vaccine_lot_area_expires"),
            models.Index(fields=["number", "vaccine"], name="vaccine_lot_number"),
        ]

    def __str__(self) -> str:
        return f"{self.vaccine_name} {self.number}"

    @property
    def left(self) -> int:
        """Doses that are still there, sealed or open."""
        return self.sealed + self.opened

    @property
    def is_expired(self) -> bool:
        """Whether its day has passed."""
        return self.expires_on < today()

    @property
    def vaccine_name(self) -> str:
        """The vaccine in the reader's language."""
        return str(VACCINES.get(self.vaccine, self.vaccine))


class StockMovement(Record):
    """One movement of doses, never changed afterwards. A dose that is given is its own entry (`Dose`)."""

    lot = models.ForeignKey(VaccineLot, models.PROTECT, verbose_name=_("Vaccine lot"), related_name="movements")
    kind = models.CharField(_("Kind"), max_length=12, choices=Movement.choices)
    doses = models.PositiveIntegerField(_("Doses"))
    reason = models.CharField(_("Reason"), max_length=16, choices=Waste.choices, blank=True)
    moved_at = models.DateTimeField(_("When"), default=now)
    other_site = models.ForeignKey(
        VaccinationSite, models.PROTECT, null=True, blank=True, verbose_name=_("Other site"), related_name="+"
    )
    paper = models.CharField(_("Paper"), max_length=60, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Stock movement")
        verbose_name_plural = _("Stock movements")
        constraints = [
            models.CheckConstraint(condition=Q(doses__gt=0), name="stock_movement_moves"),
            models.CheckConstraint(
                condition=(Q(kind="WASTED") & ~Q(reason="")) | (~Q(kind="WASTED") & Q(reason="")),
                name="stock_movement_waste_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "moved_at"], name="stock_movement_area_at"),
            models.Index(fields=["lot", "moved_at"], name="stock_movement_lot_at"),
        ]

    def __str__(self) -> str:
        return f"{self.lot} {self.get_kind_display()} {self.doses}"
