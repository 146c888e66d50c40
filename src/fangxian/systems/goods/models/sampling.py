"""Samples of goods, by ranges of pieces, and what was found."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.goods.models.consignments import Lot
from fangxian.systems.goods.words import Finding, Surface


class GoodsTest(Attached, Record):
    """Pieces of a lot that were sampled together, and how many samples were positive; ordered before they are taken."""

    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("Lot of goods"), related_name="tests")
    surface = models.CharField(_("Sample from"), max_length=6, choices=Surface.choices, default=Surface.OUTER)
    first_piece = models.PositiveIntegerField(_("First piece"), validators=[MinValueValidator(1)])
    last_piece = models.PositiveIntegerField(_("Last piece"), validators=[MinValueValidator(1)])
    samples = models.PositiveIntegerField(_("Samples"), validators=[MinValueValidator(1)])
    positives = models.PositiveIntegerField(_("Positive samples"), default=0)
    positive_pieces = models.CharField(_("Positive pieces"), max_length=200, blank=True)
    finding = models.CharField(_("Finding of the test"), max_length=8, choices=Finding.choices, default=Finding.PENDING)
    sampled_at = models.DateTimeField(_("Sampled"), null=True, blank=True)
    reported_at = models.DateTimeField(_("Reported"), null=True, editable=False)
    correction = models.CharField(_("Why it was taken back"), max_length=200, blank=True, editable=False)
    laboratory = models.CharField(_("Laboratory"), max_length=80, blank=True)
    subject_id = models.UUIDField(_("Because of"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Test of goods")
        verbose_name_plural = _("Tests of goods")
        constraints = [
            models.CheckConstraint(condition=Q(last_piece__gte=F("first_piece")), name="goods_test_range"),
            models.CheckConstraint(condition=Q(positives__lte=F("samples")), name="goods_test_positives"),
            models.UniqueConstraint(
                fields=["lot", "subject_id"], condition=Q(subject_id__isnull=False), name="goods_test_ordered_once"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "finding", "sampled_at"], name="goods_test_finding"),
            models.Index(fields=["lot", "finding"], name="goods_test_lot"),
        ]

    def __str__(self) -> str:
        return f"{self.lot} {self.first_piece}–{self.last_piece}"
