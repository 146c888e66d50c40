"""Tubes on their way: handed over at the point, carried, counted in at the laboratory."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import CodeField
from fangxian.core.records import Record
from fangxian.systems.testing.models.points import SamplingPoint
from fangxian.systems.testing.models.rounds import TestRound


class TubeBatch(Record):
    """A box of tubes with the times and counts of each hand-over."""

    class State(models.TextChoices):
        PACKED = "PACKED", _("Packed at the point")
        ON_THE_WAY = "ON_THE_WAY", _("On the way")
        RECEIVED = "RECEIVED", _("Received complete")
        SHORT = "SHORT", _("Received with differences")

    number = CodeField(_("Batch number"), max_length=40, unique=True)
    round = models.ForeignKey(
        TestRound, models.PROTECT, null=True, blank=True, verbose_name=_("Test round"), related_name="batches"
    )
    sampling_point = models.ForeignKey(
        SamplingPoint, models.PROTECT, null=True, blank=True, verbose_name=_("Sampling point"), related_name="batches"
    )
    laboratory = models.CharField(_("Laboratory"), max_length=80)
    carrier = models.CharField(_("Carrier"), max_length=80, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PACKED)
    tubes = models.PositiveIntegerField(_("Tubes packed"), default=0)
    packed_at = models.DateTimeField(_("Packed"))
    sent_at = models.DateTimeField(_("Handed to the carrier"), null=True, blank=True)
    received_at = models.DateTimeField(_("Received"), null=True, blank=True)
    received = models.PositiveIntegerField(_("Tubes received"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Batch of tubes")
        verbose_name_plural = _("Batches of tubes")
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received__isnull=True)
                | Q(received_at__isnull=False, received__isnull=False),
                name="batch_received_with_its_count",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True)
                | Q(sent_at__isnull=True)
                | Q(received_at__gte=models.F("sent_at")),
                name="batch_received_after_it_left",
            ),
        ]
        indexes = [models.Index(fields=["area", "state"], name="batch_area_state")]

    def __str__(self) -> str:
        return self.number
