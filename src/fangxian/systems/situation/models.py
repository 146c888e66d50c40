"""What the board keeps: how many rows each figure counts in each cell, what stood when a day closed, how far it read.

None of this is a record: every number here can be counted again from the rows (`counting.py`), and is, every night.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import CodeField
from fangxian.systems.situation.reporting_models import Assessment, IssuedReport

__all__ = ["Assessment", "ClosedDay", "Count", "DayCount", "IssuedReport", "Mark"]


class Count(models.Model):
    """How many rows a figure counts in one cell: a village, or the area above it a row is kept in. No row: none."""

    figure = CodeField(_("Figure"), max_length=40)
    cell = CodeField(_("Area"), max_length=24)
    value = models.PositiveIntegerField(_("Rows counted"))

    class Meta:
        verbose_name = _("Kept count")
        verbose_name_plural = _("Kept counts")
        constraints = [models.UniqueConstraint(fields=["cell", "figure"], name="count_once")]

    def __str__(self) -> str:
        return f"{self.cell} {self.figure} {self.value}"


class DayCount(models.Model):
    """What a figure counted in one cell when a day closed, with the rows where they are kept (16 bytes an id)."""

    day = models.DateField(_("Day"))
    figure = CodeField(_("Figure"), max_length=40)
    cell = CodeField(_("Area"), max_length=24)
    value = models.PositiveIntegerField(_("Rows counted"))
    ids = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("Count of a day")
        verbose_name_plural = _("Counts of days")
        constraints = [models.UniqueConstraint(fields=["day", "cell", "figure"], name="day_count_once")]
        indexes = [models.Index(fields=["day", "figure", "cell"], name="day_count_figure")]

    def __str__(self) -> str:
        return f"{self.day} {self.cell} {self.figure} {self.value}"


class ClosedDay(models.Model):
    """A day whose counts stand: until when its figures count, and the moment the rows were read."""

    day = models.DateField(_("Day"), primary_key=True)
    closed_at = models.DateTimeField(_("Put down"))

    class Meta:
        verbose_name = _("Closed day")
        verbose_name_plural = _("Closed days")

    def __str__(self) -> str:
        return f"{self.day}"


class Mark(models.Model):
    """How far the counts have followed the audit (one row): its last act they know, the moment and the day they show.

    Written by compare and swap on `turn`: of two who count at the same time, the later one's counts are thrown away.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    turn = models.PositiveBigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField(_("As of"), null=True)
    day = models.DateField(_("Day"), null=True)
    catalogue = models.CharField(max_length=16, blank=True)
    drift = models.PositiveIntegerField(_("Drift"), null=True)
    compared_at = models.DateTimeField(_("Compared"), null=True)

    class Meta:
        verbose_name = _("State of the counts")
        verbose_name_plural = _("State of the counts")

    def __str__(self) -> str:
        return f"{self.seq} {self.at}"
