"""Partner installations, and which of their messages were seen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer
from fangxian.core.records import Record


class Peer(Record):
    """Another installation of the platform, and the public key by which we know it."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Waits for the second officer")
        TRUSTED = "TRUSTED", _("Trusted")
        REVOKED = "REVOKED", _("Trusted no longer")

    name = models.CharField(_("Name"), max_length=80)
    code = CodeField(_("Answers for the area"), max_length=24, db_index=True)
    url = models.CharField(_("Address"), max_length=200)
    public_key = models.CharField(_("Public key"), max_length=64)
    fingerprint = models.CharField(_("Fingerprint"), max_length=64, unique=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED)
    confirmed_at = models.DateTimeField(_("Confirmed at"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Confirmed by"), related_name="+"
    )
    heard_at = models.DateTimeField(_("Last heard of"), null=True, blank=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Partner installation")
        verbose_name_plural = _("Partner installations")
        indexes = [models.Index(fields=["area", "state"], name="peer_area_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="peer_confirmed_by_someone",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SeenEnvelope(models.Model):
    """An envelope a partner has sent us: the same one is never opened twice."""

    id = models.UUIDField(primary_key=True)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        verbose_name = _("Envelope already opened")
        verbose_name_plural = _("Envelopes already opened")

    def __str__(self) -> str:
        return str(self.pk)
