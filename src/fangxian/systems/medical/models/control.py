"""Rounds of infection control in a facility: one answer an item."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import DAY, shown
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.medical.models.facilities import Facility
from fangxian.systems.medical.words import Answered, Item


class ControlRound(Attached, Record):
    """Somebody walked through a facility and answered every item."""

    facility = models.ForeignKey(Facility, models.PROTECT, verbose_name=_("Facility"), related_name="control_rounds")
    done_at = models.DateTimeField(_("Done at"))
    asked = models.PositiveSmallIntegerField(_("Items asked"), default=0, editable=False)
    missed = models.PositiveSmallIntegerField(_("Not fulfilled"), default=0, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Round of infection control")
        verbose_name_plural = _("Rounds of infection control")
        indexes = [
            models.Index(fields=["area", "done_at"], name="control_area_at"),
            models.Index(fields=["facility", "done_at"], name="control_facility_at"),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {shown(self.done_at, DAY)}"


class ControlAnswer(Record):
    """The answer to one item of a round; “no” says what was seen and becomes a finding."""

    control_round = models.ForeignKey(
        ControlRound, models.CASCADE, verbose_name=_("Round of infection control"), related_name="answers"
    )
    item = models.CharField(_("Item"), max_length=20, choices=Item.choices)
    value = models.CharField(_("Fulfilment"), max_length=16, choices=Answered.choices)
    seen = models.CharField(_("What was seen"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Answer of a round")
        verbose_name_plural = _("Answers of rounds")
        constraints = [models.UniqueConstraint(fields=["control_round", "item"], name="answer_item_once")]
        indexes = [models.Index(fields=["area", "value"], name="answer_area_value")]

    def __str__(self) -> str:
        return f"{self.control_round} {self.get_item_display()}"
