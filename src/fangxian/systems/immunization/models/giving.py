"""A visit with its three stations, and the dose."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.immunization.models.sites import VaccinationSite
from fangxian.systems.immunization.models.stock import VaccineLot
from fangxian.systems.immunization.words import OUTCOMES, REASONS, VACCINES, BodySite, Consent, DoseRole, Station
from fangxian.systems.people.models import Person


class Visit(Record):
    """One person at one site on one day. Where they stand follows from the moments; nobody types a queue.

    The answer of the schedule is kept as it was given, with the pack that gave it. The area is the site's, the home
    area answers for the person; both see it.
    """

    scope_fields = ("area", "home_area")

    class State(models.TextChoices):
        HERE = "HERE", _("At the site")
        LEFT = "LEFT", _("Observed and gone")
        LEFT_EARLY = "LEFT_EARLY", _("Left before the time was up")
        TURNED_AWAY = "TURNED_AWAY", _("Not vaccinated today")

    site = models.ForeignKey(VaccinationSite, models.PROTECT, verbose_name=_("Vaccination site"), related_name="visits")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="vaccination_visits")
    home_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Home area"), related_name="+", editable=False, null=True
    )
    day = models.DateField(_("Day"), editable=False)
    number = models.PositiveIntegerField(_("Number of the day"), editable=False)
    disease = models.CharField(_("Disease"), max_length=40)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.HERE, editable=False)
    arrived_at = models.DateTimeField(_("Arrived"), default=now, editable=False)
    registered_at = models.DateTimeField(_("Registered"), null=True, editable=False)
    vaccinated_at = models.DateTimeField(_("Vaccinated"), null=True, editable=False)
    observed_until = models.DateTimeField(_("Observed until"), null=True, editable=False)
    left_at = models.DateTimeField(_("Left"), null=True, editable=False)
    vaccine = models.CharField(_("Vaccine"), max_length=20, blank=True, editable=False)
    outcome = models.CharField(
        _("Answer"), max_length=16, choices=[(key.value, label) for key, label in OUTCOMES.items()], blank=True,
        editable=False,
    )  # fmt: skip
    reason = models.CharField(
        _("Because"), max_length=16, choices=[(key.value, label) for key, label in REASONS.items()], blank=True,
        editable=False,
    )  # fmt: skip
    condition = models.CharField(_("Contraindication"), max_length=24, blank=True, editable=False)
    from_on = models.DateField(_("From"), null=True, editable=False)
    dose_number = models.PositiveSmallIntegerField(_("Dose"), default=0, editable=False)
    consent = models.CharField(_("Consent by"), max_length=8, choices=Consent.choices, blank=True, editable=False)
    guardian = EncryptedTextField(_("Guardian"), mask="name", editable=False)
    note = models.CharField(_("Note"), max_length=200, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Vaccination visit")
        verbose_name_plural = _("Vaccination visits")
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "number"], name="visit_number_once_a_day"),
            models.UniqueConstraint(fields=["person"], condition=Q(state="HERE"), name="one_open_visit_a_person"),
            models.CheckConstraint(
                condition=Q(vaccinated_at__isnull=True) | (Q(registered_at__isnull=False) & ~Q(consent="")),
                name="vaccinated_after_registration_and_consent",
            ),
            models.CheckConstraint(
                condition=Q(state="HERE", left_at__isnull=True) | (~Q(state="HERE") & Q(left_at__isnull=False)),
                name="visit_left_at",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "day"], name="vaccination_visit_area_day"),
            models.Index(fields=["home_area", "day"], name="vaccination_visit_home_day"),
            models.Index(fields=["site", "day", "state"], name="vaccination_visit_site_day"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.day:%Y-%m-%d}"

    @property
    def station(self) -> str:
        """The room in which the person waits or sits now."""
        if self.left_at:
            return Station.GONE
        if self.vaccinated_at:
            return Station.OBSERVATION
        return Station.VACCINATION if self.registered_at else Station.REGISTRATION

    @property
    def since(self):
        """Since when they are there."""
        return self.left_at or self.vaccinated_at or self.registered_at or self.arrived_at

    @property
    def vaccine_name(self) -> str:
        """The vaccine in the reader's language."""
        return str(VACCINES.get(self.vaccine, self.vaccine))


class Dose(Record):
    """One dose somebody had, here or elsewhere. Its place in the course (`number`, `role`, `completes`) follows from
    all doses of the person under the schedule, and is never typed."""

    scope_fields = ("area", "home_area")

    class State(models.TextChoices):
        VALID = "VALID", _("Given")
        VOID = "VOID", _("Entered by mistake")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="doses")
    home_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Home area"), related_name="+", editable=False, null=True
    )
    disease = models.CharField(_("Disease"), max_length=40)
    vaccine = models.CharField(_("Vaccine"), max_length=20)
    given_on = models.DateField(_("Given on"))
    given_at = models.DateTimeField(_("Given at"), null=True, editable=False)
    given_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Given by"), related_name="+"
    )
    lot = models.ForeignKey(
        VaccineLot, models.PROTECT, null=True, editable=False, verbose_name=_("Vaccine lot"), related_name="doses"
    )
    lot_number = models.CharField(_("Lot no."), max_length=40, blank=True)
    expires_on = models.DateField(_("Expires on"), null=True, editable=False)
    where = models.CharField(_("Given where"), max_length=80, blank=True)
    body_site = models.CharField(_("Place on the body"), max_length=12, choices=BodySite.choices, blank=True)
    visit = models.OneToOneField(
        Visit, models.PROTECT, null=True, editable=False, verbose_name=_("Vaccination visit"), related_name="dose"
    )
    state = models.CharField(_("State"), max_length=6, choices=State.choices, default=State.VALID, editable=False)
    void_reason = models.CharField(_("Why it does not hold"), max_length=200, blank=True, editable=False)
    number = models.PositiveSmallIntegerField(_("Dose"), default=0, editable=False)
    role = models.CharField(_("Part of"), max_length=8, choices=DoseRole.choices, default=DoseRole.NONE, editable=False)
    completes = models.BooleanField(_("Completes the course"), default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Dose")
        verbose_name_plural = _("Doses")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "disease", "given_on"], condition=Q(state="VALID"), name="one_dose_a_day"
            ),
            models.CheckConstraint(
                condition=Q(given_by__isnull=True) | Q(given_at__isnull=False), name="given_by_somebody_at_a_moment"
            ),
            models.CheckConstraint(
                condition=Q(state="VALID") | Q(number=0, completes=False), name="void_dose_counts_nowhere"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "given_on"], name="dose_area_on"),
            models.Index(fields=["home_area", "given_on"], name="dose_home_on"),
            models.Index(fields=["person", "disease"], name="dose_person_disease"),
            models.Index(fields=["lot_number", "vaccine"], name="dose_lot_number"),
        ]

    def __str__(self) -> str:
        return f"{self.vaccine_name} {self.given_on:%Y-%m-%d}"

    @property
    def vaccine_name(self) -> str:
        """The vaccine in the reader's language."""
        return str(VACCINES.get(self.vaccine, self.vaccine))
