"""A finding (问题): what an inspection found wrong, until it is mended and looked at again."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.core.roles import TownshipOfficer
from fangxian.core.roles import choices as role_choices
from fangxian.registers.behaviours import Attached
from fangxian.systems.command.models import Task


class Finding(Attached, Record):
    """One thing that is not as it has to be. Mending it is a task; the finding's state follows that task's."""

    class Severity(models.TextChoices):
        MINOR = "MINOR", _("Minor")
        MAJOR = "MAJOR", _("Major")
        CRITICAL = "CRITICAL", _("Critical")

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be rectified")
        RECTIFIED = "RECTIFIED", _("Rectified, to be re-checked")
        CLOSED = "CLOSED", _("Re-checked and closed")
        IMPOSSIBLE = "IMPOSSIBLE", _("Cannot be rectified")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    where = models.CharField(_("Where"), max_length=120)
    what = models.CharField(_("What was found"), max_length=200, validators=[MinLengthValidator(4)])
    basis = models.CharField(_("Required by"), max_length=160, blank=True)
    severity = models.CharField(_("Severity"), max_length=8, choices=Severity.choices, default=Severity.MINOR)
    found_on = models.DateField(_("Found on"), default=today)
    role = models.CharField(_("To be rectified by"), max_length=24, choices=role_choices, default=TownshipOfficer.key)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("By this officer"), related_name="+"
    )
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    times_reopened = models.PositiveSmallIntegerField(_("Times reopened"), default=0, editable=False)
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True, editable=False)
    subject_kind = models.CharField(_("About (kind)"), max_length=40, blank=True, editable=False)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)
    task = models.OneToOneField(
        Task, models.PROTECT, null=True, editable=False, verbose_name=_("Task"), related_name="finding"
    )

    class Meta(Record.Meta):
        verbose_name = _("Finding")
        verbose_name_plural = _("Findings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="CLOSED", closed_at__isnull=False)
                | (~models.Q(state="CLOSED") & models.Q(closed_at=None)),
                name="finding_closed_at_some_time",
            )
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="finding_area_state"),
            models.Index(fields=["subject_kind", "subject_id"], name="finding_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
