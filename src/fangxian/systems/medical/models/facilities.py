"""Where the ill are seen, and how many beds there are."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Rectifiable, Visited
from fangxian.systems.medical.words import Bed


class Facility(Attached, Rectifiable, Visited, Record):
    """A house that sees patients. Whether it may see fever patients follows from its kind by the pack."""

    venue_fields: ClassVar[dict[str, str]] = {
        **Visited.venue_fields, "latitude": "latitude", "longitude": "longitude",
    }  # fmt: skip

    class Kind(models.TextChoices):
        FEVER_CLINIC = "FEVER_CLINIC", _("Fever clinic")
        DESIGNATED_HOSPITAL = "DESIGNATED_HOSPITAL", _("Designated hospital")
        HOSPITAL = "HOSPITAL", _("Hospital")
        SHELTER_HOSPITAL = "SHELTER_HOSPITAL", _("Shelter hospital")
        TOWNSHIP_CENTRE = "TOWNSHIP_CENTRE", _("Township health centre")
        COMMUNITY_CENTRE = "COMMUNITY_CENTRE", _("Community health centre")
        VILLAGE_CLINIC = "VILLAGE_CLINIC", _("Village clinic")
        PRIVATE_CLINIC = "PRIVATE_CLINIC", _("Private clinic")

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    address = models.CharField(_("Address"), max_length=120, blank=True)
    head = models.CharField(_("Person in charge"), max_length=40, blank=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Medical facility")
        verbose_name_plural = _("Medical facilities")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="facility_name_once")]
        indexes = [models.Index(fields=["area", "kind"], name="facility_area_kind")]

    def __str__(self) -> str:
        return self.name

    def venue_kind(self) -> str:
        """Hospitals and clinics are one kind of place."""
        return "HOSPITAL"


class Beds(Record):
    """How many beds of a kind a facility can open; who lies in them follows from the admissions."""

    facility = models.ForeignKey(Facility, models.PROTECT, verbose_name=_("Facility"), related_name="beds")
    kind = models.CharField(_("Kind"), max_length=20, choices=Bed.choices)
    count = models.PositiveIntegerField(_("Beds"))
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Beds of a facility")
        verbose_name_plural = _("Beds of facilities")
        constraints = [models.UniqueConstraint(fields=["facility", "kind"], name="beds_kind_once")]

    def __str__(self) -> str:
        return f"{self.facility} {self.get_kind_display()}"
