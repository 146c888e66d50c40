"""Who lies where, and the way of a patient from one facility to another."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.medical.models.facilities import Facility
from fangxian.systems.medical.words import Bed, Discharged, Way
from fangxian.systems.people.models import Person


class Admission(Record):
    """A person in a bed, from when until when. The area is the facility's, the home area answers for the person."""

    scope_fields = ("area", "home_area")

    facility = models.ForeignKey(Facility, models.PROTECT, verbose_name=_("Facility"), related_name="admissions")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="admissions")
    home_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Home area"), related_name="+", editable=False, null=True
    )
    bed = models.CharField(_("Bed"), max_length=20, choices=Bed.choices, default=Bed.ISOLATION)
    admitted_at = models.DateTimeField(_("Admitted"), default=now)
    discharged_at = models.DateTimeField(_("Discharged"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Discharged.choices, blank=True, editable=False)
    diagnosis = models.CharField(_("Diagnosis"), max_length=80, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Admission")
        verbose_name_plural = _("Admissions")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(discharged_at__isnull=True), name="one_open_admission_a_person"
            ),
            models.CheckConstraint(
                condition=Q(discharged_at__isnull=True) | Q(discharged_at__gte=models.F("admitted_at")),
                name="discharged_after_admitted",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "discharged_at"], name="admission_area_open"),
            models.Index(fields=["home_area", "discharged_at"], name="admission_home_open"),
            models.Index(fields=["facility", "bed", "discharged_at"], name="admission_bed"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.facility}"


class Referral(Record):
    """A patient's way from one facility to another: both sides agree, and both see it until the patient has arrived."""

    scope_fields = ("area", "to_area")

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", _("Requested")
        APPROVED = "APPROVED", _("Agreed")
        REJECTED = "REJECTED", _("Turned down")
        IN_PROGRESS = "IN_PROGRESS", _("On the way")
        COMPLETED = "COMPLETED", _("Arrived")
        CANCELLED = "CANCELLED", _("Cancelled")

    OPEN = (State.REQUESTED, State.APPROVED, State.IN_PROGRESS)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="referrals")
    from_facility = models.ForeignKey(
        Facility, models.PROTECT, verbose_name=_("Sending facility"), related_name="referrals_out"
    )
    to_facility = models.ForeignKey(
        Facility, models.PROTECT, verbose_name=_("Receiving facility"), related_name="referrals_in"
    )
    to_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Area of the receiver"), related_name="+", editable=False, null=True
    )
    kind = models.CharField(_("Kind"), max_length=8, choices=Way.choices, default=Way.TRANSFER)
    bed = models.CharField(_("Bed"), max_length=20, choices=Bed.choices, default=Bed.ISOLATION)
    reason = models.CharField(_("Reason"), max_length=200)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.REQUESTED, editable=False)
    requested_at = models.DateTimeField(_("Requested at"), default=now, editable=False)
    due_at = models.DateTimeField(_("Due"), null=True, editable=False)
    sent_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Agreed by the sender"), related_name="+"
    )
    taken_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Agreed by the receiver"), related_name="+"
    )
    departed_at = models.DateTimeField(_("Departed at"), null=True, editable=False)
    arrived_at = models.DateTimeField(_("Arrived at"), null=True, editable=False)
    vehicle = models.CharField(_("Vehicle"), max_length=20, blank=True, editable=False)
    answer = models.CharField(_("Answer given"), max_length=200, blank=True, editable=False)
    subject_id = models.UUIDField(_("Because of"), null=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Patient transfer")
        verbose_name_plural = _("Patient transfers")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["REQUESTED", "APPROVED", "IN_PROGRESS"]),
                name="one_open_referral_a_person",
            ),
            models.CheckConstraint(
                condition=Q(sent_by__isnull=True) | ~Q(sent_by=models.F("taken_by")), name="referral_two_officers"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="referral_area_state"),
            models.Index(fields=["to_area", "state", "due_at"], name="referral_to_state"),
            models.Index(fields=["subject_id"], name="referral_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.to_facility}"
