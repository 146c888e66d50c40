"""A letter of assistance, the people on it, and who handed what over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.fields import BlindIndexField, CodeField, EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.letters.models.partners import Peer
from fangxian.systems.people.models import Person


class Action(models.TextChoices):
    """What is asked for with each person."""

    FIND = "FIND", _("Find and check the identity")
    ISOLATE = "ISOLATE", _("Quarantine")
    TEST = "TEST", _("Test")
    MONITOR = "MONITOR", _("Monitor health")
    REPLY = "REPLY", _("Reply")


class Letter(Attached, Record):
    """One letter, sent or received. Its area is our command; the other side is a code and a name, ours or not."""

    class Direction(models.TextChoices):
        OUT = "OUT", _("Sent by us")
        IN = "IN", _("Received by us")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SENT = "SENT", _("Sent, not acknowledged")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
        IN_PROGRESS = "IN_PROGRESS", _("Being worked on")
        PARTLY = "PARTLY", _("Partly answered")
        ANSWERED = "ANSWERED", _("Answered")
        CLOSED = "CLOSED", _("Closed")
        RECALLED = "RECALLED", _("Recalled")

    class Channel(models.TextChoices):
        LOCAL = "LOCAL", _("In this installation")
        PEER = "PEER", _("To a partner installation")
        DOCUMENT = "DOCUMENT", _("On paper or as a file")

    OPEN = (State.SENT, State.ACKNOWLEDGED, State.IN_PROGRESS, State.PARTLY)

    direction = models.CharField(_("Direction"), max_length=4, choices=Direction.choices)
    number = CodeField(_("Number"), max_length=40, blank=True, editable=False)
    their_number = models.CharField(_("Number of the other side"), max_length=60, blank=True)
    other_code = CodeField(_("Code of the other side"), max_length=24, blank=True)
    other_name = models.CharField(_("Other side"), max_length=80, blank=True)
    other_contact = models.CharField(_("How to reach them"), max_length=200, blank=True)
    channel = models.CharField(_("Way"), max_length=10, choices=Channel.choices, default=Channel.DOCUMENT)
    peer = models.ForeignKey(
        Peer, models.PROTECT, null=True, blank=True, verbose_name=_("Partner installation"), related_name="letters"
    )
    twin = models.UUIDField(_("The same letter at the other side"), null=True, blank=True, editable=False)
    disease = models.CharField(_("Disease"), max_length=40)
    subject_kind = models.CharField(_("About (kind)"), max_length=40, blank=True, editable=False)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)
    about = models.CharField(_("About"), max_length=120, blank=True)
    reason = models.CharField(_("Reason"), max_length=300)
    legal_basis = models.CharField(_("Legal basis"), max_length=300, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    asked = models.CharField(_("Asked for"), max_length=60, blank=True)
    deadline_rule = models.CharField(_("Rule of the deadline"), max_length=80, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(_("Edition"), default=0, editable=False)
    answer_revision = models.PositiveIntegerField(_("Edition of the answer"), default=0, editable=False)
    signature_needed = models.BooleanField(_("Needs a second signature"), default=False, editable=False)
    signed_at = models.DateTimeField(_("Signed at"), null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Signed by"), related_name="+"
    )
    sent_at = models.DateTimeField(_("Sent at"), null=True, blank=True, editable=False)
    acknowledge_by = models.DateTimeField(_("Acknowledge until"), null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("Answer until"), null=True, blank=True, editable=False)
    acknowledged_at = models.DateTimeField(_("Acknowledged at"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("Begun at"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("Answered at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("Letter closed at"), null=True, blank=True, editable=False)
    reminders = models.PositiveSmallIntegerField(_("Reminders"), default=0, editable=False)
    reminded_at = models.DateTimeField(_("Last reminded"), null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(_("Escalated at"), null=True, blank=True, editable=False)
    origin = models.UUIDField(_("Passed on from"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Letter of assistance")
        verbose_name_plural = _("Letters of assistance")
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="letter_number_once"),
            models.UniqueConstraint(
                fields=["direction", "twin"], condition=Q(direction="IN", twin__isnull=False), name="letter_in_once"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="letter_signed_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "direction", "state", "due_at"], name="letter_area_state"),
            models.Index(fields=["subject_id", "state"], name="letter_subject"),
            models.Index(fields=["state", "due_at"], name="letter_state_due"),
        ]

    def __str__(self) -> str:
        if self.number or not self.has_receiver:
            return self.number or str(_("Draft, receiver to be decided"))
        return str(_("Draft to %(name)s") % {"name": self.other_name or self.other_code})

    @property
    def has_receiver(self) -> bool:
        """Whether it is said whom it is for."""
        return bool(self.other_code or self.other_name)

    @property
    def state_shown(self) -> str:
        """The state as the side that reads it would say it: what was sent to us has been received."""
        waits = not self.is_out and self.state == self.State.SENT
        return str(_("Received, not acknowledged") if waits else self.get_state_display())

    @property
    def is_out(self) -> bool:
        """Whether it is ours to others."""
        return self.direction == self.Direction.OUT

    @property
    def actions(self) -> list[str]:
        """What is asked for, as words of `Action`."""
        return self.asked.split()

    @property
    def asked_text(self) -> str:
        """What is asked for, in words."""
        return ", ".join(str(Action(word).label) for word in self.actions)

    @property
    def is_late(self) -> bool:
        """Whether an acknowledgement or an answer is overdue."""
        return bool(self.late_since)

    @property
    def late_since(self):
        """Since when the other side (or we, of a letter received) are behind; None when nobody is."""
        if self.state not in self.OPEN:
            return None
        unseen = self.state == self.State.SENT and self.acknowledge_by and self.acknowledge_by < now()
        if unseen:
            return self.acknowledge_by
        return self.due_at if self.due_at and self.due_at < now() else None


class LetterItem(Record):
    """One person (or a vehicle, or goods) of a letter, and what became of them. Its area is who has it in hand."""

    scope_fields = ("area", "letter_area")

    class Kind(models.TextChoices):
        PERSON = "PERSON", _("Person")
        VEHICLE = "VEHICLE", _("Vehicle")
        GOODS = "GOODS", _("Goods")

    class Ring(models.TextChoices):
        CLOSE = "CLOSE", _("Close contact")
        SECONDARY = "SECONDARY", _("Secondary contact")
        GENERAL = "GENERAL", _("General contact")

    class Basis(models.TextChoices):
        RESIDENCE = "RESIDENCE", _("Home known to us")
        ADDRESS = "ADDRESS", _("Stated address")
        ID_REGION = "ID_REGION", _("Region of the identity number")
        PHONE = "PHONE", _("Region of the phone number")
        OFFICER = "OFFICER", _("Decided by an officer")
        NONE = "NONE", _("Nothing says where")

    class Certainty(models.TextChoices):
        HIGH = "3_HIGH", _("High")
        MEDIUM = "2_MEDIUM", _("Medium")
        LOW = "1_LOW", _("Low")

    class Match(models.TextChoices):
        NONE = "NONE", _("Not looked for")
        SAME = "SAME", _("Known to us")
        DOUBTFUL = "DOUBTFUL", _("May be somebody we know")
        NEW = "NEW", _("Not known to us")

    class Result(models.TextChoices):
        FOUND = "FOUND", _("Found")
        NOT_FOUND = "NOT_FOUND", _("Could not be found")
        TRANSFERRED = "TRANSFERRED", _("Passed on to another place")

    class Place(models.TextChoices):
        CENTRAL = "CENTRAL", _("Quarantine site")
        HOME = "HOME", _("At home")

    letter = models.ForeignKey(Letter, models.PROTECT, verbose_name=_("Letter"), related_name="items")
    letter_area = models.ForeignKey(
        Area, models.PROTECT, editable=False, verbose_name=_("Area of the letter"), related_name="+"
    )
    position = models.PositiveIntegerField(_("No."), default=0)
    twin = models.UUIDField(_("The same person at the other side"), null=True, blank=True, editable=False)
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices, default=Kind.PERSON)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person"), related_name="letter_items"
    )
    name = models.CharField(_("Full name"), max_length=60)
    sex = models.CharField(_("Sex"), max_length=8, choices=Person.Sex.choices, default=Person.Sex.UNKNOWN)
    id_type = models.CharField(
        _("Kind of identity paper"), max_length=10, choices=Person.IdType.choices, default=Person.IdType.RESIDENT
    )
    id_number = EncryptedTextField(_("Identity number"), mask="id")
    id_index = BlindIndexField(of="id_number")
    phone = EncryptedTextField(_("Phone"), mask="phone")
    address = EncryptedTextField(_("Address"), mask="address")
    ring = models.CharField(_("Ring"), max_length=10, choices=Ring.choices, blank=True)
    last_contact_at = models.DateTimeField(_("Last contact"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    subject_id = models.UUIDField(_("Because of"), null=True, blank=True, editable=False)
    basis = models.CharField(_("Sent there because of"), max_length=10, choices=Basis.choices, default=Basis.OFFICER)
    certainty = models.CharField(_("Certainty"), max_length=8, choices=Certainty.choices, default=Certainty.HIGH)
    match = models.CharField(_("Known to us?"), max_length=8, choices=Match.choices, default=Match.NONE)
    match_reason = models.CharField(_("How recognised"), max_length=120, blank=True)
    handed_on_at = models.DateTimeField(_("Handed on at"), null=True, blank=True, editable=False)
    result = models.CharField(_("Result of the search"), max_length=12, choices=Result.choices, blank=True)
    result_at = models.DateTimeField(_("Result at"), null=True, blank=True)
    isolated_since = models.DateTimeField(_("Quarantined since"), null=True, blank=True)
    isolated_in = models.CharField(_("Where"), max_length=8, choices=Place.choices, blank=True)
    tested_at = models.DateTimeField(_("Tested at"), null=True, blank=True)
    test_result = models.CharField(_("Test result"), max_length=14, blank=True)
    monitored_since = models.DateField(_("Monitored since"), null=True, blank=True)
    moved_to = models.CharField(_("Passed on to"), max_length=80, blank=True)
    result_note = models.CharField(_("Remark"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("Answered at"), null=True, blank=True, editable=False)
    refused = models.CharField(_("Refused by the other side"), max_length=200, blank=True, editable=False)
    recalled_at = models.DateTimeField(_("Recalled at"), null=True, blank=True, editable=False)
    recall_reason = models.CharField(_("Why recalled"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Person of a letter")
        verbose_name_plural = _("People of letters")
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "subject_id"], condition=Q(subject_id__isnull=False), name="item_once_a_letter"
            )
        ]
        indexes = [
            models.Index(fields=["area", "result"], name="item_area_result"),
            models.Index(fields=["letter_area", "result"], name="item_letter_area"),
            models.Index(fields=["letter", "position"], name="item_letter"),
            models.Index(fields=["subject_id"], name="item_subject"),
            models.Index(fields=["person"], name="item_person"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_recalled(self) -> bool:
        """Whether nobody has to look any more."""
        return self.recalled_at is not None

    def missing(self, actions: list[str]) -> list[str]:
        """Which of the things asked for have no answer yet; nothing when the person is not here to be looked after."""
        if self.is_recalled or self.result in (self.Result.NOT_FOUND, self.Result.TRANSFERRED):
            return []
        facts = {
            Action.ISOLATE: self.isolated_since, Action.TEST: self.tested_at, Action.MONITOR: self.monitored_since,
        }  # fmt: skip
        lacking = [word for word in actions if word in facts and not facts[Action(word)]]
        return lacking if self.result == self.Result.FOUND else [Action.FIND, *lacking]


class HandOver(Record):
    """One step of a letter between hands, with its time: sent, acknowledged, handed on, reminded, answered …"""

    class Kind(models.TextChoices):
        DRAFTED = "DRAFTED", _("Drafted")
        SIGNED = "SIGNED", _("Signed")
        SENT = "SENT", _("Sent out")
        DELIVERED = "DELIVERED", _("Delivered")
        RECEIVED = "RECEIVED", _("Letter received")
        ACKNOWLEDGED = "ACKNOWLEDGED", _("Acknowledged")
        HANDED_ON = "HANDED_ON", _("Handed on")
        PASSED_ON = "PASSED_ON", _("Passed on to another command")
        REMINDED = "REMINDED", _("Reminder sent")
        ESCALATED = "ESCALATED", _("Taken to the level above")
        PARTLY = "PARTLY", _("Partly answered")
        ANSWERED = "ANSWERED", _("Answered")
        CORRECTED = "CORRECTED", _("Corrected")
        RECALLED = "RECALLED", _("Recalled")
        REFUSED = "REFUSED", _("Refused by the other side")
        CLOSED = "CLOSED", _("Closed")

    letter = models.ForeignKey(Letter, models.PROTECT, verbose_name=_("Letter"), related_name="hand_overs")
    kind = models.CharField(_("Step"), max_length=14, choices=Kind.choices)
    at = models.DateTimeField(_("At"), default=now)
    who = models.CharField(_("Handled by"), max_length=80, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    items = models.PositiveIntegerField(_("People"), default=0)

    class Meta(Record.Meta):
        verbose_name = _("Hand-over of a letter")
        verbose_name_plural = _("Hand-overs of letters")
        indexes = [
            models.Index(fields=["letter", "at"], name="handover_letter"),
            models.Index(fields=["area", "kind", "at"], name="handover_area"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class NumberSeries(models.Model):
    """The last number a command has given to its letters of a year and direction."""

    command = models.ForeignKey(Area, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=4, choices=Letter.Direction.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Number series of letters")
        verbose_name_plural = _("Number series of letters")
        constraints = [models.UniqueConstraint(fields=["command", "direction", "year"], name="letter_series_once")]

    def __str__(self) -> str:
        return f"{self.command_id} {self.direction} {self.year}: {self.last}"
