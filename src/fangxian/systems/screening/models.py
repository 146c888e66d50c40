"""Places where people check in. The visits themselves live in the visit log (warehouse/visits)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import shown
from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Rectifiable
from fangxian.systems.screening.campaign_models import Campaign, Target
from fangxian.systems.screening.codes import Reason

__all__ = ["Campaign", "FlaggedScan", "Place", "Target", "VenueCode"]


class Place(Attached, Rectifiable, Record):
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
    kept_in = models.CharField(
        _("Kept in"), max_length=48, blank=True, editable=False,
        help_text=_("The register whose record this place follows; what it says is changed there."),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Place")
        verbose_name_plural = _("Places")
        indexes = [
            models.Index(fields=["area", "kind", "name"], name="place_area_kind"),
            models.Index(fields=["area", "name"], name="place_area_name"),
        ]

    def __str__(self) -> str:
        return self.name


class VenueCode(Record):
    """A printed code of a place: from when until when it holds, and since when it is withdrawn, if it is."""

    place = models.ForeignKey(Place, models.CASCADE, verbose_name=_("Place"), related_name="printed_codes")
    digest = models.CharField(_("Code number"), max_length=32, unique=True)
    valid_from = models.DateTimeField(_("Valid from"))
    valid_until = models.DateTimeField(_("Valid until"))
    key_id = models.CharField(_("Signing key"), max_length=8)
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True, blank=True, db_index=True)

    class Meta(Record.Meta):
        verbose_name = _("Printed code")
        verbose_name_plural = _("Printed codes")
        indexes = [models.Index(fields=["area", "valid_until"], name="venuecode_area_until")]

    def __str__(self) -> str:
        return f"{self.place} {self.valid_until:%Y-%m-%d}"


class FlaggedScan(Record):
    """A scan that proves nobody's presence, with the reason: it is kept, and no trace ever reads it.

    The area is that of the device; the place and its area are known where the code said so under our signature.
    """

    scope_fields = ("area", "place_area")

    reason = models.CharField(_("Reason"), max_length=16, choices=Reason.choices)
    place = models.ForeignKey(
        Place, models.SET_NULL, verbose_name=_("Place of the code"), related_name="+", null=True, blank=True
    )
    place_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Area of the place"), related_name="+", null=True, blank=True
    )
    device = models.CharField(_("Device"), max_length=80, blank=True)
    scanned_at = models.DateTimeField(_("Scanned"))
    digest = models.CharField(_("Code number"), max_length=32, blank=True, db_index=True)
    person = models.UUIDField(_("Person"), db_index=True)

    class Meta(Record.Meta):
        verbose_name = _("Flagged scan")
        verbose_name_plural = _("Flagged scans")
        indexes = [models.Index(fields=["area", "scanned_at"], name="flagged_area_scanned")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {shown(self.scanned_at)}"
