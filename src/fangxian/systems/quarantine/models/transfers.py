"""The way of a person under restriction from where they are to where they stay: nobody is ever between two lists."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models.sites import Site
from fangxian.systems.quarantine.models.stays import Stay


class Transfer(Record):
    """One ride. The area it starts from orders it, the one it goes to receives; both see it until it has arrived."""

    scope_fields = ("area", "to_area")

    class Destination(models.TextChoices):
        SITE = "SITE", _("Isolation site")
        HOSPITAL = "HOSPITAL", _("Hospital")
        HOME = "HOME", _("At home")

    class State(models.TextChoices):
        ORDERED = "ORDERED", _("Ordered")
        ON_HOLD = "ON_HOLD", _("On hold")
        ACCEPTED = "ACCEPTED", _("Accepted by the receiver")
        REFUSED = "REFUSED", _("Refused by the receiver")
        ARRANGED = "ARRANGED", _("Vehicle arranged")
        DEPARTED = "DEPARTED", _("On the way")
        RECEIVED = "RECEIVED", _("Arrived and received")
        CANCELLED = "CANCELLED", _("Cancelled")

    WAITING = (State.ORDERED, State.ON_HOLD, State.ACCEPTED, State.ARRANGED)
    OPEN = (*WAITING, State.DEPARTED)

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="transfers")
    stay = models.ForeignKey(
        Stay, models.PROTECT, null=True, blank=True, verbose_name=_("Quarantine stay"), related_name="transfers"
    )
    from_address = EncryptedTextField(_("Picked up at"), mask="address")
    destination = models.CharField(_("Goes to"), max_length=8, choices=Destination.choices, default=Destination.SITE)
    to_site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, verbose_name=_("Site"), related_name="transfers"
    )
    to_name = models.CharField(_("Name of the place"), max_length=80, blank=True)
    to_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Receiving area"), related_name="+")
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.ORDERED, editable=False)
    ordered_at = models.DateTimeField(_("Ordered at"), default=now, editable=False)
    due_at = models.DateTimeField(_("Due"), editable=False)
    departed_at = models.DateTimeField(_("Departed at"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("Received at"), null=True, blank=True, editable=False)
    vehicle = models.CharField(_("Vehicle"), max_length=20, blank=True)
    team = models.CharField(_("Transfer team"), max_length=60, blank=True)
    subject_id = models.UUIDField(_("Because of"), null=True, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Transfer")
        verbose_name_plural = _("Transfers")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["ORDERED", "ON_HOLD", "ACCEPTED", "ARRANGED", "DEPARTED"]),
                name="one_open_transfer_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(destination="SITE") | Q(to_site__isnull=False), name="transfer_names_its_site"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DEPARTED", "RECEIVED"]) | Q(departed_at__isnull=False),
                name="transfer_departed_some_time",
            ),
            models.CheckConstraint(
                condition=Q(state="RECEIVED", received_at__isnull=False)
                | (~Q(state="RECEIVED") & Q(received_at__isnull=True)),
                name="transfer_received_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="transfer_area_state"),
            models.Index(fields=["to_area", "state", "due_at"], name="transfer_to_state"),
            models.Index(fields=["subject_id"], name="transfer_subject"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether the person has still to arrive."""
        return self.state in self.OPEN

    def __str__(self) -> str:
        return f"{self.person} → {self.to_site or self.to_name or self.get_destination_display()}"
