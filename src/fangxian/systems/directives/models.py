"""Meetings and what they resolved, directives, what became of them at every unit, and reports up."""

from datetime import timedelta

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import DAY, now, shown
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.command.models import Task, WorkingGroup
from fangxian.systems.directives import words


def _by_someone(stamp: str, condition_name: str) -> models.CheckConstraint:
    """A time has whoever it was, and the other way round."""
    nobody = Q(**{f"{stamp}_at": None, f"{stamp}_by": None})
    somebody = Q(**{f"{stamp}_at__isnull": False, f"{stamp}_by__isnull": False})
    return models.CheckConstraint(condition=nobody | somebody, name=condition_name)


class Meeting(Attached, Record):
    """One meeting of a command: numbered in its series, with the upper meeting whose words it passes on."""

    title = models.CharField(_("Series of meetings"), max_length=80)
    number = models.PositiveSmallIntegerField(_("Which one"), validators=[MinValueValidator(1)])
    kind = models.CharField(_("Kind of meeting"), max_length=14, choices=words.MeetingKind.choices,
                            default=words.MeetingKind.SPECIAL)  # fmt: skip
    form = models.CharField(_("Way of meeting"), max_length=10, choices=words.MeetingForm.choices,
                            default=words.MeetingForm.ON_SITE)  # fmt: skip
    held_at = models.DateTimeField(_("Held at"), default=now)
    place = models.CharField(_("Place of the meeting"), max_length=120, blank=True)
    chair = models.CharField(_("Chaired by"), max_length=40)
    attendees = models.TextField(_("Who attended"), blank=True, help_text=_("One unit or person a line."))
    passes_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Passes on the meeting"),
        related_name="passed_on_by",
    )  # fmt: skip
    upper = models.CharField(_("Upper meeting not on record here"), max_length=160, blank=True)
    minutes = models.TextField(_("Minutes"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Meeting")
        verbose_name_plural = _("Meetings")
        constraints = [models.UniqueConstraint(fields=["area", "title", "number"], name="meeting_numbered_once")]
        indexes = [models.Index(fields=["area", "held_at"], name="meeting_area_held")]

    def __str__(self) -> str:
        return _("%(title)s, no. %(number)s") % {"title": self.title, "number": self.number}


class Directive(Attached, Record):
    """What a command wants done: by whom, until when, because of what, towards which goal."""

    number = models.CharField(_("Number of the document"), max_length=40, blank=True)
    title = models.CharField(_("Title"), max_length=160)
    text = models.TextField(_("What has to be done"))
    basis = models.CharField(_("Rests on"), max_length=8, choices=words.Basis.choices, default=words.Basis.OWN)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, verbose_name=_("Resolved by"),
                                related_name="directives")  # fmt: skip
    measure_id = models.UUIDField(_("Measure of a bulletin"), null=True, blank=True, editable=False)
    basis_text = models.CharField(_("Words it rests on"), max_length=300, blank=True)
    requirement = models.CharField(_("Requirement area"), max_length=24, blank=True)
    depth = models.CharField(_("Goes down to"), max_length=8, choices=words.Depth.choices, default=words.Depth.VILLAGE)
    goal = models.CharField(_("Goal"), max_length=200, blank=True)
    goal_at = models.DateTimeField(_("Goal reached by"), null=True, blank=True)
    due_at = models.DateTimeField(_("Answer due"), null=True, blank=True)
    priority = models.CharField(_("Priority"), max_length=8, choices=Task.Priority.choices,
                                default=Task.Priority.NORMAL)  # fmt: skip
    needs_evidence = models.BooleanField(_("Evidence wanted"), default=False)
    meant_for = models.JSONField(_("Meant for"), default=dict, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=9, choices=words.DirectiveState.choices,
                             default=words.DirectiveState.RESOLVED, editable=False)  # fmt: skip
    revision = models.PositiveSmallIntegerField(_("Wording"), default=1, editable=False)
    correction = models.CharField(_("What was corrected"), max_length=300, blank=True, editable=False)
    issued_at = models.DateTimeField(_("Handed down at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("Ended at"), null=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=300, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Directive")
        verbose_name_plural = _("Directives")
        constraints = [
            models.UniqueConstraint(
                fields=["measure_id"], condition=~Q(state="WITHDRAWN"), name="directive_once_a_measure"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["RESOLVED", "WITHDRAWN"]) | Q(issued_at__isnull=False, due_at__isnull=False),
                name="directive_issued_with_a_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="directive_area_state"),
            models.Index(fields=["meeting"], name="directive_meeting"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def left(self) -> timedelta | None:
        """What is left until the goal, less than nothing when it has passed; None without one."""
        return self.goal_at - now() if self.goal_at else None


class Handing(Attached, Record):
    """One directive at one unit: when it was received, how it was deployed, answered and checked.

    Both areas see the row. `parent` is the same directive at the unit it came from; `leader` and `deputy` are the two
    named leaders (主要领导、分管同志) who answer for it there. A number of the directive's wording says which was read.
    """

    scope_fields = ("area", "from_area")
    OPEN = (words.HandingState.HANDED, words.HandingState.RECEIVED, words.HandingState.DEPLOYED,
            words.HandingState.RETURNED)  # fmt: skip
    ANSWERED = (words.HandingState.ANSWERED, words.HandingState.CHECKED)

    directive = models.ForeignKey(Directive, models.PROTECT, verbose_name=_("Directive"), related_name="handings")
    parent = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="children")
    from_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Handed down by"), related_name="+")
    group = models.ForeignKey(WorkingGroup, models.PROTECT, null=True, blank=True, verbose_name=_("Working group"),
                              related_name="+")  # fmt: skip
    state = models.CharField(_("State"), max_length=9, choices=words.HandingState.choices,
                             default=words.HandingState.HANDED)  # fmt: skip
    receive_by = models.DateTimeField(_("Receive by"))
    due_at = models.DateTimeField(_("Answer due"))
    leader = models.CharField(_("Leader who answers for it"), max_length=40, blank=True)
    deputy = models.CharField(_("Leader in charge"), max_length=40, blank=True)
    revision_seen = models.PositiveSmallIntegerField(_("Wording read"), default=0)
    handed_at = models.DateTimeField(_("Handed down at"), default=now)
    received_at = models.DateTimeField(_("Received at"), null=True, blank=True)
    received_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    deployed_at = models.DateTimeField(_("Deployed at"), null=True, blank=True)
    deployed_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    deployment = models.TextField(_("Own deployment"), blank=True)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, verbose_name=_("Deployed by the meeting"), related_name="+"
    )
    answered_at = models.DateTimeField(_("Answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    outcome = models.CharField(_("Outcome"), max_length=8, choices=words.Outcome.choices, blank=True)
    answer = models.TextField(_("Answer"), blank=True)
    shortfall = models.CharField(_("Why without all units below"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("Checked at"), null=True, blank=True)
    checked_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    looked_again_at = models.DateTimeField(_("Looked at again"), null=True, blank=True, editable=False)
    returned_at = models.DateTimeField(_("Sent back at"), null=True, blank=True)
    returns = models.PositiveSmallIntegerField(_("Times sent back"), default=0)
    reminded_at = models.DateTimeField(_("Reminded at"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    pack = models.CharField(max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Directive at a unit")
        verbose_name_plural = _("Directives at the units")
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "area"],
                condition=Q(group=None) & ~Q(state="WITHDRAWN"),
                name="handing_once_a_unit",
            ),
            models.UniqueConstraint(
                fields=["directive", "group"], condition=~Q(state="WITHDRAWN"), name="handing_once_a_group"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("receive_by")), name="handing_received_before_due"),
            _by_someone("received", "handing_received_by_someone"),
            _by_someone("deployed", "handing_deployed_by_someone"),
            _by_someone("answered", "handing_answered_by_someone"),
            _by_someone("checked", "handing_checked_by_someone"),
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="handing_area_state"),
            models.Index(fields=["from_area", "state"], name="handing_from_state"),
            models.Index(fields=["directive", "state"], name="handing_directive_state"),
            models.Index(fields=["parent", "state"], name="handing_parent_state"),
        ]

    def __str__(self) -> str:
        return f"{self.group or self.area} · {self.directive}"

    @property
    def is_outdated(self) -> bool:
        """Whether the directive was corrected after the unit read it."""
        return self.state in self.OPEN and 0 < self.revision_seen < self.directive.revision

    @property
    def late(self) -> str:
        """Which clock has run out now: `receive`, `answer`, or none."""
        if self.state == words.HandingState.HANDED and self.receive_by < now():
            return "receive"
        return "answer" if self.state in self.OPEN and self.due_at < now() else ""


class Report(Record):
    """What a unit reports up for a period: figures counted from the rows, words where words are needed."""

    scope_fields = ("area", "to_area")

    to_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Reported to"), related_name="+")
    group = models.ForeignKey(WorkingGroup, models.PROTECT, null=True, blank=True, verbose_name=_("Working group"),
                              related_name="+")  # fmt: skip
    period = models.CharField(_("Period"), max_length=7, choices=words.Period.choices, default=words.Period.REGULAR)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    due_at = models.DateTimeField(_("Report due"))
    figures = models.JSONField(_("Figures"), default=dict, blank=True)
    remarks = models.TextField(_("Remarks"), blank=True)
    reported_at = models.DateTimeField(_("Sent up at"), default=now)
    noted_at = models.DateTimeField(_("Noted at"), null=True, blank=True)
    noted_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta(Record.Meta):
        verbose_name = _("Report up")
        verbose_name_plural = _("Reports up")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "period", "starts_at"], condition=Q(group=None), name="report_once_a_period"
            ),
            models.UniqueConstraint(fields=["group", "period", "starts_at"], name="report_once_a_group"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="report_ends_after_it_begins"),
            _by_someone("noted", "report_noted_by_someone"),
        ]
        indexes = [models.Index(fields=["to_area", "starts_at"], name="report_to_starts")]

    def __str__(self) -> str:
        return f"{self.group or self.area} · {self.get_period_display()} {shown(self.starts_at, DAY)}"

    @property
    def is_late(self) -> bool:
        """Whether it came after its time."""
        return self.reported_at > self.due_at
