"""Volunteers (志愿者), what they are called for, and what they did."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import BlindIndexField, EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.community.words import (
    CallState,
    VolunteerShiftState,
    VolunteerSkill,
    VolunteerState,
    VolunteerTime,
)
from fangxian.systems.people.models import Person


class Volunteer(Record):
    """Somebody who helps. The area is the village they live in, which says whether it is so."""

    code_index = models.CharField(max_length=64, null=True, unique=True, editable=False)
    name = models.CharField(_("Full name"), max_length=60)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    phone_index = BlindIndexField(of="phone")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person"), related_name="volunteering"
    )
    skill = models.CharField(_("Can do"), max_length=8, choices=VolunteerSkill.choices)
    second_skill = models.CharField(_("Can also do"), max_length=8, choices=VolunteerSkill.choices, blank=True)
    available = models.CharField(_("Has time"), max_length=8, choices=VolunteerTime.choices, default=VolunteerTime.ANY)
    until = models.DateField(_("Until"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    state = models.CharField(
        _("State"), max_length=10, choices=VolunteerState.choices, default=VolunteerState.APPLIED, editable=False
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Decided by"), related_name="+"
    )
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Volunteer")
        verbose_name_plural = _("Volunteers")
        constraints = [
            models.UniqueConstraint(fields=["area", "name", "phone_index"], name="volunteer_once"),
            models.UniqueConstraint(fields=["person"], condition=Q(state="CONFIRMED"), name="one_volunteer_a_person"),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | Q(person__isnull=False), name="volunteer_is_somebody"
            ),
        ]
        indexes = [models.Index(fields=["area", "state", "skill"], name="volunteer_area_state")]

    def __str__(self) -> str:
        return self.name


class VolunteerCall(Record):
    """A call for volunteers: what, where, from when until when, how many."""

    what = models.CharField(_("What to do"), max_length=120)
    skill = models.CharField(_("Needs"), max_length=8, choices=VolunteerSkill.choices, blank=True)
    place = models.CharField(_("Meeting point"), max_length=120)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    needed = models.PositiveSmallIntegerField(_("How many"), validators=[MinValueValidator(1)])
    state = models.CharField(
        _("State"), max_length=10, choices=CallState.choices, default=CallState.OPEN, editable=False
    )
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Call for volunteers")
        verbose_name_plural = _("Calls for volunteers")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="call_ends_after_it_starts")
        ]
        indexes = [models.Index(fields=["area", "state", "starts_at"], name="call_area_state")]

    def __str__(self) -> str:
        return self.what

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class VolunteerShift(Record):
    """A volunteer and a call: offered, accepted, came, minutes credited. The home area answers for the volunteer."""

    scope_fields = ("area", "home_area")
    TAKEN = (VolunteerShiftState.ACCEPTED, VolunteerShiftState.CAME)

    call = models.ForeignKey(
        VolunteerCall, models.PROTECT, verbose_name=_("Call for volunteers"), related_name="shifts"
    )
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, verbose_name=_("Volunteer"), related_name="shifts")
    home_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Home area"), related_name="+", null=True, editable=False
    )
    state = models.CharField(
        _("State"),
        max_length=10,
        choices=VolunteerShiftState.choices,
        default=VolunteerShiftState.OFFERED,
        editable=False,
    )
    answered_at = models.DateTimeField(_("Volunteer answered at"), null=True, editable=False)
    minutes = models.PositiveSmallIntegerField(_("Minutes credited"), default=0, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Volunteer shift")
        verbose_name_plural = _("Volunteer shifts")
        constraints = [
            models.UniqueConstraint(fields=["call", "volunteer"], name="shift_offered_once"),
            models.CheckConstraint(condition=Q(minutes=0) | Q(state="CAME"), name="credited_for_having_come"),
        ]
        indexes = [
            models.Index(fields=["area", "state"], name="volunteershift_area_state"),
            models.Index(fields=["home_area", "state"], name="volunteershift_home_state"),
            models.Index(fields=["volunteer", "state"], name="volunteershift_volunteer"),
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} · {self.call}"
