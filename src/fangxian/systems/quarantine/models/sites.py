"""Houses that take people in, and their rooms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Rectifiable


class Site(Attached, Rectifiable, Record):
    """A house that takes people in."""

    class Kind(models.TextChoices):
        QUARANTINE = "QUARANTINE", _("Quarantine site (contacts)")
        ISOLATION = "ISOLATION", _("Isolation site (cases)")

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.QUARANTINE)
    address = models.CharField(_("Address"), max_length=120, blank=True)
    head = models.CharField(_("Head of the site"), max_length=40, blank=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    exits = models.PositiveSmallIntegerField(_("Exits"), null=True, blank=True)
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Isolation site")
        verbose_name_plural = _("Isolation sites")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="site_name_once")]

    def __str__(self) -> str:
        return self.name


class Room(Record):
    """A room for one person (or one household where the rule allows)."""

    class Zone(models.TextChoices):
        CLEAN = "CLEAN", _("Clean zone")
        SEMI = "SEMI", _("Semi-contaminated zone")
        CONTAMINATED = "CONTAMINATED", _("Contaminated zone")

    class State(models.TextChoices):
        READY = "READY", _("Ready")
        CLEANING = "CLEANING", _("Being disinfected")
        OUT_OF_USE = "OUT_OF_USE", _("Out of use")

    class Purpose(models.TextChoices):
        GUEST = "GUEST", _("Guest room")
        STAFF = "STAFF", _("Staff room")
        NURSE = "NURSE", _("Nurse station")
        CHANGING = "CHANGING", _("Changing and disinfection")
        STORE = "STORE", _("Store")
        WASTE = "WASTE", _("Waste store")

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("Site"), related_name="rooms")
    number = models.CharField(_("Room"), max_length=12)
    zone = models.CharField(_("Zone"), max_length=14, choices=Zone.choices, default=Zone.CONTAMINATED)
    purpose = models.CharField(_("Use"), max_length=10, choices=Purpose.choices, default=Purpose.GUEST)
    floor = models.CharField(_("Floor"), max_length=8, blank=True)
    flow = models.CharField(_("Wing (shared air and corridor)"), max_length=20, blank=True)
    beds = models.PositiveSmallIntegerField(_("Beds"), default=1)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.READY)

    class Meta(Record.Meta):
        verbose_name = _("Room")
        verbose_name_plural = _("Rooms")
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="room_number_once")]
        indexes = [models.Index(fields=["area", "state"], name="room_area_state")]

    def __str__(self) -> str:
        return f"{self.site} {self.number}"

    @property
    def storey(self) -> str:
        """The floor, or what the number says of it: 1203 is on floor 12."""
        return self.floor or self.number[:-2]
