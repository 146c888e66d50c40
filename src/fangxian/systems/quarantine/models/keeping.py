"""What keeps a site running and safe: meals and supplies by room, disinfection, waste."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.quarantine.models.sites import Room, Site


class Delivery(Record):
    """So many portions or pieces for one room on one day: counted from who is in, put at the door, confirmed."""

    class Item(models.TextChoices):
        BREAKFAST = "BREAKFAST", _("Breakfast")
        LUNCH = "LUNCH", _("Lunch")
        DINNER = "DINNER", _("Dinner")
        WATER = "WATER", _("Drinking water")
        MASK = "MASK", _("Mask")
        WASTE_BAG = "WASTE_BAG", _("Yellow waste bag")
        TISSUE = "TISSUE", _("Tissue")
        THERMOMETER = "THERMOMETER", _("Thermometer")
        CHLORINE_TABLET = "CHLORINE_TABLET", _("Chlorine tablet")

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("To be delivered")
        DELIVERED = "DELIVERED", _("At the door")
        CONFIRMED = "CONFIRMED", _("Receipt confirmed")
        REFUSED = "REFUSED", _("Guest did not take it")

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("Site"), related_name="deliveries")
    room = models.ForeignKey(Room, models.PROTECT, verbose_name=_("Room"), related_name="deliveries")
    day = models.DateField(_("Day"), default=today)
    item = models.CharField(_("Item"), max_length=16, choices=Item.choices)
    quantity = models.PositiveSmallIntegerField(_("Quantity"), validators=[MinValueValidator(1)])
    note = models.CharField(_("Diet or note"), max_length=80, blank=True)
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.PLANNED, editable=False)
    delivered_at = models.DateTimeField(_("Delivered at"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("Confirmed at"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Delivery to a room")
        verbose_name_plural = _("Deliveries to rooms")
        constraints = [models.UniqueConstraint(fields=["room", "day", "item"], name="delivery_once_a_day")]
        indexes = [
            models.Index(fields=["area", "day"], name="delivery_area_day"),
            models.Index(fields=["site", "day", "item"], name="delivery_site_day"),
        ]

    def __str__(self) -> str:
        return f"{self.room.number} {self.get_item_display()} ×{self.quantity}"


class Signed(models.Model):
    """Two people stand for it: who did it, and another who saw it."""

    signed_at = models.DateTimeField(_("Signed at"), default=now, editable=False)
    signed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Signed by"), related_name="+"
    )
    countersigned_at = models.DateTimeField(_("Countersigned at"), null=True, editable=False)
    countersigned_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Countersigned by"), related_name="+"
    )

    class Meta:
        abstract = True

    @staticmethod
    def two_people(name: str) -> list[models.CheckConstraint]:
        """The database's half: a second signature has a time, and is not the first one's."""
        return [
            models.CheckConstraint(
                condition=Q(countersigned_at=None, countersigned_by=None)
                | Q(countersigned_at__isnull=False, countersigned_by__isnull=False),
                name=f"{name}_countersigned_some_time",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None) | Q(signed_by=None) | ~Q(countersigned_by=F("signed_by")),
                name=f"{name}_two_people",
            ),
        ]


class Disinfection(Attached, Signed, Record):
    """What was disinfected, with how much chlorine for how long. A final one makes the room ready again."""

    class Kind(models.TextChoices):
        SURFACE = "SURFACE", _("Surfaces and floors")
        AIR = "AIR", _("Air")
        VEHICLE = "VEHICLE", _("Vehicle")
        FINAL = "FINAL", _("Final disinfection of a room")

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("Site"), related_name="disinfections")
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, verbose_name=_("Room"), related_name="disinfections"
    )
    zone = models.CharField(_("Zone"), max_length=14, choices=Room.Zone.choices, default=Room.Zone.CONTAMINATED)
    where = models.CharField(_("What was disinfected"), max_length=80, blank=True)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices, default=Kind.SURFACE)
    day = models.DateField(_("Day"), default=today)
    mg_per_litre = models.PositiveIntegerField(_("Available chlorine (mg/L)"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("Minutes"), null=True, blank=True)
    enough = models.BooleanField(_("As the rule asks"), default=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Disinfection")
        verbose_name_plural = _("Disinfection log")
        constraints = Signed.two_people("disinfection")
        indexes = [
            models.Index(fields=["area", "day"], name="disinfection_area_day"),
            models.Index(fields=["site", "day", "zone"], name="disinfection_site_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.where or self.room or self.get_zone_display()}"


class WasteBatch(Attached, Signed, Record):
    """Waste of a site on a day, treated and handed over as medical waste: weighed, bagged, signed twice."""

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("Site"), related_name="waste")
    number = models.CharField(_("Number"), max_length=20)
    day = models.DateField(_("Day"), default=today)
    bags = models.PositiveIntegerField(_("Bags"), validators=[MinValueValidator(1)])
    weight_kg = models.DecimalField(_("Weight (kg)"), max_digits=7, decimal_places=1, validators=[MinValueValidator(0)])
    mg_per_litre = models.PositiveIntegerField(_("Available chlorine (mg/L)"))
    minutes = models.PositiveIntegerField(_("Minutes"))
    enough = models.BooleanField(_("As the rule asks"), default=True, editable=False)
    carrier = models.CharField(_("Handed over to"), max_length=80, blank=True)
    handed_at = models.DateTimeField(_("Handed over at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Waste batch")
        verbose_name_plural = _("Waste log")
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="waste_number_once"),
            *Signed.two_people("waste"),
        ]
        indexes = [models.Index(fields=["area", "day"], name="waste_area_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.weight_kg} kg"
