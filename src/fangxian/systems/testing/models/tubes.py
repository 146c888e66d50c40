"""Tubes and the samples in them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import CodeField
from fangxian.core.records import Record
from fangxian.systems.people.models import Person


class Tube(Record):
    """A tube with a barcode, for one sample or a pool of 5, 10 or 20."""

    class Size(models.IntegerChoices):
        SINGLE = 1, _("Single")
        FIVE = 5, _("Pool of 5")
        TEN = 10, _("Pool of 10")
        TWENTY = 20, _("Pool of 20")
        HOUSEHOLD = 99, _("One household")

    class Shipment(models.TextChoices):
        NOT_SHIPPED = "NOT_SHIPPED", _("At the point")
        SHIPPED = "SHIPPED", _("On the way")
        RECEIVED = "RECEIVED", _("At the laboratory")
        LOST = "LOST", _("Tube lost")

    barcode = CodeField(_("Barcode"), max_length=40, unique=True)
    size = models.PositiveSmallIntegerField(_("Size"), choices=Size.choices, default=Size.SINGLE)
    round = models.ForeignKey(
        "testing.TestRound", models.PROTECT, null=True, blank=True, verbose_name=_("Test round"), related_name="tubes"
    )
    sampling_point = models.ForeignKey(
        "testing.SamplingPoint", models.PROTECT, null=True, blank=True, verbose_name=_("Point of the round"),
        related_name="tubes",
    )  # fmt: skip
    team = models.ForeignKey(
        "testing.SamplingTeam", models.PROTECT, null=True, blank=True, verbose_name=_("Team"), related_name="tubes"
    )
    batch = models.ForeignKey(
        "testing.TubeBatch", models.PROTECT, null=True, blank=True, verbose_name=_("Batch"), related_name="of_tubes"
    )
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
    """What one person, piece of goods or surface gave into a tube: in a round, the registration.

    A million of them come in a morning: tube and person have no index of their own, the two below begin with them.
    """

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

    tube = models.ForeignKey(Tube, models.PROTECT, verbose_name=_("Tube"), related_name="samples", db_index=False)
    subject = models.CharField(_("Taken from"), max_length=12, choices=Subject.choices, default=Subject.PERSON)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person"), related_name="samples", db_index=False
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
