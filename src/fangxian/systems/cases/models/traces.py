"""Questions to the visit log: who asked why, what came of it, and who let it pass."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.cases.models.events import Case


class TraceRequest(Record):
    """A question to the visit log about cases: who asked, what for, how many persons came out, who agreed.

    The names stand in the `TraceResult`, which is deleted when its time is up; that and why it was asked stays.
    """

    class Purpose(models.TextChoices):
        FIND_CONTACTS = "FIND_CONTACTS", _("Find the contacts")
        FIND_SOURCE = "FIND_SOURCE", _("Find the source")
        VERIFY_STATEMENT = "VERIFY_STATEMENT", _("Verify what the case told")
        REVIEW_CONTACT = "REVIEW_CONTACT", _("Review one contact")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Asked")
        RUNNING = "RUNNING", _("Running")
        WAITING = "WAITING", _("Waiting for a second person")
        RELEASED = "RELEASED", _("Names released")
        REFUSED = "REFUSED", _("Second person refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        FAILED = "FAILED", _("Failed")
        EXPIRED = "EXPIRED", _("Expired")

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Case"), related_name="traces")
    cases = models.PositiveIntegerField(_("Cases"), default=1, editable=False)
    purpose = models.CharField(_("What for"), max_length=20, choices=Purpose.choices)
    reason = models.CharField(_("Reason"), max_length=200)
    question = models.JSONField(_("Question"), default=dict, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ASKED, editable=False)
    persons = models.PositiveIntegerField(_("Persons found"), null=True, blank=True, editable=False)
    most_alone = models.PositiveIntegerField(_("Second person from"), default=0, editable=False)
    summary = models.JSONField(_("Counts"), default=dict, editable=False)
    asked_by = models.ForeignKey(Officer, models.PROTECT, editable=False, verbose_name=_("Asked by"), related_name="+")
    asked_at = models.DateTimeField(_("Asked at"), editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Second person"),
        related_name="+",
    )  # fmt: skip
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True, editable=False)
    decision = models.CharField(_("Why it was decided so"), max_length=200, blank=True, editable=False)
    expires_at = models.DateTimeField(_("Result kept until"), editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Trace request")
        verbose_name_plural = _("Trace requests")
        indexes = [
            models.Index(fields=["area", "state"], name="trace_area_state"),
            models.Index(fields=["state", "expires_at"], name="trace_expires"),
            models.Index(fields=["asked_by", "asked_at"], name="trace_asked"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="trace_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False, asked_by__isnull=False), name="trace_asked_by_someone"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")), name="trace_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.get_purpose_display()}"


class TraceResult(models.Model):
    """What a trace found, as long as it is kept; encrypted, because it says who was where."""

    request = models.OneToOneField(TraceRequest, models.CASCADE, primary_key=True, related_name="result")
    found = EncryptedTextField(mask="text")

    class Meta:
        verbose_name = _("Result of a trace")
        verbose_name_plural = _("Results of traces")

    def __str__(self) -> str:
        return str(self.request_id)
