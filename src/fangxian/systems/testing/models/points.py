"""Where samples are taken and by whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import CodeField
from fangxian.core.records import Record


class SamplingPoint(Record):
    """A place where people queue to be sampled: a square, a school, the gate of a compound, a hospital."""

    class Kind(models.TextChoices):
        FIXED = "FIXED", _("Fixed point")
        ROUND = "ROUND", _("Point of a round")
        MOBILE = "MOBILE", _("Mobile team")
        HOSPITAL = "HOSPITAL", _("Hospital")
        DOOR = "DOOR", _("Sampling at the door")

    name = models.CharField(_("Name"), max_length=80)
    code = CodeField(_("Code"), max_length=24, unique=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.ROUND)
    location = models.CharField(_("Location"), max_length=120, blank=True)
    lanes = models.PositiveSmallIntegerField(_("Lanes"), default=1)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Sampling point")
        verbose_name_plural = _("Sampling points")
        indexes = [models.Index(fields=["area", "kind"], name="point_area_kind")]

    def __str__(self) -> str:
        return self.name


class SamplingTeam(Record):
    """Who works at a point: so many samplers and registrars, with a leader to call."""

    name = models.CharField(_("Name"), max_length=80)
    sampling_point = models.ForeignKey(
        SamplingPoint, models.PROTECT, verbose_name=_("Sampling point"), related_name="teams"
    )
    leader = models.CharField(_("Leader"), max_length=60, blank=True)
    samplers = models.PositiveSmallIntegerField(_("Samplers"), default=1)
    registrars = models.PositiveSmallIntegerField(_("Registrars"), default=1)

    class Meta(Record.Meta):
        verbose_name = _("Sampling team")
        verbose_name_plural = _("Sampling teams")
        constraints = [models.UniqueConstraint(fields=["sampling_point", "name"], name="team_once_a_point")]
        indexes = [models.Index(fields=["area", "name"], name="team_area_name")]

    def __str__(self) -> str:
        return self.name
