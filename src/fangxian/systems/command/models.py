"""A task: handed down, received, done, checked; overdue and escalated by the clock."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.core.roles import choices as role_choices
from fangxian.registers.behaviours import Attached
from fangxian.systems.people.models import Person


class Task(Attached, Record):
    """One thing to do, for a role in an area or for a named officer.

    `title` and `instructions` are message ids when a workflow wrote them: they are shown in the reader's language,
    filled from `params`. What a person typed has no params and is shown as typed.
    """

    scope_fields = ("area", "from_area")

    class Kind(models.TextChoices):
        CASE_REPORT = "CASE_REPORT", _("Report a case")
        CASE_INVESTIGATION = "CASE_INVESTIGATION", _("Investigate a case")
        CONTACT_FOLLOW_UP = "CONTACT_FOLLOW_UP", _("Follow up a contact")
        CONTACT_TRANSFER = "CONTACT_TRANSFER", _("Move a contact to quarantine")
        SAMPLE_COLLECTION = "SAMPLE_COLLECTION", _("Collect a sample")
        LETTER_OF_ASSISTANCE = "LETTER_OF_ASSISTANCE", _("Answer a letter of assistance")
        ROOM_SHORTFALL = "ROOM_SHORTFALL", _("Find quarantine rooms")
        RESULT_CONFLICT = "RESULT_CONFLICT", _("Decide contradictory results")
        RECTIFICATION = "RECTIFICATION", _("Rectify a finding")
        GENERAL = "GENERAL", _("Other task")

    class Status(models.TextChoices):
        PENDING = "PENDING", _("Handed down")
        IN_PROGRESS = "IN_PROGRESS", _("Received")
        DONE = "DONE", _("Done")
        CHECKED = "CHECKED", _("Checked")
        REMOVED = "REMOVED", _("Withdrawn")
        NOT_EXECUTABLE = "NOT_EXECUTABLE", _("Cannot be done")

    class Priority(models.TextChoices):
        HIGH = "HIGH", _("High")
        NORMAL = "NORMAL", _("Normal")
        LOW = "LOW", _("Low")

    OPEN = (Status.PENDING, Status.IN_PROGRESS)

    key = models.CharField(_("Key"), max_length=120, null=True, blank=True, unique=True, editable=False)
    kind = models.CharField(_("Kind"), max_length=24, choices=Kind.choices, default=Kind.GENERAL)
    title = models.CharField(_("Title"), max_length=200)
    instructions = models.TextField(_("What to do"), blank=True)
    params = models.JSONField(default=dict, blank=True, editable=False)
    address = EncryptedTextField(_("Address"), mask="address")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person"), related_name="tasks"
    )
    subject_kind = models.CharField(_("About (kind)"), max_length=40, blank=True, editable=False)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)
    from_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Handed down by"), related_name="+"
    )
    role = models.CharField(_("For the role"), max_length=24, choices=role_choices, blank=True)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("For the officer"), related_name="tasks"
    )
    priority = models.CharField(_("Priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    status = models.CharField(_("Status"), max_length=14, choices=Status.choices, default=Status.PENDING)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    received_at = models.DateTimeField(_("Received at"), null=True, blank=True, editable=False)
    received_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    done_at = models.DateTimeField(_("Done at"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    checked_at = models.DateTimeField(_("Checked at"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    escalated_at = models.DateTimeField(_("Escalated at"), null=True, blank=True, editable=False)
    outcome = models.TextField(_("Outcome"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Task")
        verbose_name_plural = _("Tasks")
        indexes = [
            models.Index(fields=["area", "status", "due_at"], name="task_area_status"),
            models.Index(fields=["officer", "status"], name="task_officer"),
            models.Index(fields=["role", "area", "status"], name="task_role_area"),
            models.Index(fields=["subject_kind", "subject_id"], name="task_subject"),
            models.Index(fields=["status", "due_at"], name="task_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="task_received_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="task_checked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title_text

    @property
    def title_text(self) -> str:
        """The title in the reader's language."""
        return gettext(self.title) % self.params if self.params else self.title

    @property
    def instructions_text(self) -> str:
        """The instructions in the reader's language."""
        return gettext(self.instructions) % self.params if self.params and self.instructions else self.instructions
