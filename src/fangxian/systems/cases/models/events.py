"""Events, cases, and where a case may have been exposed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.people.models import Person


class Precision(models.TextChoices):
    """How well a time is known."""

    EXACT = "EXACT", _("exact")
    HOUR = "HOUR", _("to the hour")
    DAY = "DAY", _("to the day")
    ABOUT = "ABOUT", _("about")
    UNKNOWN = "UNKNOWN", _("unknown")


class ExposureKind(models.TextChoices):
    """In what setting someone may have been infected."""

    HABITATION = "HABITATION", _("Living together")
    WORK = "WORK", _("Work or school")
    TRAVEL = "TRAVEL", _("Travel")
    VISIT = "VISIT", _("Visit")
    GATHERING = "GATHERING", _("Gathering")
    CARE = "CARE", _("Medical care")
    PERSONAL_SERVICES = "PERSONAL_SERVICES", _("Personal services")
    FOOD = "FOOD", _("Food")
    ANIMAL_CONTACT = "ANIMAL_CONTACT", _("Animal contact")
    SYMPTOMATIC_CONTACT = "SYMPTOMATIC_CONTACT", _("Met a person with symptoms")
    OTHER = "OTHER", _("Other")
    UNKNOWN = "UNKNOWN", _("Unknown")


class Event(Record):
    """A cluster or outbreak that holds cases together."""

    class Status(models.TextChoices):
        SIGNAL = "SIGNAL", _("Signal")
        EVENT = "EVENT", _("Event")
        CLUSTER = "CLUSTER", _("Cluster")
        DROPPED = "DROPPED", _("Dropped")

    name = models.CharField(_("Name"), max_length=80)
    disease = models.CharField(_("Disease"), max_length=40)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.EVENT)
    started_on = models.DateField(_("Started on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Event")
        verbose_name_plural = _("Events")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="event_name_once")]

    def __str__(self) -> str:
        return self.name


class Case(Attached, Record):
    """One illness of one person. The area answers for the case; the present area is where the person now is."""

    scope_fields = ("area", "present_area")

    class Classification(models.TextChoices):
        NOT_CLASSIFIED = "NOT_CLASSIFIED", _("Not classified")
        SUSPECT = "SUSPECT", _("Suspected case")
        PROBABLE = "PROBABLE", _("Probable case")
        CONFIRMED = "CONFIRMED", _("Confirmed case")
        CONFIRMED_NO_SYMPTOMS = "CONFIRMED_NO_SYMPTOMS", _("Asymptomatic infection")
        CONFIRMED_UNKNOWN_SYMPTOMS = "CONFIRMED_UNKNOWN_SYMPTOMS", _("Confirmed, symptoms unknown")
        NO_CASE = "NO_CASE", _("Not a case")

    class Investigation(models.TextChoices):
        PENDING = "PENDING", _("To be investigated")
        DONE = "DONE", _("Done")
        DISCARDED = "DISCARDED", _("Discarded")

    class Outcome(models.TextChoices):
        NO_OUTCOME = "NO_OUTCOME", _("Still ill")
        RECOVERED = "RECOVERED", _("Recovered")
        DECEASED = "DECEASED", _("Died")
        UNKNOWN = "UNKNOWN", _("Unknown")

    class Origin(models.TextChoices):
        IN_COUNTRY = "IN_COUNTRY", _("Local case")
        POINT_OF_ENTRY = "POINT_OF_ENTRY", _("Imported case")

    number = CodeField(_("Case number"), max_length=40, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="cases")
    disease = models.CharField(_("Disease"), max_length=40)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, verbose_name=_("Event"), related_name="cases"
    )
    present_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Present area"), related_name="+"
    )
    classification = models.CharField(
        _("Classification"), max_length=28, choices=Classification.choices, default=Classification.NOT_CLASSIFIED
    )
    clinical_at = models.DateTimeField(_("Clinically confirmed"), null=True, blank=True)
    clinical_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    epidemiological_at = models.DateTimeField(_("Epidemiologically confirmed"), null=True, blank=True)
    epidemiological_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    laboratory_at = models.DateTimeField(_("Laboratory confirmed"), null=True, blank=True)
    laboratory_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    result_id = models.UUIDField(_("Laboratory result"), null=True, blank=True, editable=False)
    investigation = models.CharField(
        _("Investigation"), max_length=10, choices=Investigation.choices, default=Investigation.PENDING
    )
    outcome = models.CharField(
        _("Outcome of the illness"), max_length=12, choices=Outcome.choices, default=Outcome.NO_OUTCOME
    )
    outcome_on = models.DateField(_("Outcome on"), null=True, blank=True)
    origin = models.CharField(_("Origin"), max_length=16, choices=Origin.choices, default=Origin.IN_COUNTRY)
    onset_on = models.DateField(_("Onset"), null=True, blank=True)
    onset_precision = models.CharField(_("Onset known"), max_length=8, choices=Precision.choices, default=Precision.DAY)
    age = models.FloatField(_("Age in years"), null=True, blank=True)
    symptomatic = models.BooleanField(_("Symptoms"), null=True, blank=True)
    sampled_at = models.DateTimeField(_("First positive sample"), null=True, blank=True)
    positive_at = models.DateTimeField(_("Positive result known"), null=True, blank=True)
    reported_at = models.DateTimeField(_("Reported on the network"), null=True, blank=True)
    isolated_at = models.DateTimeField(_("Isolated since"), null=True, blank=True)
    note = models.TextField(_("Note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Case")
        verbose_name_plural = _("Cases")
        constraints = [models.UniqueConstraint(fields=["number"], name="case_number_once")]
        indexes = [
            models.Index(fields=["area", "disease", "classification"], name="case_area_disease"),
            models.Index(fields=["area", "positive_at"], name="case_area_positive"),
            models.Index(fields=["present_area"], name="case_present"),
            models.Index(fields=["person", "disease"], name="case_person_disease"),
        ]

    def __str__(self) -> str:
        return self.number


class Exposure(Record):
    """What the case told: where, when, with whom."""

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Case"), related_name="exposures")
    kind = models.CharField(_("Setting"), max_length=20, choices=ExposureKind.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person met"), related_name="met_in"
    )
    place_id = models.UUIDField(_("Place id"), null=True, blank=True)
    place_name = models.CharField(_("Place"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("From"), null=True, blank=True)
    ends_at = models.DateTimeField(_("Until"), null=True, blank=True)
    precision = models.CharField(_("Time known"), max_length=8, choices=Precision.choices, default=Precision.EXACT)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Exposure")
        verbose_name_plural = _("Exposures")
        indexes = [models.Index(fields=["case", "starts_at"], name="exposure_case")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place_name or self.person or ''}".strip()
