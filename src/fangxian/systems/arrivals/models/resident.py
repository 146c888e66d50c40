"""What a resident without an account holds: a personal link, and the right to appeal."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import DAY, shown
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.arrivals.models.loop import Loop
from fangxian.systems.people.models import Person


class PersonalLink(Record):
    """An address only its holder knows; only its fingerprint is kept. Opens with the last digits of the phone."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="personal_links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    code_hash = models.CharField(max_length=64, editable=False)
    asks_phone = models.BooleanField(_("Opens with the phone's last digits"), default=True)
    expires_at = models.DateTimeField(_("Expires"))
    revoked_at = models.DateTimeField(_("Revoked at"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("Wrong tries"), default=0)
    locked_until = models.DateTimeField(_("Locked until"), null=True, blank=True)
    opened_at = models.DateTimeField(_("Last opened"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Personal link")
        verbose_name_plural = _("Personal links")
        indexes = [models.Index(fields=["person", "expires_at"], name="personal_link_person")]

    def __str__(self) -> str:
        return f"{self.person} {shown(self.expires_at, DAY)}"


class Appeal(Record):
    """The resident says that the plan is wrong; somebody who did not make it proposes the answer, another decides."""

    class State(models.TextChoices):
        ASKED = "ASKED", _("Waiting for an answer")
        PROPOSED = "PROPOSED", _("Answer proposed")
        UPHELD = "UPHELD", _("The plan stands")
        GRANTED = "GRANTED", _("The appeal is granted")

    OPEN = (State.ASKED, State.PROPOSED)

    loop = models.ForeignKey(Loop, models.PROTECT, verbose_name=_("Closed loop"), related_name="appeals")
    text = EncryptedTextField(_("What is wrong"), mask="text")
    asked_at = models.DateTimeField(_("Asked at"))
    due_at = models.DateTimeField(_("Answer due"))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ASKED)
    proposal = models.CharField(_("Proposed answer"), max_length=10, choices=State.choices, blank=True)
    proposed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+",
                                    verbose_name=_("Proposed by"))  # fmt: skip
    answer = models.TextField(_("Answer given"), blank=True)
    answered_at = models.DateTimeField(_("Answer given at"), null=True, blank=True)
    answered_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+",
                                    verbose_name=_("Answered by"))  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Appeal")
        verbose_name_plural = _("Appeals")
        constraints = [
            models.UniqueConstraint(
                fields=["loop"], condition=Q(state__in=["ASKED", "PROPOSED"]), name="one_open_appeal_a_loop"
            )
        ]
        indexes = [models.Index(fields=["area", "state", "due_at"], name="appeal_area_state")]

    def __str__(self) -> str:
        return f"{self.loop} {self.get_state_display()}"


class Knock(models.Model):
    """How often one sender knocked at a public door in a stretch of time: a fingerprint, never an address."""

    door = models.CharField(max_length=24)
    sender = models.CharField(max_length=64)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["door", "sender", "since"], name="knock_once")]
        verbose_name = _("Knock at a public door")
        verbose_name_plural = _("Knocks at public doors")

    def __str__(self) -> str:
        return f"{self.door} {self.count}"
