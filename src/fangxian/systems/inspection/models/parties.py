"""The four parties (四方责任): who answers for a duty at a place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.inspection.words import Duty


class FourParties(Record):
    """Locality, department, unit and individual for one duty at one place; whoever is not named is a gap."""

    PARTIES = ("locality", "department", "unit", "individual")

    where = models.CharField(_("Where"), max_length=120)
    duty = models.CharField(_("Duty"), max_length=20, choices=Duty.choices, default=Duty.EPIDEMIC)
    locality = models.CharField(_("Locality"), max_length=80, blank=True, help_text=_("Who leads the area."))
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Officer of the locality"), related_name="+"
    )
    department = models.CharField(_("Department in charge"), max_length=80, blank=True)
    unit = models.CharField(_("Unit (legal person)"), max_length=120, blank=True)
    individual = models.CharField(_("Person in charge"), max_length=40, blank=True)
    phone = EncryptedTextField(_("Phone"), mask="phone")
    subject_kind = models.CharField(_("About (kind)"), max_length=40, blank=True, editable=False)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Four-party duty")
        verbose_name_plural = _("Four-party duties")
        constraints = [models.UniqueConstraint(fields=["area", "where", "duty"], name="four_parties_once")]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="four_parties_subject")]

    def __str__(self) -> str:
        return f"{self.where} · {self.get_duty_display()}"

    @property
    def missing(self) -> list[str]:
        """The parties nobody is named for."""
        return [name for name in self.PARTIES if not getattr(self, name).strip()]
