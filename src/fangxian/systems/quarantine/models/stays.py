"""A person's time in quarantine, and the checks of its mornings and evenings."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.records import Record
from fangxian.registers.behaviours import Followed
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models.sites import Room


class Stay(Followed, Record):
    """A person's time in quarantine, central or at home. The area answers for them, the present area houses them."""

    scope_fields = ("area", "present_area")

    class Place(models.TextChoices):
        CENTRAL = "CENTRAL", _("Central")
        HOME = "HOME", _("At home")

    class State(models.TextChoices):
        NO_ROOM = "NO_ROOM", _("Waiting for a room")
        BOOKED = "BOOKED", _("Booked")
        IN = "IN", _("Checked in")
        RELEASED = "RELEASED", _("Released")
        TRANSFERRED = "TRANSFERRED", _("Transferred elsewhere")
        CANCELLED = "CANCELLED", _("Cancelled")

    class Care(models.TextChoices):
        NONE = "", _("None")
        CHILD = "CHILD", _("Child")
        ELDERLY = "ELDERLY", _("Elderly person")
        PREGNANT = "PREGNANT", _("Pregnant")
        DISABLED = "DISABLED", _("Disabled")
        ILL = "ILL", _("Chronically ill")

    OPEN = (State.NO_ROOM, State.BOOKED, State.IN)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="stays")
    present_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Present area"), related_name="+"
    )
    place = models.CharField(_("Kind"), max_length=8, choices=Place.choices)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, verbose_name=_("Room"), related_name="stays")
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.BOOKED)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    planned_until = models.DateField(_("Until by the plan"), null=True, blank=True, editable=False)
    care = models.CharField(_("Needs care"), max_length=8, choices=Care.choices, blank=True, default=Care.NONE)
    companion_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Accompanies"), related_name="companions"
    )
    unit_id = models.UUIDField(_("Shares a room with"), null=True, blank=True, editable=False)
    checked_in_at = models.DateTimeField(_("Checked in at"), null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("Released at"), null=True, blank=True, editable=False)
    subject_id = models.UUIDField(_("Because of"), null=True, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Quarantine stay")
        verbose_name_plural = _("Quarantine stays")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="stay_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["subject_id", "place"],
                condition=Q(state__in=["NO_ROOM", "BOOKED", "IN"], subject_id__isnull=False),
                name="one_open_stay_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "ends_on"], name="stay_area_state"),
            models.Index(fields=["present_area", "state"], name="stay_present_state"),
            models.Index(fields=["room", "state"], name="stay_room_state"),
            models.Index(fields=["subject_id"], name="stay_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.starts_on}–{self.ends_on}"

    def followed_days(self) -> tuple[date, date] | None:
        """From the first day on, until released or the last day of the plan; nobody looks at a cancelled stay."""
        if self.state == self.State.CANCELLED:
            return None
        return self.starts_on, timezone.localdate(self.released_at) if self.released_at else self.ends_on


class DailyCheck(Record):
    """Temperature and symptoms, morning or evening. Hangs on person and day, so that one serves all reasons."""

    class Slot(models.TextChoices):
        MORNING = "AM", _("Morning")
        EVENING = "PM", _("Evening")

    class Status(models.TextChoices):
        COOPERATIVE = "COOPERATIVE", _("Seen")
        UNAVAILABLE = "UNAVAILABLE", _("Not found")
        UNCOOPERATIVE = "UNCOOPERATIVE", _("Refused")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="daily_checks")
    day = models.DateField(_("Day"))
    slot = models.CharField(_("Time of day"), max_length=2, choices=Slot.choices)
    status = models.CharField(_("Status"), max_length=14, choices=Status.choices, default=Status.COOPERATIVE)
    temperature = models.DecimalField(
        _("Temperature (°C)"), max_digits=3, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(34), MaxValueValidator(43)],
    )  # fmt: skip
    fever = models.BooleanField(_("Fever"), default=False, editable=False)
    normal = models.BooleanField(_("Normal, value not noted"), default=False, editable=False)
    by_guest = models.BooleanField(_("Entered by the guest"), default=False, editable=False)
    symptoms = models.CharField(_("Symptoms"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Daily check")
        verbose_name_plural = _("Daily checks")
        constraints = [models.UniqueConstraint(fields=["person", "day", "slot"], name="check_once_a_slot")]
        indexes = [models.Index(fields=["area", "day", "slot"], name="check_area_day")]

    def __str__(self) -> str:
        return f"{self.person} {self.day} {self.slot}"
