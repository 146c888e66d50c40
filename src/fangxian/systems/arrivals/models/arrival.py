"""An arrival and the places the person stayed at before."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.arrivals.words import Category, Channel, Means
from fangxian.systems.people.models import Person


class Arrival(Attached, Record):
    """One person's coming. The area is the home that answers for them, the present area is where they landed."""

    scope_fields = ("area", "present_area")

    class State(models.TextChoices):
        EXPECTED = "EXPECTED", _("Expected")
        LANDED = "LANDED", _("Landed")
        CHECKED = "CHECKED", _("Checked at the landing")
        RECEIVED = "RECEIVED", _("Received at home")
        NOT_COME = "NOT_COME", _("Did not come")

    OPEN = (State.EXPECTED, State.LANDED, State.CHECKED)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="arrivals")
    present_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Landed in"), related_name="+"
    )
    arrived_on = models.DateField(_("Arrives on"))
    means = models.CharField(_("Means of travel"), max_length=10, choices=Means.choices, default=Means.OTHER)
    carrier = models.CharField(_("Train, flight or plate"), max_length=20, blank=True)
    seat = models.CharField(_("Seat"), max_length=12, blank=True)
    channel = models.CharField(_("Known from"), max_length=12, choices=Channel.choices, default=Channel.DOOR)
    disease = models.CharField(_("Disease"), max_length=32, default="covid19")
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.LANDED, editable=False)
    tested_at = models.DateTimeField(_("Last negative test"), null=True, blank=True)
    category = models.CharField(_("Category"), max_length=10, choices=Category.choices, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    because = models.JSONField(_("Evidence"), default=dict, blank=True, editable=False)
    declared_id = models.UUIDField(_("Declaration"), null=True, blank=True, editable=False)
    landed_at = models.DateTimeField(_("Landed at"), null=True, blank=True, editable=False)
    check_due_at = models.DateTimeField(_("Check due"), null=True, blank=True, editable=False)
    checked_at = models.DateTimeField(_("Checked at"), null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    receive_due_at = models.DateTimeField(_("Reception due"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("Received at"), null=True, blank=True, editable=False)
    received_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Arrival")
        verbose_name_plural = _("Arrivals")
        indexes = [
            models.Index(fields=["area", "state", "arrived_on"], name="arrival_area_state"),
            models.Index(fields=["present_area", "state"], name="arrival_present_state"),
            models.Index(fields=["person", "arrived_on"], name="arrival_person_day"),
            models.Index(fields=["state", "receive_due_at"], name="arrival_state_due"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.arrived_on}"

    @property
    def is_declared(self) -> bool:
        """Whether the traveller or another city told of it beforehand."""
        return self.declared_id is not None or self.channel in {Channel.DECLARED, Channel.HAND_OVER}


class TravelStay(Record):
    """A place the person stayed at before: as exactly as it is known, by the national code of any length."""

    arrival = models.ForeignKey(Arrival, models.PROTECT, verbose_name=_("Arrival"), related_name="travel_stays")
    code = CodeField(_("Area code"), max_length=24, blank=True)
    named = models.CharField(_("Place"), max_length=120, blank=True)
    from_on = models.DateField(_("From"))
    until_on = models.DateField(_("Until"))
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Stay before an arrival")
        verbose_name_plural = _("Stays before arrivals")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="travel_stay_ends_after_it_begins"),
            models.UniqueConstraint(fields=["arrival", "code", "named", "from_on"], name="travel_stay_once"),
        ]
        indexes = [models.Index(fields=["code", "until_on", "from_on"], name="travel_stay_code_days")]

    def __str__(self) -> str:
        return f"{self.named or self.code} {self.from_on}–{self.until_on}"
