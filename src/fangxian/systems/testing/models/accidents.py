"""Whatever goes wrong between a swab and its result, as a row: nothing is wrong in silence."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.people.models import Person
from fangxian.systems.testing.models.batches import TubeBatch
from fangxian.systems.testing.models.results import LabResult
from fangxian.systems.testing.models.rounds import TestRound
from fangxian.systems.testing.models.tubes import Tube


class LabAccident(Record):
    """One thing that cannot be right, what was done about it at once, and whether somebody has looked into it."""

    class Kind(models.TextChoices):
        TUBE_USED_BEFORE = "TUBE_USED_BEFORE", _("Tube used before")
        TUBE_OVERFULL = "TUBE_OVERFULL", _("More samples than the tube takes")
        TUBE_LEFT = "TUBE_LEFT", _("Registered into a tube that had left")
        TUBE_HAS_RESULT = "TUBE_HAS_RESULT", _("Registered into a tube that has a result")
        TUBE_OTHER_POINT = "TUBE_OTHER_POINT", _("One barcode at two points")
        TUBE_OTHER_SIZE = "TUBE_OTHER_SIZE", _("One barcode with two sizes")
        BARCODE_DIGITS = "BARCODE_DIGITS", _("Barcode with wrong check digits")
        PERSON_UNKNOWN = "PERSON_UNKNOWN", _("Person not known")
        PERSON_IN_TWO_TUBES = "PERSON_IN_TWO_TUBES", _("Person in two open tubes")
        TWO_HOUSEHOLDS = "TWO_HOUSEHOLDS", _("Two households in a household tube")
        SAMPLED_IN_FUTURE = "SAMPLED_IN_FUTURE", _("Sampled in the future")
        SAMPLED_BEFORE_ROUND = "SAMPLED_BEFORE_ROUND", _("Sampled before the round")
        SAMPLED_AFTER_ROUND = "SAMPLED_AFTER_ROUND", _("Sampled after the round")
        REGISTERED_LATE = "REGISTERED_LATE", _("Registered after the round was closed")
        SAMPLE_MOVED = "SAMPLE_MOVED", _("Time of sampling changed after the tube had left")
        BATCH_COUNT = "BATCH_COUNT", _("Count differs at the hand-over")
        BATCH_TUBE_MISSING = "BATCH_TUBE_MISSING", _("Tube of the batch not received")
        BATCH_TUBE_EXTRA = "BATCH_TUBE_EXTRA", _("Tube received that is not in the batch")
        BATCH_TIMES = "BATCH_TIMES", _("Hand-over times in the wrong order")
        BATCH_TWICE = "BATCH_TWICE", _("Tube in two batches")
        BATCH_OTHER_LABORATORY = "BATCH_OTHER_LABORATORY", _("Batch received by another laboratory")
        TUBE_LOST = "TUBE_LOST", _("Tube lost")
        TUBE_EMPTY = "TUBE_EMPTY", _("Tube packed without a sample")
        RESULT_UNREGISTERED = "RESULT_UNREGISTERED", _("Result for a tube nobody registered")
        RESULT_EMPTY_TUBE = "RESULT_EMPTY_TUBE", _("Result for a tube without samples")
        RESULT_UNREADABLE = "RESULT_UNREADABLE", _("Result that cannot be read")
        RESULT_CONTRADICTS = "RESULT_CONTRADICTS", _("Contradictory results")
        RESULT_TWO_WAYS = "RESULT_TWO_WAYS", _("Same result by two ways")
        RESULT_BEFORE_SAMPLE = "RESULT_BEFORE_SAMPLE", _("Tested before the sample was taken")
        RESULT_BEFORE_RECEIPT = "RESULT_BEFORE_RECEIPT", _("Tested before the laboratory received the tube")
        RESULT_IN_FUTURE = "RESULT_IN_FUTURE", _("Tested in the future")
        RESULT_OTHER_LABORATORY = "RESULT_OTHER_LABORATORY", _("Result for another laboratory's tube")
        RESULT_OF_LOST_TUBE = "RESULT_OF_LOST_TUBE", _("Result for a lost tube")
        RESULT_AFTER_WITHDRAWAL = "RESULT_AFTER_WITHDRAWAL", _("Withdrawn result sent again")

    class Outcome(models.TextChoices):
        REFUSED = "REFUSED", _("Refused, not stored")
        HELD = "HELD", _("Held for a decision")
        FLAGGED = "FLAGGED", _("Taken and flagged")

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be looked into")
        CLOSED = "CLOSED", _("Looked into")

    key = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("Kind"), max_length=24, choices=Kind.choices)
    outcome = models.CharField(_("What was done"), max_length=8, choices=Outcome.choices)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.OPEN)
    barcode = CodeField(_("Barcode"), max_length=40, blank=True)
    row = models.PositiveIntegerField(_("Row"), null=True, blank=True)
    field = models.CharField(_("Field"), max_length=40, blank=True)
    said = models.JSONField(_("What was sent"), default=dict, blank=True)
    seen_at = models.DateTimeField(_("Noticed"))
    times = models.PositiveIntegerField(_("Times noticed"), default=1)
    round = models.ForeignKey(
        TestRound, models.PROTECT, null=True, blank=True, verbose_name=_("Test round"), related_name="accidents"
    )
    tube = models.ForeignKey(
        Tube, models.PROTECT, null=True, blank=True, verbose_name=_("Tube"), related_name="accidents"
    )
    batch = models.ForeignKey(
        TubeBatch, models.PROTECT, null=True, blank=True, verbose_name=_("Batch"), related_name="accidents"
    )
    result = models.ForeignKey(
        LabResult, models.PROTECT, null=True, blank=True, verbose_name=_("Result"), related_name="accidents"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person"), related_name="+"
    )
    note = models.CharField(_("What was found out"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("Looked into at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Looked into by"), related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Laboratory accident")
        verbose_name_plural = _("Laboratory accidents")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="accident_closed_by_someone",
            )
        ]
        indexes = [models.Index(fields=["area", "state", "seen_at"], name="accident_area_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.barcode}".strip()
