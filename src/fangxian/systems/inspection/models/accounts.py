"""Accountability (追责): who answers for what was not mended; proposed by one, decided by another, heard by a third."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.inspection.models.findings import Finding
from fangxian.systems.inspection.words import Measure


def _by(label: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=label, related_name="+", **more
    )


class Accountability(Attached, Record):
    """The record, the decision, the appeal and its hearing about one finding."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed, to be decided")
        DROPPED = "DROPPED", _("Not pursued")
        IN_FORCE = "IN_FORCE", _("Decided")
        APPEALED = "APPEALED", _("Appealed, to be heard")
        UPHELD = "UPHELD", _("Appeal heard: upheld")
        CHANGED = "CHANGED", _("Appeal heard: changed")
        REVOKED = "REVOKED", _("Appeal heard: revoked")

    OPEN = (State.PROPOSED, State.APPEALED)
    DECIDED = (State.DROPPED, State.IN_FORCE, State.APPEALED, State.UPHELD, State.CHANGED, State.REVOKED)
    HEARD = (State.UPHELD, State.CHANGED, State.REVOKED)

    finding = models.ForeignKey(Finding, models.PROTECT, verbose_name=_("Finding"), related_name="accounts")
    unit = models.CharField(_("Unit that answers"), max_length=120)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Officer who answers"), related_name="+"
    )
    measure = models.CharField(_("Measure"), max_length=12, choices=Measure.choices, default=Measure.TALK)
    reason = models.CharField(_("Facts"), max_length=400)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.PROPOSED, editable=False)
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True, editable=False)
    decided_by = _by(_("Decided by"))
    decision = models.CharField(_("Decision"), max_length=400, blank=True, editable=False)
    appeal_until = models.DateTimeField(_("Appeal until"), null=True, blank=True, editable=False)
    appeal = models.CharField(_("Appeal"), max_length=500, blank=True, editable=False)
    appealed_at = models.DateTimeField(_("Appealed at"), null=True, blank=True, editable=False)
    appealed_by = _by(_("Appealed by"))
    heard_at = models.DateTimeField(_("Heard at"), null=True, blank=True, editable=False)
    heard_by = _by(_("Heard by"))
    hearing = models.CharField(_("Outcome of the hearing"), max_length=400, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Accountability")
        verbose_name_plural = _("Accountability")
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "unit"], condition=Q(state__in=["PROPOSED", "APPEALED"]), name="account_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED") | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="account_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(created_by=None) | ~Q(decided_by=F("created_by")),
                name="account_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["UPHELD", "CHANGED", "REVOKED"])
                | Q(heard_at__isnull=False, heard_by__isnull=False),
                name="account_heard_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(appealed_at=None, appealed_by=None)
                | Q(appealed_at__isnull=False, appealed_by__isnull=False),
                name="account_appealed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(heard_by=None) | ~Q(heard_by=F("decided_by")), name="account_heard_by_another"
            ),
        ]
        indexes = [models.Index(fields=["area", "state"], name="account_area_state")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_measure_display()}"
