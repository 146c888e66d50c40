"""A drill (应急演练) and its lines: what was played in, what had to follow within which clock, what followed when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.drills import scenarios
from fangxian.systems.drills.words import HELD, DrillState, LineKind, LineOutcome


class Drill(Attached, Record):
    """One exercise of an area: planned, run on a copy with its own clock, evaluated, confirmed."""

    State = DrillState

    scenario = models.CharField(_("Scenario"), max_length=40, choices=scenarios.choices)
    on = models.DateField(_("Exercise date"))
    leader = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Exercise leader"), related_name="+"
    )
    purpose = models.CharField(_("What is to be practised"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PLANNED, editable=False)
    held_on = models.DateField(_("Held on"), null=True, blank=True, editable=False)
    factor = models.FloatField(_("Times as fast"), null=True, blank=True, editable=False)
    begun_at = models.DateTimeField(_("Begun (drill clock)"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("Ended (drill clock)"), null=True, blank=True, editable=False)
    copy_at = models.CharField(_("Folder of the copy"), max_length=300, blank=True, editable=False)
    copied_at = models.DateTimeField(_("Copy made at"), null=True, blank=True, editable=False)
    destroyed_at = models.DateTimeField(_("Copy destroyed at"), null=True, blank=True, editable=False)
    expected = models.PositiveSmallIntegerField(_("Reactions expected"), default=0, editable=False)
    in_time = models.PositiveSmallIntegerField(_("Reactions in time"), default=0, editable=False)
    late = models.PositiveSmallIntegerField(_("Reactions too late"), default=0, editable=False)
    missed = models.PositiveSmallIntegerField(_("Reactions not done"), default=0, editable=False)
    conclusion = models.CharField(_("Conclusion of the drill"), max_length=500, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("Evaluation confirmed at"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, editable=False,
                                     verbose_name=_("Evaluation confirmed by"), related_name="+")  # fmt: skip
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Drill")
        verbose_name_plural = _("Drills")
        constraints = [
            models.UniqueConstraint(fields=["area", "scenario", "on"], name="drill_once_a_day"),
            models.CheckConstraint(
                condition=~Q(state__in=HELD) | Q(held_on__isnull=False), name="drill_evaluated_was_held"
            ),
            models.CheckConstraint(
                condition=Q(state="CLOSED", confirmed_at__isnull=False, confirmed_by__isnull=False)
                | (~Q(state="CLOSED") & Q(confirmed_at=None, confirmed_by=None)),
                name="drill_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(copied_at__isnull=False), name="drill_destroyed_was_copied"
            ),
            models.CheckConstraint(condition=~Q(state="CANCELLED", reason=""), name="drill_cancelled_with_reason"),
        ]
        indexes = [
            models.Index(fields=["area", "held_on"], name="drill_area_held"),
            models.Index(fields=["area", "on"], name="drill_area_on"),
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.get_scenario_display()} · {self.on}"


class DrillStep(Record):
    """A line of a drill: an inject at its minute, or a reaction with the clock it has to keep and when it was seen."""

    Kind, Outcome = LineKind, LineOutcome

    drill = models.ForeignKey(Drill, models.PROTECT, verbose_name=_("Drill"), related_name="steps")
    number = models.PositiveSmallIntegerField(_("Number"))
    kind = models.CharField(_("Kind"), max_length=8, choices=LineKind.choices)
    key = models.CharField(_("Key"), max_length=40)
    title_zh = models.CharField(_("Line in Chinese"), max_length=200)
    title_en = models.CharField(_("Line in English"), max_length=200)
    minute = models.PositiveSmallIntegerField(_("Minute of the drill"), null=True, blank=True)
    rule = models.CharField(_("Clock it has to keep"), max_length=80, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("Clock began"), null=True, blank=True)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    observed_at = models.DateTimeField(_("Observed"), null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=12, choices=LineOutcome.choices, default=LineOutcome.WAITING)
    evidence = models.CharField(_("Entry of the audit that shows it"), max_length=120, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    subject_kind = models.CharField(_("About (kind)"), max_length=40, blank=True, editable=False)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Line of a drill")
        verbose_name_plural = _("Lines of drills")
        constraints = [models.UniqueConstraint(fields=["drill", "kind", "key"], name="drill_step_once")]
        indexes = [models.Index(fields=["area", "outcome"], name="drill_step_outcome")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The text in the reader's language."""
        return self.title_zh if (get_language() or "").startswith("zh") else self.title_en
