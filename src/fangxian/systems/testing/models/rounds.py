"""A round of tests: an area, a time, and everybody who has to be tested in it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Record


class TestRound(Record):
    """One round. Its roster is taken when it opens: that is what coverage is counted against."""

    __test__ = False  # the name is the field's, not a test class

    class Kind(models.TextChoices):
        REGION = "REGION", _("Region-wide round")
        DUTY = "DUTY", _("Must-test groups of a day")

    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Round planned")
        OPEN = "OPEN", _("Under way")
        CLOSED = "CLOSED", _("Round closed")

    number = models.PositiveIntegerField(_("Round number"), unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices, default=Kind.REGION)
    disease = models.CharField(_("Disease"), max_length=40)
    begins_at = models.DateTimeField(_("Begins"))
    ends_at = models.DateTimeField(_("To be finished by"))
    tube_size = models.PositiveSmallIntegerField(_("Usual tube"), default=10)
    checked_barcodes = models.BooleanField(_("Barcodes carry check digits"), default=False)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.PLANNED, editable=False)
    opened_at = models.DateTimeField(_("Opened"), null=True, editable=False)
    closed_at = models.DateTimeField(_("Round closed at"), null=True, editable=False)
    closing = models.JSONField(default=dict, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Test round")
        verbose_name_plural = _("Test rounds")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("begins_at")), name="round_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["area", "disease", "begins_at", "kind"], name="one_round_of_a_kind_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["area", "state", "begins_at"], name="round_area_state")]

    def __str__(self) -> str:
        return self.name
