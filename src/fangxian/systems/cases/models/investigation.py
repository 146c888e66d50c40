"""What an investigation writes down: the days of a case, and what each run of the response did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import shown
from fangxian.core.records import Record
from fangxian.systems.cases.models.events import Case, Precision


class TimelineEntry(Record):
    """One stretch of a case's days, as told or as found; times may be uncertain."""

    class Kind(models.TextChoices):
        SYMPTOM = "SYMPTOM", _("Symptom")
        STAY = "STAY", _("Stay")
        VISIT = "VISIT", _("Visit")
        TRAVEL = "TRAVEL", _("Travel")
        CARE = "CARE", _("Medical care")
        TEST = "TEST", _("Test")
        MEASURE = "MEASURE", _("Measure")

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Case"), related_name="timeline")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"), null=True, blank=True)
    precision = models.CharField(_("Time known"), max_length=8, choices=Precision.choices, default=Precision.EXACT)
    place_id = models.UUIDField(_("Place id"), null=True, blank=True)
    place_name = models.CharField(_("Place"), max_length=80, blank=True)
    text = models.CharField(_("What"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Timeline entry")
        verbose_name_plural = _("Timeline entries")
        indexes = [models.Index(fields=["case", "starts_at"], name="timeline_case")]

    def __str__(self) -> str:
        return f"{shown(self.starts_at)} {self.place_name or self.text}"


class Response(Record):
    """One run of the response to a case: by which pack, how long each step took, what it changed."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Case"), related_name="responses")
    run = models.PositiveIntegerField(_("Run"))
    pack = models.CharField(_("Policy pack"), max_length=120)
    steps = models.JSONField(_("Steps"), default=list, blank=True)
    difference = models.JSONField(_("Difference"), default=dict, blank=True)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Response")
        verbose_name_plural = _("Responses")
        constraints = [models.UniqueConstraint(fields=["case", "run"], name="response_run_once")]

    def __str__(self) -> str:
        return f"{self.case} #{self.run}"
