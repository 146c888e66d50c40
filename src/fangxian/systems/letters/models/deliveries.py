"""Messages to partner installations that wait or have gone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.letters.models.letters import Letter


class Delivery(models.Model):
    """A message that has to reach a partner. What it says is written when it is tried, from the letter as it stands."""

    class Kind(models.TextChoices):
        LETTER = "LETTER", _("Letter")
        ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT", _("Acknowledgement")
        ANSWER = "ANSWER", _("Answer")
        REMINDER = "REMINDER", _("Reminder")

    class Outcome(models.TextChoices):
        WAITING = "WAITING", _("Waiting to go out")
        DELIVERED = "DELIVERED", _("Delivered")
        REFUSED = "REFUSED", _("Refused by the other side")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    letter = models.ForeignKey(Letter, models.PROTECT, related_name="deliveries")
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    state = models.CharField(_("State"), max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    attempts = models.PositiveIntegerField(_("Attempts"), default=0)
    next_at = models.DateTimeField(_("Next attempt"), default=now)
    error = models.CharField(_("Last error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("Created"), default=now)
    delivered_at = models.DateTimeField(_("Delivered at"), null=True)

    class Meta:
        verbose_name = _("Message to a partner")
        verbose_name_plural = _("Messages to partners")
        indexes = [models.Index(fields=["state", "next_at"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(fields=["letter", "kind"], condition=Q(state="WAITING"), name="delivery_waits_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
