"""What phones sent: every entry once, and where a phone and the office had changed the same field."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer


class Submission(models.Model):
    """One entry of a phone under the id the phone made. Its content is not kept, only its fingerprint."""

    class State(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("Accepted")
        REFUSED = "REFUSED", _("Not taken")

    id = models.UUIDField(primary_key=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    kind = models.CharField(_("Kind"), max_length=40)
    state = models.CharField(_("State"), max_length=8, choices=State.choices)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("Made"))
    device_at = models.DateTimeField(_("Device time"))
    received_at = models.DateTimeField(_("Received"), default=now)
    tries = models.PositiveIntegerField(_("Tries"), default=1)
    field = models.CharField(_("Field"), max_length=40, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    area_code = CodeField(_("Area"), max_length=24, blank=True)
    target_kind = models.CharField(max_length=64, blank=True)
    target_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("Phone entry")
        verbose_name_plural = _("Phone entries")
        constraints = [
            models.CheckConstraint(condition=Q(state="ACCEPTED") | ~Q(reason=""), name="refused_entry_says_why")
        ]
        indexes = [
            models.Index(fields=["officer", "state", "received_at"], name="submission_officer_state"),
            models.Index(fields=["received_at"], name="submission_received"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class EditClash(models.Model):
    """A field a phone wanted to change that somebody else had changed since the phone read it; the stored value stays.

    Personal values are kept masked. Somebody looks at each and says what came of it.
    """

    submission = models.UUIDField(_("Phone entry"))
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    area_code = CodeField(_("Area"), max_length=24)
    target_kind = models.CharField(_("Kind of record"), max_length=64)
    target_id = models.CharField(_("Record"), max_length=40)
    field = models.CharField(_("Field"), max_length=40)
    stored = models.TextField(_("Stored"), blank=True)
    wanted = models.TextField(_("Wanted"), blank=True)
    stored_by = models.CharField(_("Stored by"), max_length=80, blank=True)
    stored_at = models.CharField(_("Stored at"), max_length=40, blank=True)
    at = models.DateTimeField(_("At"), default=now)
    settled_at = models.DateTimeField(_("Settled"), null=True)
    settled_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("What came of it"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Clash of a phone entry")
        verbose_name_plural = _("Clashes of phone entries")
        constraints = [
            models.UniqueConstraint(fields=["submission", "target_id", "field"], name="clash_once_an_entry"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="clash_settled_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["area_code", "settled_at"], name="clash_area_settled")]

    def __str__(self) -> str:
        return f"{self.target_kind} {self.field}"
