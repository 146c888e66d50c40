"""Where people are vaccinated, and what is there for it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Rectifiable, Visited
from fangxian.systems.immunization.words import SiteItem


class VaccinationSite(Attached, Rectifiable, Visited, Record):
    """A house with three rooms: registration, vaccination, observation."""

    venue_fields: ClassVar[dict[str, str]] = {"name": "name", "address": "place", "keeper": "head"}

    class Kind(models.TextChoices):
        FIXED = "FIXED", _("Fixed site")
        TEMPORARY = "TEMPORARY", _("Temporary site")
        MOBILE = "MOBILE", _("Mobile vaccination team")

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.FIXED)
    head = models.CharField(_("Person in charge"), max_length=40, blank=True)
    place = models.CharField(_("Where"), max_length=120, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Vaccination site")
        verbose_name_plural = _("Vaccination sites")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="vaccination_site_once")]

    def __str__(self) -> str:
        return self.name

    def venue_kind(self) -> str:
        """A team that drives about has no door to hang a code at."""
        return "" if self.kind == self.Kind.MOBILE else "HOSPITAL"


class SiteMeans(Record):
    """How much of one thing a site needs, and how much is there: staff, material, money."""

    site = models.ForeignKey(VaccinationSite, models.PROTECT, verbose_name=_("Vaccination site"), related_name="means")
    item = models.CharField(_("What"), max_length=20, choices=SiteItem.choices)
    needed = models.PositiveIntegerField(_("Needed"))
    there = models.PositiveIntegerField(_("There"))
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Means of a site")
        verbose_name_plural = _("Means of sites")
        constraints = [models.UniqueConstraint(fields=["site", "item"], name="site_means_once")]

    def __str__(self) -> str:
        return f"{self.site} {self.get_item_display()}"

    @property
    def missing(self) -> int:
        """How much is missing."""
        return max(self.needed - self.there, 0)
