"""An infection among guests begins somebody else's days anew: whose, why, by which rule."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Record
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models.stays import Stay


class ClockRestart(Record):
    """One stay counted anew because of one infected guest. Withdrawn when the result behind it is."""

    scope_fields = ("area", "present_area")

    class Via(models.TextChoices):
        ROOM = "ROOM", _("Same room")
        FLOW = "FLOW", _("Same wing (shared air and corridor)")
        FLOOR = "FLOOR", _("Same floor")
        SITE = "SITE", _("Same site")

    class State(models.TextChoices):
        IN_FORCE = "IN_FORCE", _("In force")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    stay = models.ForeignKey(Stay, models.PROTECT, verbose_name=_("Quarantine stay"), related_name="restarts")
    present_area = models.ForeignKey(
        "core.Area", models.PROTECT, null=True, blank=True, verbose_name=_("Present area"), related_name="+"
    )
    infected = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Infected guest"), related_name="+")
    result_id = models.UUIDField(_("Because of the result"), editable=False)
    via = models.CharField(_("How exposed"), max_length=5, choices=Via.choices)
    exposed_on = models.DateField(_("Last exposed on"))
    was_until = models.DateField(_("Was to stay until"))
    until = models.DateField(_("Now until"))
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.IN_FORCE, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Restarted clock")
        verbose_name_plural = _("Restarted clocks")
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "result_id"], condition=Q(state="IN_FORCE"), name="restart_once_a_result"
            ),
        ]
        indexes = [models.Index(fields=["result_id"], name="restart_result")]

    def __str__(self) -> str:
        return f"{self.stay} → {self.until}"
