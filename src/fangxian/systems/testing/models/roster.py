"""The roster of a round and the figures kept beside it: lean rows, a million a morning.

They are not records: a row is one person in one round, made and moved by sets, and the acts behind it (registration,
result, excuse) are records with their own audit. Every move goes through `roster.py`, which keeps `RoundCount` exact.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.systems.people.models import Person
from fangxian.systems.testing.models.points import SamplingPoint
from fangxian.systems.testing.models.rounds import TestRound


class MemberState(models.IntegerChoices):
    """Where a person stands in a round."""

    MISSING = 0, _("Not tested yet")
    PENDING = 1, _("Sampled, result pending")
    NEGATIVE = 2, _("Negative")
    POSITIVE = 3, _("Positive")
    RECALL = 4, _("To be sampled singly")
    EXCUSED = 5, _("Excused")


class MissingReason(models.TextChoices):
    """Why somebody is missing or excused."""

    TESTED_LATELY = "TESTED_LATELY", _("Negative within the time the pack accepts")
    VACCINATED = "VACCINATED", _("Vaccinated within the time the pack accepts")
    MEDICAL = "MEDICAL", _("Cannot be sampled (illness, infant)")
    AWAY = "AWAY", _("Away from the area")
    ISOLATED = "ISOLATED", _("In isolation, tested there")
    HOSPITAL = "HOSPITAL", _("In hospital, tested there")
    NOT_REACHED = "NOT_REACHED", _("Could not be reached")
    REFUSED = "REFUSED", _("Refuses")
    TUBE_LOST = "TUBE_LOST", _("The tube was lost")
    OTHER = "OTHER", _("Other reason")


class RoundMember(models.Model):
    """One person in one round. Who came without being on the roster is kept with `listed` off and never counted in."""

    State = MemberState
    Reason = MissingReason

    round = models.ForeignKey(
        TestRound, models.PROTECT, to_field="number", db_column="round", db_index=False, related_name="members"
    )
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="test_rounds")
    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="+")
    group = models.CharField(max_length=32, default="", db_column="grp")
    state = models.PositiveSmallIntegerField(choices=MemberState.choices, default=MemberState.MISSING)
    reason = models.CharField(max_length=16, default="")
    tubes = models.PositiveSmallIntegerField(default=0)
    listed = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("Person in a round")
        verbose_name_plural = _("People in a round")
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="person_once_a_round")]
        indexes = [
            models.Index(fields=["round", "area"], name="member_round_area"),
            models.Index(
                fields=["round", "state", "area"], name="member_to_look_at", condition=Q(state__in=[0, 3, 4, 5])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.person_id} {self.state}"


class RoundCount(models.Model):
    """How many people of one area and group stand where in a round. Kept with every move, never counted on a page."""

    round = models.ForeignKey(TestRound, models.PROTECT, to_field="number", db_column="round", related_name="counts")
    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="+")
    group = models.CharField(max_length=32, default="", db_column="grp")
    listed = models.BooleanField(default=True)
    state = models.PositiveSmallIntegerField(choices=MemberState.choices)
    people = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("Figure of a round")
        verbose_name_plural = _("Figures of a round")
        constraints = [
            models.UniqueConstraint(fields=["round", "area", "group", "listed", "state"], name="round_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.area_id} {self.state}: {self.people}"


class RoundHour(models.Model):
    """Samples registered in a round in one hour at one point."""

    round = models.ForeignKey(TestRound, models.PROTECT, to_field="number", db_column="round", related_name="hours")
    hour = models.DateTimeField()
    sampling_point = models.ForeignKey(SamplingPoint, models.PROTECT, related_name="hours")
    samples = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("Hour of a round")
        verbose_name_plural = _("Hours of a round")
        constraints = [models.UniqueConstraint(fields=["round", "hour", "sampling_point"], name="round_hour_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.hour}: {self.samples}"
