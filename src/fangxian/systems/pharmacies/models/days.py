"""What a till says of a day, and the buyers who are called back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.systems.people.models import Person
from fangxian.systems.pharmacies.models.houses import OfPharmacy, Pharmacy, Product
from fangxian.systems.pharmacies.models.sales import Sale
from fangxian.systems.pharmacies.words import SETTLED, Called


class TillTotal(OfPharmacy):
    """How much of a product the till itself counted on a day: a sentinel's report, and the measure of the register."""

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, verbose_name=_("Pharmacy"), related_name="totals")
    day = models.DateField(_("Day"))
    code = models.CharField(_("Code at the till"), max_length=24)
    quantity = models.PositiveIntegerField(_("Quantity"))
    note = models.CharField(_("Note"), max_length=200, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("Product"), related_name="+", editable=False)

    class Meta(OfPharmacy.Meta):
        abstract = False
        verbose_name = _("Total of a till")
        verbose_name_plural = _("Totals of tills")
        constraints = [models.UniqueConstraint(fields=["pharmacy", "day", "code"], name="till_total_once")]
        indexes = [models.Index(fields=["area", "day"], name="till_area_day")]

    def __str__(self) -> str:
        return f"{self.pharmacy} {self.day} {self.code}"


class CallBack(OfPharmacy):
    """A buyer with fever is called within the hours of the pack, once a day whatever was bought where.

    The area is the pharmacy's, the home area answers for the person; both see it until it is settled.
    """

    scope_fields = ("area", "home_area")

    pharmacy = models.ForeignKey(Pharmacy, models.PROTECT, verbose_name=_("Pharmacy"), related_name="+")
    home_area = models.ForeignKey(
        Area, models.PROTECT, null=True, verbose_name=_("Home area"), related_name="+", editable=False
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="+")
    sale = models.ForeignKey(Sale, models.PROTECT, verbose_name=_("Sale"), related_name="call_backs")
    day = models.DateField(_("Day"))
    due_at = models.DateTimeField(_("Due"))
    tries = models.PositiveSmallIntegerField(_("Calls made"), default=0, editable=False)
    called_at = models.DateTimeField(_("Called back at"), null=True, editable=False)
    called_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Called by"), related_name="+"
    )
    outcome = models.CharField(_("Outcome"), max_length=14, choices=Called.choices, blank=True, editable=False)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(OfPharmacy.Meta):
        abstract = False
        verbose_name = _("Call-back of a buyer")
        verbose_name_plural = _("Call-backs of buyers")
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="call_back_once_a_day"),
            models.CheckConstraint(
                condition=Q(called_by__isnull=True) | Q(called_at__isnull=False), name="call_back_called_when"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "outcome", "due_at"], name="call_back_area"),
            models.Index(fields=["home_area", "outcome", "due_at"], name="call_back_home"),
            models.Index(fields=["pharmacy", "outcome", "due_at"], name="call_back_pharmacy"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to reach the person."""
        return self.outcome not in SETTLED
