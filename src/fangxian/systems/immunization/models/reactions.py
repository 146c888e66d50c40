"""What happened after a dose: an adverse event following immunization, from the first report to the conclusion."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import DAY, shown
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.immunization.models.giving import Dose
from fangxian.systems.people.models import Person


class Aefi(Attached, Record):
    """One event after one dose. Its clocks follow from the pack; its stage moves forward only."""

    scope_fields = ("area", "home_area")

    class Stage(models.TextChoices):
        FIRST = "FIRST", _("First report")
        INTERIM = "INTERIM", _("Interim report")
        FINAL = "FINAL", _("Final report")

    class Type(models.TextChoices):
        NON_SERIOUS = "NON_SERIOUS", _("Not serious")
        SERIOUS = "SERIOUS", _("Serious")

    class Serious(models.TextChoices):
        DEATH = "DEATH", _("Death")
        LIFE_THREATENING = "LIFE_THREATENING", _("Danger to life")
        DISABILITY = "DISABILITY", _("Disability")
        HOSPITALIZATION = "HOSPITALIZATION", _("Admitted to hospital")
        CONGENITAL_ANOMALY = "CONGENITAL_ANOMALY", _("Congenital anomaly")
        OTHER = "OTHER", _("Other")

    class Outcome(models.TextChoices):
        RECOVERING = "RECOVERING", _("Recovering")
        RECOVERED = "RECOVERED", _("Recovered")
        RECOVERED_WITH_SEQUELAE = "RECOVERED_WITH_SEQUELAE", _("Recovered with sequelae")
        NOT_RECOVERED = "NOT_RECOVERED", _("Not recovered")
        UNKNOWN = "UNKNOWN", _("Unknown")
        DIED = "DIED", _("Died")

    class Classification(models.TextChoices):
        VACCINE_PRODUCT_RELATED = "VACCINE_PRODUCT_RELATED", _("Caused by the vaccine: general or abnormal reaction")
        VACCINE_QUALITY_DEFECT_RELATED = "VACCINE_QUALITY_DEFECT_RELATED", _("Caused by a defect of the vaccine")
        IMMUNIZATION_ERROR_RELATED = "IMMUNIZATION_ERROR_RELATED", _("Caused by an error in vaccinating")
        IMMUNIZATION_ANXIETY_RELATED = "IMMUNIZATION_ANXIETY_RELATED", _("Psychogenic")
        COINCIDENTAL_ADVERSE_EVENT = "COINCIDENTAL_ADVERSE_EVENT", _("Coincidental")
        UNDETERMINED = "UNDETERMINED", _("Undetermined")

    class Causality(models.TextChoices):
        CONFIRMED = "CONFIRMED", _("Link confirmed")
        INCONCLUSIVE = "INCONCLUSIVE", _("Inconclusive")

    dose = models.ForeignKey(Dose, models.PROTECT, verbose_name=_("Dose"), related_name="events")
    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("Person"), related_name="aefi", editable=False, null=True
    )
    home_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Home area"), related_name="+", editable=False, null=True
    )
    onset_at = models.DateTimeField(_("Began at"))
    found_at = models.DateTimeField(_("Noticed at"), editable=False)
    symptoms = models.CharField(_("What happened"), max_length=200)
    severity = models.CharField(
        _("Severity of the event"), max_length=12, choices=Type.choices, default=Type.NON_SERIOUS
    )
    serious_reason = models.CharField(_("Serious because"), max_length=20, choices=Serious.choices, blank=True)
    treatment = models.CharField(_("What was done"), max_length=200, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=24, choices=Outcome.choices, default=Outcome.UNKNOWN)
    is_cluster = models.BooleanField(_("Part of a cluster"), default=False, editable=False)
    stage = models.CharField(_("Stage"), max_length=8, choices=Stage.choices, default=Stage.FIRST, editable=False)
    report_due_at = models.DateTimeField(_("Report due"), null=True, editable=False)
    reported_at = models.DateTimeField(_("Reported up"), null=True, editable=False)
    reported_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Reported by"), related_name="+"
    )
    investigate_due_at = models.DateTimeField(_("Investigation due"), null=True, editable=False)
    investigated_at = models.DateTimeField(_("Investigated"), null=True, editable=False)
    concluded_at = models.DateTimeField(_("Concluded"), null=True, editable=False)
    conclude_due_at = models.DateTimeField(_("Conclusion due"), null=True, editable=False)
    classification = models.CharField(
        _("Classification"), max_length=32, choices=Classification.choices, blank=True, editable=False
    )
    causality = models.CharField(_("Causality"), max_length=12, choices=Causality.choices, blank=True, editable=False)
    findings = models.CharField(_("What the investigation found"), max_length=400, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Adverse event (AEFI)")
        verbose_name_plural = _("Adverse events (AEFI)")
        constraints = [
            models.CheckConstraint(
                condition=(Q(severity="SERIOUS") & ~Q(serious_reason=""))
                | Q(severity="NON_SERIOUS", serious_reason=""),
                name="aefi_serious_because",
            ),
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True, reported_by__isnull=True) | Q(reported_at__isnull=False),
                name="aefi_reported_by_somebody_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(stage="FINAL")
                | (Q(concluded_at__isnull=False) & ~Q(classification="") & ~Q(causality="")),
                name="aefi_final_is_concluded",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "stage", "report_due_at"], name="aefi_area_stage"),
            models.Index(fields=["home_area", "stage"], name="aefi_home_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.symptoms[:40]} {shown(self.onset_at, DAY)}"
