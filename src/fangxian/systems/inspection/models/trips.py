"""An inspection trip (督导): its route is its sheets, one a place; a self-check is a sheet without a trip."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.command.models import WorkingGroup


class Trip(Attached, Record):
    """Somebody leads a team along a route of places, announced or not."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Trip planned")
        UNDER_WAY = "UNDER_WAY", _("Under way")
        DONE = "DONE", _("Done")
        CANCELLED = "CANCELLED", _("Cancelled")

    name = models.CharField(_("Trip"), max_length=80)
    on = models.DateField(_("Day"), default=today)
    leader = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("Led by"), related_name="+")
    team = models.CharField(_("Team"), max_length=200, blank=True)
    group = models.ForeignKey(
        WorkingGroup, models.PROTECT, null=True, blank=True, verbose_name=_("Working group"), related_name="+"
    )
    is_unannounced = models.BooleanField(_("Unannounced"), default=True)
    purpose = models.CharField(_("Purpose"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    conclusion = models.CharField(_("Conclusion"), max_length=500, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Inspection trip")
        verbose_name_plural = _("Inspection trips")
        constraints = [models.UniqueConstraint(fields=["area", "name", "on"], name="trip_once")]
        indexes = [
            models.Index(fields=["area", "on"], name="trip_area_on"),
            models.Index(fields=["leader", "state"], name="trip_leader"),
        ]

    def __str__(self) -> str:
        return self.name


class Sheet(Attached, Record):
    """One checklist at one place: a stop of a trip, or a self-check; its list is the pack's."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("To be visited")
        DONE = "DONE", _("Visited")
        SKIPPED = "SKIPPED", _("Left out")

    trip = models.ForeignKey(
        Trip, models.PROTECT, null=True, blank=True, verbose_name=_("Inspection trip"), related_name="sheets"
    )
    number = models.PositiveSmallIntegerField(_("Number on the route"), default=1)
    checklist = models.CharField(_("Checklist"), max_length=40)
    where = models.CharField(_("Where"), max_length=120)
    unit = models.CharField(_("Unit"), max_length=120, blank=True)
    is_self_check = models.BooleanField(_("Self-check"), default=False)
    subject_kind = models.CharField(_("About (kind)"), max_length=40, blank=True, editable=False)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.PLANNED, editable=False)
    answers = models.JSONField(_("Answers"), default=dict, blank=True, editable=False)
    asked = models.PositiveSmallIntegerField(_("Items asked"), default=0, editable=False)
    missed = models.PositiveSmallIntegerField(_("Not as it should be"), default=0, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)
    done_at = models.DateTimeField(_("Done at"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Done by"), related_name="+"
    )
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Check sheet")
        verbose_name_plural = _("Check sheets")
        constraints = [
            models.UniqueConstraint(fields=["trip", "number"], condition=Q(trip__isnull=False), name="sheet_on_route"),
            models.CheckConstraint(
                condition=(Q(state="DONE", done_at__isnull=False, done_by__isnull=False))
                | (~Q(state="DONE") & Q(done_at=None, done_by=None)),
                name="sheet_done_by_someone",
            ),
            models.CheckConstraint(condition=~Q(state="SKIPPED", reason=""), name="sheet_left_out_with_reason"),
        ]
        indexes = [
            models.Index(fields=["area", "done_at"], name="sheet_area_done"),
            models.Index(fields=["subject_kind", "subject_id", "done_at"], name="sheet_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.where} · {self.checklist}"
