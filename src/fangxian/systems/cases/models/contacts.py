"""Contacts of cases, and who is thought to have infected whom."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached, Followed
from fangxian.systems.cases.models.events import Case, ExposureKind
from fangxian.systems.people.models import Person


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
