"""What travellers, stations, airports and other cities tell before somebody is here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import BlindIndexField, CodeField, EncryptedTextField
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.arrivals.models.arrival import Arrival
from fangxian.systems.arrivals.words import Channel, Means
from fangxian.systems.people.models import Person


class Declaration(Record):
    """One sending of the public form: one traveller or a family. Nobody is signed in when it is made."""

    code = CodeField(_("Confirmation code"), max_length=12, unique=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    phone_index = BlindIndexField(of="phone")
    people = models.PositiveSmallIntegerField(_("People"), default=1)
    arrives_on = models.DateField(_("Arrives on"))
    sender = models.CharField(_("Sender"), max_length=64, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Declaration")
        verbose_name_plural = _("Declarations")
        indexes = [models.Index(fields=["area", "arrives_on"], name="declaration_area_day")]

    def __str__(self) -> str:
        return self.code


class DeclaredPerson(Record):
    """Somebody said to arrive: by themselves, a station's or an airport's list. Becomes an arrival when accepted."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting to be received")
        ACCEPTED = "ACCEPTED", _("Accepted")
        REPEATED = "REPEATED", _("Told before")
        REFUSED = "REFUSED", _("Not accepted")

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, null=True, blank=True, verbose_name=_("Declaration"), related_name="persons",
        editable=False,
    )  # fmt: skip
    channel = models.CharField(_("Known from"), max_length=12, choices=Channel.choices, default=Channel.STATION)
    name = models.CharField(_("Full name"), max_length=60)
    id_type = models.CharField(
        _("Kind of identity paper"), max_length=10, choices=Person.IdType.choices, default=Person.IdType.RESIDENT
    )
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    id_index = BlindIndexField(of="id_number")
    phone = EncryptedTextField(_("Phone"), mask="phone")
    phone_index = BlindIndexField(of="phone")
    address = EncryptedTextField(_("Address"), mask="address")
    arrives_on = models.DateField(_("Arrives on"))
    means = models.CharField(_("Means of travel"), max_length=10, choices=Means.choices, default=Means.TRAIN)
    carrier = models.CharField(_("Train, flight or plate"), max_length=20, blank=True)
    seat = models.CharField(_("Seat"), max_length=12, blank=True)
    from_code = CodeField(_("Comes from (code)"), max_length=24, blank=True)
    from_name = models.CharField(_("Comes from"), max_length=120, blank=True)
    stays = models.JSONField(_("Stays"), default=list, blank=True, editable=False)
    tested_at = models.DateTimeField(_("Last negative test"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    arrival = models.ForeignKey(
        Arrival, models.PROTECT, null=True, blank=True, verbose_name=_("Arrival"), related_name="declared",
        editable=False,
    )  # fmt: skip
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Declared traveller")
        verbose_name_plural = _("Declared travellers")
        indexes = [models.Index(fields=["area", "state", "arrives_on"], name="declared_area_state")]

    def __str__(self) -> str:
        return f"{self.name} {self.arrives_on}"


class HandOver(Attached, Record):
    """Another city has released somebody from entry quarantine and hands them over, with its release record."""

    scope_fields = ("area", "present_area")

    class State(models.TextChoices):
        ANNOUNCED = "ANNOUNCED", _("Announced")
        RECEIVED = "RECEIVED", _("Arrived and received")
        MISSED = "MISSED", _("Did not come")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="hand_overs")
    present_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Landed in"), related_name="+"
    )
    from_code = CodeField(_("Handed over by (code)"), max_length=24, blank=True)
    from_name = models.CharField(_("Handed over by"), max_length=80)
    entered_on = models.DateField(_("Entered the country on"))
    released_on = models.DateField(_("Released on"))
    site = models.CharField(_("Isolation site"), max_length=80, blank=True)
    certificate = models.CharField(_("Number of the release record"), max_length=40)
    last_test_on = models.DateField(_("Last negative test on"), null=True, blank=True)
    expected_on = models.DateField(_("Expected on"))
    means = models.CharField(_("Means of travel"), max_length=10, choices=Means.choices, default=Means.AIRCRAFT)
    carrier = models.CharField(_("Train, flight or plate"), max_length=20, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ANNOUNCED, editable=False)
    arrival = models.ForeignKey(
        Arrival, models.PROTECT, null=True, blank=True, verbose_name=_("Arrival"), related_name="hand_overs",
        editable=False,
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Hand-over of an arrival")
        verbose_name_plural = _("Hand-overs of arrivals")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(released_on__gte=models.F("entered_on")), name="hand_over_released_after_entry"
            ),
            models.UniqueConstraint(fields=["person", "certificate"], name="hand_over_once"),
        ]
        indexes = [models.Index(fields=["area", "state", "expected_on"], name="hand_over_area_state")]

    def __str__(self) -> str:
        return f"{self.person} {self.certificate}"

    @property
    def days_served(self) -> int:
        """Days of quarantine the release record shows, the first and the last counted."""
        return (self.released_on - self.entered_on).days + 1
