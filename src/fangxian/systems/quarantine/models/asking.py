"""What guests ask for, until it is answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.quarantine.models.sites import Room, Site
from fangxian.systems.quarantine.models.stays import Stay


class GuestRequest(Record):
    """Somebody in a room needs something: medicine, a doctor, a repair. Until when follows from its category."""

    class Category(models.TextChoices):
        MEDICAL = "MEDICAL", _("Unwell: a doctor")
        MEDICINE = "MEDICINE", _("Medicine")
        FOOD = "FOOD", _("Meals")
        DAILY = "DAILY", _("Daily goods")
        COMFORT = "COMFORT", _("Psychological support")
        REPAIR = "REPAIR", _("Repair")
        COMPLAINT = "COMPLAINT", _("Complaint or appeal")
        OTHER = "OTHER", _("Other")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        ANSWERED = "ANSWERED", _("Guest has the answer")
        DECLINED = "DECLINED", _("Declined with a reason")

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("Site"), related_name="requests")
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, verbose_name=_("Room"), related_name="requests"
    )
    stay = models.ForeignKey(Stay, models.PROTECT, verbose_name=_("Quarantine stay"), related_name="requests")
    category = models.CharField(_("Category"), max_length=10, choices=Category.choices)
    text = models.CharField(_("What is asked for"), max_length=300)
    by_guest = models.BooleanField(_("Entered by the guest"), default=False, editable=False)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.OPEN, editable=False)
    asked_at = models.DateTimeField(_("Asked at"), default=now, editable=False)
    due_at = models.DateTimeField(_("Due"), editable=False)
    answer = models.CharField(_("Answer given"), max_length=300, blank=True, editable=False)
    answered_at = models.DateTimeField(_("Answer given at"), null=True, editable=False)
    answered_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Answered by"), related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Guest request")
        verbose_name_plural = _("Guest requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="OPEN", answered_at=None, answered_by=None)
                | Q(~Q(state="OPEN"), answered_at__isnull=False, answered_by__isnull=False),
                name="request_answered_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="request_area_state"),
            models.Index(fields=["site", "state", "due_at"], name="request_site_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.text}"
