"""Gatherings (聚集性活动): given notice of, judged by the rules, decided, looked at on the day."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.community.words import (
    ApprovalLevel,
    GatheringDecision,
    GatheringKind,
    GatheringState,
    ReportWay,
    SecondLook,
)


class Gathering(Attached, Record):
    """One gathering. Who decides (`level`) follows from kind, size, place and day by the pack, and is never typed."""

    AHEAD = (GatheringState.WAITING, GatheringState.APPROVED, GatheringState.REVIEW)
    UNDECIDED = (GatheringState.WAITING, GatheringState.REVIEW)

    code_index = models.CharField(max_length=64, null=True, unique=True, editable=False)
    name = models.CharField(_("What it is"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=12, choices=GatheringKind.choices)
    place = models.CharField(_("Place"), max_length=120)
    starts_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("Ends"))
    expected = models.PositiveIntegerField(_("Persons expected"), validators=[MinValueValidator(1)])
    coming_from = models.CharField(
        _("Guests from elsewhere"),
        max_length=120,
        blank=True,
        help_text=_("From which cities or counties; empty for none."),
    )
    measures = models.CharField(_("Measures taken"), max_length=400, blank=True)
    responsible = models.CharField(_("Responsible person"), max_length=60)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    way = models.CharField(_("Told"), max_length=8, choices=ReportWay.choices, default=ReportWay.DESK, editable=False)
    announced = models.BooleanField(_("With notice"), default=True, editable=False)
    noticed_at = models.DateTimeField(_("Notice given at"), default=now, editable=False)
    is_late = models.BooleanField(_("Notice too late"), default=False, editable=False)
    level = models.CharField(
        _("Who decides"), max_length=10, choices=ApprovalLevel.choices, default=ApprovalLevel.NOBODY, editable=False
    )
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    decide_by = models.DateTimeField(_("To be decided by"), null=True, editable=False)
    state = models.CharField(
        _("State"), max_length=10, choices=GatheringState.choices, default=GatheringState.WAITING,
        editable=False,
    )  # fmt: skip
    decision = models.CharField(
        _("Decision"), max_length=10, choices=GatheringDecision.choices, blank=True, editable=False
    )
    granted_under = models.CharField(
        _("Approved under"), max_length=10, choices=ApprovalLevel.choices, blank=True, editable=False
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Decided by"), related_name="+"
    )
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)
    conditions = models.CharField(_("Conditions of the approval"), max_length=400, blank=True, editable=False)
    cause = models.CharField(
        _("Looked at again because"), max_length=10, choices=SecondLook.choices, blank=True, editable=False
    )
    came = models.PositiveIntegerField(_("Persons who came"), null=True, editable=False)
    not_kept = models.JSONField(_("Measures not kept"), default=list, blank=True, editable=False)
    seen = models.CharField(_("What was seen"), max_length=400, blank=True, editable=False)
    checked_at = models.DateTimeField(_("Looked at on the day"), null=True, editable=False)
    checked_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Looked at by"), related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Public gathering")
        verbose_name_plural = _("Public gatherings")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="gathering_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(checked_at=None, checked_by=None) | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="gathering_checked_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(decision="APPROVED", decided_at__isnull=False),
                name="gathering_approved_by_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | (Q(decision="REFUSED") & ~Q(reason="")),
                name="gathering_refused_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "starts_at"], name="gathering_area_state"),
            models.Index(fields=["area", "starts_at"], name="gathering_area_begins"),
            models.Index(fields=["state", "ends_at"], name="gathering_ahead"),
        ]

    def __str__(self) -> str:
        return self.name
