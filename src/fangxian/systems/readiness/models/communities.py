"""An epidemic-free community (无疫小区): one application, and what became of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.readiness.words import CommunityState


def _by(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=label, related_name="+"
    )


class EpidemicFree(Record):
    """The area is the community. What decided it last is kept: each criterion with its figure, and under which pack.

    Another try is another row. `broken` counts the criteria that did not hold at the last check; while the status
    holds it is 0, and the table itself refuses anything else.
    """

    State = CommunityState
    OPEN = (CommunityState.APPLIED, CommunityState.GRANTED)
    OVER = (CommunityState.REFUSED, CommunityState.REVOKED, CommunityState.EXPIRED)

    state = models.CharField(
        _("State"), max_length=8, choices=CommunityState.choices, default=CommunityState.APPLIED, editable=False
    )
    note = models.CharField(_("What the community says"), max_length=200, blank=True)
    verdicts = models.JSONField(_("Criteria at the last check"), default=list, blank=True, editable=False)
    broken = models.PositiveSmallIntegerField(_("Criteria not met"), default=0, editable=False)
    checked_at = models.DateTimeField(_("Last check"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True, editable=False)
    decided_by = _by(_("Decided by"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True, editable=False)
    asked_by = _by(_("Revocation asked for by"))
    asked_why = models.CharField(_("Why it should be revoked"), max_length=200, blank=True, editable=False)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True, editable=False)
    ended_by = _by(_("Ended by"))
    ended_why = models.CharField(_("Why it ended"), max_length=200, blank=True, editable=False)
    again_from = models.DateField(_("May apply again from"), null=True, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Epidemic-free community")
        verbose_name_plural = _("Epidemic-free communities")
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=Q(state__in=["APPLIED", "GRANTED"]), name="epidemic_free_once_open"
            ),
            models.CheckConstraint(condition=~Q(state="GRANTED") | Q(broken=0), name="epidemic_free_with_all_met"),
            models.CheckConstraint(
                condition=~Q(state="GRANTED")
                | Q(decided_at__isnull=False, decided_by__isnull=False, valid_until__isnull=False),
                name="epidemic_free_granted_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="epidemic_free_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(created_by=None) | ~Q(decided_by=F("created_by")),
                name="epidemic_free_granted_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None) | Q(asked_by=None) | ~Q(ended_by=F("asked_by")),
                name="epidemic_free_revoked_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REFUSED", "REVOKED", "EXPIRED"])
                | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="epidemic_free_ends_with_reason",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["area", "state"], name="epidemic_free_area_state")]

    def __str__(self) -> str:
        return f"{self.area} {self.get_state_display()}"

    @property
    def ended_why_text(self) -> str:
        """Why it ended: a message id where evidence or time ended it, what an officer wrote otherwise."""
        return gettext(self.ended_why) if self.ended_why else ""
