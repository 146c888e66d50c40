"""Places where people check in. The visits themselves live in the visit log (warehouse/visits)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record


class Place(Record):
    """A venue with a public code; an arrival without a departure is taken to last the assumed stay."""

    class Kind(models.TextChoices):
        RESTAURANT = "RESTAURANT", _("Restaurant")
        MALL = "MALL", _("Shopping mall")
        MARKET = "MARKET", _("Market")
        SHOP = "SHOP", _("Shop")
        PHARMACY = "PHARMACY", _("Pharmacy")
        HOSPITAL = "HOSPITAL", _("Hospital or clinic")
        SCHOOL = "SCHOOL", _("School")
        WORKPLACE = "WORKPLACE", _("Workplace")
        STATION = "STATION", _("Station")
        AIRPORT = "AIRPORT", _("Airport")
        HOTEL = "HOTEL", _("Hotel")
        CINEMA = "CINEMA", _("Cinema or indoor venue")
        PUBLIC_OFFICE = "PUBLIC_OFFICE", _("Public office")
        COLD_STORE = "COLD_STORE", _("Cold store")
        OTHER = "OTHER", _("Other")

    name = models.CharField(_("Name"), max_length=80)
    code = models.CharField(_("Venue code"), max_length=40, unique=True)
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    address = models.CharField(_("Address"), max_length=120, blank=True)
    keeper = models.CharField(_("Person in charge"), max_length=40, blank=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    credit_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    assumed_stay = models.PositiveSmallIntegerField(
        _("Assumed stay (minutes)"), default=60, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    is_hub = models.BooleanField(
        _("Transit hub"), default=False, help_text=_("Large flows of strangers: second-degree tracing leaves it out.")
    )
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Place")
        verbose_name_plural = _("Places")
        indexes = [
            models.Index(fields=["area", "kind", "name"], name="place_area_kind"),
            models.Index(fields=["area", "name"], name="place_area_name"),
        ]

    def __str__(self) -> str:
        return self.name
