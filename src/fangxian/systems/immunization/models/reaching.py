"""Whoever was asked and is not vaccinated: why, and when to ask again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.records import Record
from fangxian.systems.immunization.words import Refused
from fangxian.systems.people.models import Person


class Refusal(Record):
    """One answer of somebody who was asked. The latest counts; the area is the person's."""

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="vaccine_refusals")
    disease = models.CharField(_("Disease"), max_length=40)
    reason = models.CharField(_("Reason"), max_length=8, choices=Refused.choices)
    asked_at = models.DateTimeField(_("Asked"), default=now)
    ask_again_on = models.DateField(
        _("Ask again on"), null=True, blank=True, help_text=_("Left empty, the rule of the pack counts.")
    )
    is_latest = models.BooleanField(_("Holds"), default=True, editable=False)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Refusal")
        verbose_name_plural = _("Refusals")
        constraints = [
            models.UniqueConstraint(fields=["person", "disease"], condition=Q(is_latest=True), name="one_refusal_holds")
        ]
        indexes = [
            models.Index(fields=["area", "is_latest", "ask_again_on"], name="refusal_area_again"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_reason_display()}"
