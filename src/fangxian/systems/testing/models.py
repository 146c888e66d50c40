"""Tubes, the samples in them, the results on them, and who is due for a test on which day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.people.models import Person


class Tube(Record):
    """A tube with a barcode, for one sample or a pool of 5, 10 or 20."""

    class Size(models.IntegerChoices):
        SINGLE = 1, _("Single")
        FIVE = 5, _("Pool of 5")
        TEN = 10, _("Pool of 10")
        TWENTY = 20, _("Pool of 20")

    class Shipment(models.TextChoices):
        NOT_SHIPPED = "NOT_SHIPPED", _("At the point")
        SHIPPED = "SHIPPED", _("On the way")
        RECEIVED = "RECEIVED", _("At the laboratory")

    barcode = CodeField(_("Barcode"), max_length=40, unique=True)
    size = models.PositiveSmallIntegerField(_("Size"), choices=Size.choices, default=Size.SINGLE)
    point = models.CharField(_("Sampling point"), max_length=80, blank=True)
    laboratory = models.CharField(_("Laboratory"), max_length=80, blank=True)
    shipment = models.CharField(_("Shipment"), max_length=12, choices=Shipment.choices, default=Shipment.NOT_SHIPPED)
    shipped_at = models.DateTimeField(_("Handed over"), null=True, blank=True)
    received_at = models.DateTimeField(_("Received"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Tube")
        verbose_name_plural = _("Tubes")
        indexes = [models.Index(fields=["area", "shipment"], name="tube_area_shipment")]

    def __str__(self) -> str:
        return self.barcode


class Sample(Record):
    """What one person, piece of goods or surface gave into a tube."""

    class Subject(models.TextChoices):
        PERSON = "PERSON", _("Person")
        GOODS = "GOODS", _("Goods")
        ENVIRONMENT = "ENVIRONMENT", _("Environment")

    class Reason(models.TextChoices):
        PRESENCE_OF_SYMPTOMS = "PRESENCE_OF_SYMPTOMS", _("Symptoms")
        OUTBREAK = "OUTBREAK", _("Outbreak")
        SCREENING = "SCREENING", _("Region-wide screening")
        PROFESSIONAL_REASON = "PROFESSIONAL_REASON", _("Occupation")
        CONTACT_TO_CASE = "CONTACT_TO_CASE", _("Contact of a case")
        POOL_RECALL = "POOL_RECALL", _("Recall after a positive pool")
        RETURNING_TRAVELER = "RETURNING_TRAVELER", _("Arrival from elsewhere")
        QUARANTINE_END = "QUARANTINE_END", _("End of quarantine")
        OTHER_REASON = "OTHER_REASON", _("Other")

    class Specimen(models.TextChoices):
        NASOPHARYNGEAL = "NASOPHARYNGEAL", _("Nasopharyngeal swab")
        OROPHARYNGEAL = "OROPHARYNGEAL", _("Oropharyngeal swab")
        BLOOD = "BLOOD", _("Blood")
        STOOL = "STOOL", _("Stool")
        SURFACE = "SURFACE", _("Surface swab")
        SEWAGE = "SEWAGE", _("Sewage")
        OTHER = "OTHER", _("Other")

    tube = models.ForeignKey(Tube, models.PROTECT, verbose_name=_("Tube"), related_name="samples")
    subject = models.CharField(_("Taken from"), max_length=12, choices=Subject.choices, default=Subject.PERSON)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person"), related_name="samples"
    )
    described = models.CharField(_("Goods or surface"), max_length=120, blank=True)
    specimen = models.CharField(_("Specimen"), max_length=16, choices=Specimen.choices, default=Specimen.OROPHARYNGEAL)
    reason = models.CharField(_("Reason"), max_length=24, choices=Reason.choices, default=Reason.SCREENING)
    sampled_at = models.DateTimeField(_("Sampled"))

    class Meta(Record.Meta):
        verbose_name = _("Sample")
        verbose_name_plural = _("Samples")
        constraints = [
            models.CheckConstraint(
                condition=Q(subject="PERSON", person__isnull=False) | (~Q(subject="PERSON") & Q(person__isnull=True)),
                name="sample_of_a_person_names_them",
            ),
            models.UniqueConstraint(fields=["tube", "person"], name="person_once_a_tube"),
        ]
        indexes = [
            models.Index(fields=["area", "sampled_at"], name="sample_area_at"),
            models.Index(fields=["person", "sampled_at"], name="sample_person_at"),
        ]

    def __str__(self) -> str:
        return f"{self.tube} · {self.person or self.described}"


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


class TestDuty(Record):
    """One person must be tested on one day, by a rule."""

    __test__ = False  # the name is the field's, not a test class

    class State(models.TextChoices):
        DUE = "DUE", _("To be tested")
        DONE = "DONE", _("Done")
        MISSED = "MISSED", _("Test missed")
        CANCELLED = "CANCELLED", _("Cancelled")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="test_duties")
    disease = models.CharField(_("Disease"), max_length=40)
    due_on = models.DateField(_("Due on"))
    day = models.PositiveSmallIntegerField(_("Day of the plan"))
    stage = models.CharField(_("Stage"), max_length=16)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DUE)
    subject_id = models.UUIDField(_("Because of"), null=True, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Test due")
        verbose_name_plural = _("Tests due")
        constraints = [
            models.UniqueConstraint(fields=["person", "disease", "due_on", "subject_id"], name="test_duty_once")
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_on"], name="duty_area_state"),
            models.Index(fields=["subject_id"], name="duty_subject"),
            models.Index(fields=["person", "due_on"], name="duty_person_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.due_on}"
