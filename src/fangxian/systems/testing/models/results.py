"""What laboratories found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.testing.models.tubes import Tube


class LabResult(Record):
    """A laboratory's finding on one tube. Contradictions are held until two persons have decided."""

    class Value(models.TextChoices):
        NEGATIVE = "NEGATIVE", _("Negative")
        POSITIVE = "POSITIVE", _("Positive")
        INDETERMINATE = "INDETERMINATE", _("Indeterminate")

    class State(models.TextChoices):
        IN_FORCE = "IN_FORCE", _("In force")
        HELD = "HELD", _("Held: contradictory")
        REJECTED = "REJECTED", _("Rejected")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    tube = models.ForeignKey(Tube, models.PROTECT, verbose_name=_("Tube"), related_name="results")
    disease = models.CharField(_("Disease"), max_length=40)
    value = models.CharField(_("Result"), max_length=14, choices=Value.choices)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.IN_FORCE, editable=False)
    laboratory = models.CharField(_("Laboratory"), max_length=80)
    tested_at = models.DateTimeField(_("Tested"))
    reported_at = models.DateTimeField(_("Reported"), default=now, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, verbose_name=_("Corrects"), related_name="replaced_by"
    )
    first_opinion = models.CharField(_("First opinion"), max_length=10, blank=True, editable=False)
    first_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("First person"), related_name="+"
    )
    second_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Second person"), related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Laboratory result")
        verbose_name_plural = _("Laboratory results")
        constraints = [
            models.UniqueConstraint(
                fields=["tube", "disease"], condition=Q(state="IN_FORCE"), name="one_result_in_force_a_tube"
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=models.F("first_by")), name="two_different_persons"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "value", "reported_at"], name="result_area_value"),
            models.Index(fields=["area", "state"], name="result_area_state"),
        ]

    def __str__(self) -> str:
        return f"{self.tube} {self.get_value_display()}"
