"""Cases, the people around them, and what the response to them was."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import CodeField, EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Followed
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


class Contact(Attached, Followed, Record):
    """Someone near a case. Its area answers for the contact, the case's area for the investigation: both see it."""

    scope_fields = ("area", "case_area")

    class Ring(models.TextChoices):
        CLOSE = "CLOSE", _("Close contact")
        SECONDARY = "SECONDARY", _("Secondary contact")
        GENERAL = "GENERAL", _("General contact")

    class Classification(models.TextChoices):
        UNCONFIRMED = "UNCONFIRMED", _("Unconfirmed")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        NO_CONTACT = "NO_CONTACT", _("Not a contact")

    class Status(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        ACTIVE = "ACTIVE", _("Being followed")
        CONVERTED = "CONVERTED", _("Became a case")
        DROPPED = "DROPPED", _("Dropped")

    class FollowUp(models.TextChoices):
        FOLLOW_UP = "FOLLOW_UP", _("In follow-up")
        COMPLETED = "COMPLETED", _("Completed")
        CANCELED = "CANCELED", _("Cancelled")
        LOST = "LOST", _("Lost")
        NO_FOLLOW_UP = "NO_FOLLOW_UP", _("No follow-up")

    class Proposal(models.TextChoices):
        """What one officer wants and a second one has not agreed to yet: a ring, or the end of it."""

        CLOSE = "CLOSE", _("Close contact")
        SECONDARY = "SECONDARY", _("Secondary contact")
        GENERAL = "GENERAL", _("General contact")
        NO_CONTACT = "NO_CONTACT", _("Not a contact")
        DROPPED = "DROPPED", _("Not followed any more")

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Case"), related_name="contacts")
    case_area = models.ForeignKey(
        Area, models.PROTECT, editable=False, verbose_name=_("Area of the case"), related_name="+"
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="contact_of")
    ring = models.CharField(_("Ring"), max_length=10, choices=Ring.choices)
    via = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Through"), related_name="passed_to"
    )
    classification = models.CharField(
        _("Classification"), max_length=12, choices=Classification.choices, default=Classification.UNCONFIRMED
    )
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    follow_up = models.CharField(_("Follow-up"), max_length=12, choices=FollowUp.choices, default=FollowUp.FOLLOW_UP)
    first_contact_at = models.DateTimeField(_("First contact"), null=True, blank=True)
    last_contact_at = models.DateTimeField(_("Last contact"), null=True, blank=True)
    follow_up_until = models.DateField(_("Follow-up until"), null=True, blank=True)
    extended_until = models.DateField(_("Lengthened until"), null=True, blank=True)
    evidence = models.JSONField(_("Evidence"), default=list, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    proposed = models.CharField(_("Proposed"), max_length=10, choices=Proposal.choices, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Proposed by"), related_name="+"
    )
    proposed_at = models.DateTimeField(_("Proposed at"), null=True, blank=True, editable=False)
    proposed_reason = models.CharField(_("Why it is proposed"), max_length=200, blank=True, editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Second person"),
        related_name="+",
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Contact")
        verbose_name_plural = _("Contacts")
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="contact_once_a_case")]
        indexes = [
            models.Index(fields=["area", "status", "ring"], name="contact_area_status"),
            models.Index(fields=["case_area", "status", "ring"], name="contact_case_area"),
            models.Index(fields=["person"], name="contact_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_ring_display()}"

    @property
    def in_force(self) -> bool:
        """Whether anything may follow from it: found by a rule, or entered by one officer and agreed to by another."""
        agreed = bool(self.rule) or self.classification == self.Classification.CONFIRMED
        return self.status == self.Status.ACTIVE and agreed

    def followed_days(self) -> tuple[date, date] | None:
        """From the last meeting with the case until the last day of the follow-up."""
        until = self.extended_until or self.follow_up_until
        if until is None or self.follow_up == self.FollowUp.NO_FOLLOW_UP:
            return None
        return min(timezone.localdate(self.last_contact_at or self.created_at), until), until


class TransmissionLink(Record):
    """Who is thought to have infected whom."""

    class Certainty(models.TextChoices):
        HIGH = "3_HIGH", _("High")
        MEDIUM = "2_MEDIUM", _("Medium")
        LOW = "1_LOW", _("Low")

    infector = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Infector"), related_name="infected")
    infected = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Infected case"), related_name="infectors")
    kind = models.CharField(_("Setting"), max_length=20, choices=ExposureKind.choices, default=ExposureKind.UNKNOWN)
    certainty = models.CharField(_("Certainty"), max_length=8, choices=Certainty.choices, default=Certainty.MEDIUM)
    contact_on = models.DateField(_("Contact on"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Transmission link")
        verbose_name_plural = _("Transmission links")
        constraints = [
            models.UniqueConstraint(fields=["infector", "infected"], name="link_once"),
            models.CheckConstraint(condition=~Q(infector=models.F("infected")), name="link_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.infector} → {self.infected}"


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
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.place_name or self.text}"


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


class TraceRequest(Record):
    """A question to the visit log about cases: who asked, what for, how many persons came out, who agreed.

    The names stand in the `TraceResult`, which is deleted when its time is up; that and why it was asked stays.
    """

    class Purpose(models.TextChoices):
        FIND_CONTACTS = "FIND_CONTACTS", _("Find the contacts")
        FIND_SOURCE = "FIND_SOURCE", _("Find the source")
        VERIFY_STATEMENT = "VERIFY_STATEMENT", _("Verify what the case told")
        REVIEW_CONTACT = "REVIEW_CONTACT", _("Review one contact")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Asked")
        RUNNING = "RUNNING", _("Running")
        WAITING = "WAITING", _("Waiting for a second person")
        RELEASED = "RELEASED", _("Names released")
        REFUSED = "REFUSED", _("Second person refused")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        FAILED = "FAILED", _("Failed")
        EXPIRED = "EXPIRED", _("Expired")

    case = models.ForeignKey(Case, models.PROTECT, verbose_name=_("Case"), related_name="traces")
    cases = models.PositiveIntegerField(_("Cases"), default=1, editable=False)
    purpose = models.CharField(_("What for"), max_length=20, choices=Purpose.choices)
    reason = models.CharField(_("Reason"), max_length=200)
    question = models.JSONField(_("Question"), default=dict, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ASKED, editable=False)
    persons = models.PositiveIntegerField(_("Persons found"), null=True, blank=True, editable=False)
    most_alone = models.PositiveIntegerField(_("Second person from"), default=0, editable=False)
    summary = models.JSONField(_("Counts"), default=dict, editable=False)
    asked_by = models.ForeignKey(Officer, models.PROTECT, editable=False, verbose_name=_("Asked by"), related_name="+")
    asked_at = models.DateTimeField(_("Asked at"), editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Second person"),
        related_name="+",
    )  # fmt: skip
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True, editable=False)
    decision = models.CharField(_("Why it was decided so"), max_length=200, blank=True, editable=False)
    expires_at = models.DateTimeField(_("Result kept until"), editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Trace request")
        verbose_name_plural = _("Trace requests")
        indexes = [
            models.Index(fields=["area", "state"], name="trace_area_state"),
            models.Index(fields=["state", "expires_at"], name="trace_expires"),
            models.Index(fields=["asked_by", "asked_at"], name="trace_asked"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="trace_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False, asked_by__isnull=False), name="trace_asked_by_someone"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")), name="trace_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.get_purpose_display()}"


class TraceResult(models.Model):
    """What a trace found, as long as it is kept; encrypted, because it says who was where."""

    request = models.OneToOneField(TraceRequest, models.CASCADE, primary_key=True, related_name="result")
    found = EncryptedTextField(mask="text")

    class Meta:
        verbose_name = _("Result of a trace")
        verbose_name_plural = _("Results of traces")

    def __str__(self) -> str:
        return str(self.request_id)
