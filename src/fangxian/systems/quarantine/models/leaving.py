"""The paper with which somebody leaves: what was found in place, by which rule, signed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.records import Record
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models.stays import Stay


class ReleaseProof(Record):
    """Proof of release: number, rule, pack and evidence; its code can be checked by whoever holds the public key."""

    scope_fields = ("area", "present_area")

    class State(models.TextChoices):
        VALID = "VALID", _("Valid")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    stay = models.ForeignKey(Stay, models.PROTECT, verbose_name=_("Quarantine stay"), related_name="proofs")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="release_proofs")
    present_area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, verbose_name=_("Present area"), related_name="+"
    )
    number = models.CharField(_("Number"), max_length=30, unique=True, editable=False)
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.VALID, editable=False)
    starts_on = models.DateField(_("From"), editable=False)
    released_on = models.DateField(_("Released on"), editable=False)
    where = models.CharField(_("Where"), max_length=120, blank=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    evidence = models.JSONField(_("Evidence"), default=list, editable=False)
    code = models.CharField(_("Signed code"), max_length=200, editable=False)
    issued_at = models.DateTimeField(_("Issued at"), default=now, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Proof of release")
        verbose_name_plural = _("Proofs of release")
        constraints = [
            models.UniqueConstraint(fields=["stay"], condition=Q(state="VALID"), name="one_valid_proof_a_stay"),
        ]
        indexes = [models.Index(fields=["area", "released_on"], name="proof_area_day")]

    def __str__(self) -> str:
        return self.number
