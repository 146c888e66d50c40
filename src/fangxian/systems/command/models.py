"""Working groups, and tasks: handed down, received, done, checked; overdue and escalated by the clock."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.core.roles import choices as role_choices
from fangxian.registers.behaviours import Attached
from fangxian.systems.people.models import Person


class WorkingGroup(Record):
    """People of several departments who work together in an area (联防联控): what they answer for, and how long."""

    class Kind(models.TextChoices):
        COORDINATION = "COORDINATION", _("Coordination")
        INVESTIGATION = "INVESTIGATION", _("Epidemiological investigation")
        TRAFFIC = "TRAFFIC", _("Traffic control")
        ISOLATION = "ISOLATION", _("Isolation")
        TESTING = "TESTING", _("Testing")
        MEDICAL = "MEDICAL", _("Treatment")
        COMMUNITY = "COMMUNITY", _("Communities and villages")
        SUPPLIES = "SUPPLIES", _("Supplies")
        PUBLICITY = "PUBLICITY", _("Publicity")
        SUPERVISION = "SUPERVISION", _("Supervision")
        OTHER = "OTHER", _("Other")

    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("Kind"), max_length=14, choices=Kind.choices, default=Kind.OTHER)
    answers_for = models.CharField(_("Answers for"), max_length=300)
    valid_from = models.DateField(_("Valid from"), default=today)
    valid_to = models.DateField(_("Over since"), null=True, blank=True, help_text=_("The first day without the group."))

    class Meta(Record.Meta):
        verbose_name = _("Working group")
        verbose_name_plural = _("Working groups")
        constraints = [
            models.UniqueConstraint(fields=["area", "name", "valid_from"], name="group_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="group_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["area", "valid_to"], name="group_area")]

    def __str__(self) -> str:
        return self.name


class GroupMember(Record):
    """That an officer belongs to a group, from a day until a day: as leader, deputy or member."""

    class Position(models.TextChoices):
        LEADER = "LEADER", _("Leader of the group")
        DEPUTY = "DEPUTY", _("Deputy leader")
        MEMBER = "MEMBER", _("Member")

    LEADING = (Position.LEADER, Position.DEPUTY)

    group = models.ForeignKey(WorkingGroup, models.PROTECT, verbose_name=_("Working group"), related_name="members")
    officer = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("Officer"), related_name="groups")
    position = models.CharField(_("Position"), max_length=8, choices=Position.choices, default=Position.MEMBER)
    duty = models.CharField(_("Duty in the group"), max_length=120, blank=True)
    valid_from = models.DateField(_("Valid from"), default=today)
    valid_to = models.DateField(_("Over since"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Member of a working group")
        verbose_name_plural = _("Members of working groups")
        constraints = [
            models.UniqueConstraint(fields=["group", "officer"], condition=Q(valid_to=None), name="group_member_once"),
            models.UniqueConstraint(
                fields=["group"], condition=Q(valid_to=None, position="LEADER"), name="group_one_leader"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="group_member_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["officer", "valid_to"], name="group_member_officer")]

    def __str__(self) -> str:
        return f"{self.officer} · {self.group}"


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
        MODE_SWITCH = "MODE_SWITCH", _("Acknowledge an operating mode")
        DIRECTIVE = "DIRECTIVE", _("Carry out a directive")
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
    group = models.ForeignKey(
        WorkingGroup, models.PROTECT, null=True, blank=True, verbose_name=_("For the group"), related_name="tasks"
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
            models.Index(fields=["group", "status"], name="task_group"),
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
