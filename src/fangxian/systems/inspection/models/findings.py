"""A finding (问题): what an inspection found wrong, until it is mended and looked at again."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.core.roles import TownshipOfficer
from fangxian.core.roles import choices as role_choices
from fangxian.registers.behaviours import Attached
from fangxian.systems.command.models import Task
from fangxian.systems.inspection.models.trips import Sheet
from fangxian.systems.inspection.words import Attitude, Origin, Step, Topic


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

    UNSETTLED = (State.OPEN, State.RECTIFIED, State.IMPOSSIBLE)

    where = models.CharField(_("Where"), max_length=120)
    what = models.CharField(_("What was found"), max_length=200, validators=[MinLengthValidator(4)])
    basis = models.CharField(_("Required by"), max_length=160, blank=True)
    severity = models.CharField(_("Severity"), max_length=8, choices=Severity.choices, default=Severity.MINOR)
    topic = models.CharField(_("Topic"), max_length=12, choices=Topic.choices, default=Topic.OTHER)
    attitude = models.CharField(_("State of mind behind it"), max_length=13, choices=Attitude.choices, blank=True)
    unit = models.CharField(_("Unit"), max_length=120, blank=True)
    found_on = models.DateField(_("Found on"), default=today)
    role = models.CharField(_("To be rectified by"), max_length=24, choices=role_choices, default=TownshipOfficer.key)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("By this officer"), related_name="+"
    )
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    origin = models.CharField(
        _("Found how"), max_length=13, choices=Origin.choices, default=Origin.INSPECTION, editable=False
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    state_since = models.DateTimeField(_("In this state since"), default=now, editable=False)
    step = models.CharField(_("Step of the ladder"), max_length=10, choices=Step.choices, default=Step.OWNER,
                            editable=False)  # fmt: skip
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Repeats"), related_name="+"
    )
    times_before = models.PositiveSmallIntegerField(_("Times before"), default=0, editable=False)
    times_reopened = models.PositiveSmallIntegerField(_("Times reopened"), default=0, editable=False)
    evidence = models.CharField(_("Evidence"), max_length=500, blank=True, editable=False)
    evidence_files = models.PositiveSmallIntegerField(_("Files of evidence"), default=0, editable=False)
    mended_at = models.DateTimeField(_("Reported mended at"), null=True, blank=True, editable=False)
    mended_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, editable=False,
                                  verbose_name=_("Reported mended by"), related_name="+")  # fmt: skip
    withdrawal = models.CharField(_("Why it is to be withdrawn"), max_length=200, blank=True, editable=False)
    withdrawal_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, editable=False,
                                      verbose_name=_("Withdrawal asked for by"), related_name="+")  # fmt: skip
    settled_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, editable=False,
                                   verbose_name=_("Re-checked or withdrawn by"), related_name="+")  # fmt: skip
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True, editable=False)
    sheet = models.ForeignKey(
        Sheet, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Check sheet"),
        related_name="findings",
    )  # fmt: skip
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
                condition=Q(state="CLOSED", closed_at__isnull=False) | (~Q(state="CLOSED") & Q(closed_at=None)),
                name="finding_closed_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(task__isnull=False, due_at__isnull=False), name="finding_has_task_and_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["RECTIFIED", "CLOSED"])
                | (Q(mended_at__isnull=False, mended_by__isnull=False) & (~Q(evidence="") | Q(evidence_files__gt=0))),
                name="finding_mended_with_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | (Q(settled_by__isnull=False) & ~Q(settled_by=F("mended_by"))),
                name="finding_closed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | Q(officer=None) | ~Q(settled_by=F("officer")),
                name="finding_not_closed_by_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="WITHDRAWN")
                | (Q(settled_by__isnull=False, withdrawal_by__isnull=False) & ~Q(settled_by=F("withdrawal_by"))),
                name="finding_withdrawn_by_two",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="finding_area_state"),
            models.Index(fields=["subject_kind", "subject_id"], name="finding_subject"),
            models.Index(fields=["state", "due_at"], name="finding_due"),
            models.Index(fields=["unit", "topic"], name="finding_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
