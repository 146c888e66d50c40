"""The closed loop of one person: stages, tests and the chain of hand-overs, by one version of a pack."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.records import Record
from fangxian.systems.arrivals.words import LoopState
from fangxian.systems.people.models import Person


class Loop(Record):
    """A plan that is being carried out. The chain is read and written as one; what lists ask for stands beside it.

    stages  [{place, from, until, rule}], days
    tests   [{stage, day, on, rule}]
    links   [{kind, place, starts_at, due_at, done_at, missed_at}], moments; see `links.py`
    """

    scope_fields = ("area", "present_area")

    State = LoopState

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="loops")
    present_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Present area"), related_name="+"
    )
    subject_id = models.UUIDField(_("Because of"))
    disease = models.CharField(_("Disease"), max_length=32)
    rule = models.CharField(_("Rule"), max_length=80)
    because = models.JSONField(_("Evidence"), default=dict, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120)
    pack_on = models.DateField(_("Rules of"))
    opened_at = models.DateTimeField(_("Loop begun at"))
    begins_on = models.DateField(_("From"))
    ends_on = models.DateField(_("Until"))
    stages = models.JSONField(_("Stages"), default=list, blank=True)
    tests = models.JSONField(_("Tests"), default=list, blank=True)
    links = models.JSONField(_("Chain of the loop"), default=list, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.OPEN)
    next_kind = models.CharField(_("Next link"), max_length=12, blank=True)
    next_due_at = models.DateTimeField(_("Next link due"), null=True, blank=True)
    missed = models.PositiveSmallIntegerField(_("Missed links"), default=0)
    days_owed = models.PositiveSmallIntegerField(_("Days owed"), default=0)
    days_checked = models.PositiveSmallIntegerField(_("Days checked"), default=0)
    tests_owed = models.PositiveSmallIntegerField(_("Tests owed"), default=0)
    tests_done = models.PositiveSmallIntegerField(_("Tests done"), default=0)
    gap_minutes = models.PositiveIntegerField(_("Gap (minutes)"), default=0)
    closed_at = models.DateTimeField(_("Loop ended at"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Closed loop")
        verbose_name_plural = _("Closed loops")
        constraints = [
            models.UniqueConstraint(fields=["subject_id"], condition=Q(state="OPEN"), name="one_open_loop_a_reason"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="loop_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["area", "state", "ends_on"], name="loop_area_state"),
            models.Index(fields=["present_area", "state"], name="loop_present_state"),
            models.Index(fields=["state", "next_due_at"], name="loop_state_due"),
            models.Index(fields=["subject_id"], name="loop_subject"),
            models.Index(fields=["person", "state"], name="loop_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.begins_on}–{self.ends_on}"

    @property
    def is_whole(self) -> bool:
        """Whether every day was checked, every test done and no link was late: what “completed” alone does not say."""
        return self.days_checked >= self.days_owed and self.tests_done >= self.tests_owed and not self.gap_minutes
