"""What a grid worker found at a door on a day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.records import Record


class DoorCall(Record):
    """One door on one day: who was seen, who was away, or why nobody was. Entered again, it corrects the first."""

    class Outcome(models.TextChoices):
        SEEN = "SEEN", _("Everybody as on the roster")
        SOME = "SOME", _("Seen, but not everybody")
        NOBODY = "NOBODY", _("Nobody at home")
        REFUSED = "REFUSED", _("Refused")
        EMPTY = "EMPTY", _("Nobody lives here")

    REACHED = (Outcome.SEEN, Outcome.SOME, Outcome.EMPTY)

    household = models.ForeignKey(
        "people.Household", models.PROTECT, verbose_name=_("Household"), related_name="door_calls"
    )
    day = models.DateField(_("Day"))
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome.choices)
    away = models.JSONField(_("Away"), default=list, blank=True, editable=False)
    reminded = models.JSONField(_("Reminded of"), default=list, blank=True, editable=False)
    called_at = models.DateTimeField(_("Called at"), default=now, editable=False)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Call at a door")
        verbose_name_plural = _("Calls at doors")
        constraints = [models.UniqueConstraint(fields=["household", "day"], name="door_call_once_a_day")]
        indexes = [models.Index(fields=["area", "day", "outcome"], name="door_call_area_day")]

    def __str__(self) -> str:
        return f"{self.household} {self.day}"
