"""Who must be tested: one day's duty of a person, and the standing lists of groups."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Record
from fangxian.systems.people.models import Person


class TestDuty(Record):
    """One person must be tested on one day, by a rule."""

    __test__ = False  # the name is the field's, not a test class

    class State(models.TextChoices):
        DUE = "DUE", _("To be tested")
        DONE = "DONE", _("Done")
        MISSED = "MISSED", _("Test missed")
        CANCELLED = "CANCELLED", _("Cancelled")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="test_duties")
    disease = models.CharField(_("Disease"), max_length=40)
    due_on = models.DateField(_("Due on"))
    day = models.PositiveSmallIntegerField(_("Day of the plan"))
    stage = models.CharField(_("Stage"), max_length=16)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DUE)
    subject_id = models.UUIDField(_("Because of"), null=True, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Test due")
        verbose_name_plural = _("Tests due")
        constraints = [
            models.UniqueConstraint(fields=["person", "disease", "due_on", "subject_id"], name="test_duty_once")
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_on"], name="duty_area_state"),
            models.Index(fields=["subject_id"], name="duty_subject"),
            models.Index(fields=["person", "due_on"], name="duty_person_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.due_on}"


class TurnField(models.PositiveSmallIntegerField):
    """Which share of its group a person belongs to; follows from the person however the row is written."""

    def pre_save(self, model_instance, add):
        value = model_instance.person_id.int % GroupMember.BUCKETS
        setattr(model_instance, self.attname, value)
        return value


class GroupMember(Record):
    """One person on a standing list of people who must be tested (应检尽检). How often is the pack's word.

    `bucket` spreads the people of a group evenly over the days; it follows from the person, so a list entered twice
    asks for the same days.
    """

    BUCKETS = 420  # divisible by 2 to 7: whichever share of a group the pack asks for each day, it is an even one

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="must_test")
    group = models.CharField(_("Must-test group"), max_length=32)
    reason = models.CharField(_("Why on the list"), max_length=120, blank=True)
    from_on = models.DateField(_("On the list from"), null=True, blank=True)
    until_on = models.DateField(_("On the list until"), null=True, blank=True)
    bucket = TurnField(default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Must-test entry")
        verbose_name_plural = _("Must-test list")
        constraints = [
            models.UniqueConstraint(fields=["person", "group"], name="must_test_once_a_group"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="must_test_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "group"], name="must_test_area_group"),
            models.Index(fields=["group", "bucket"], name="must_test_bucket"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.group}"
