"""Rounds of infection control in a facility: one answer an item."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.medical.models.facilities import Facility


class Item(models.TextChoices):
    """What a round looks at; which of them, and how often, says the pack."""

    PRE_EXAMINATION = "PRE_EXAMINATION", _("Pre-examination and triage at the only entrance")
    FEVER_ROUTE = "FEVER_ROUTE", _("Fever patients have a way of their own to the fever clinic")
    ZONES = "ZONES", _("Clean, semi-contaminated and contaminated zones are apart")
    PROTECTION = "PROTECTION", _("Staff wear what their zone asks for and take it off in order")
    HAND_HYGIENE = "HAND_HYGIENE", _("Hands are cleaned at each of the five moments")
    VENTILATION = "VENTILATION", _("Rooms are aired, air is not carried between zones")
    DISINFECTION = "DISINFECTION", _("Surfaces are disinfected and it is written down")
    WASTE = "WASTE", _("Medical waste is packed, weighed, signed for twice")
    STAFF_TESTING = "STAFF_TESTING", _("Staff are tested as often as the rule asks")
    STAFF_HEALTH = "STAFF_HEALTH", _("Staff with symptoms are kept from work and looked after")
    INPATIENTS = "INPATIENTS", _("New inpatients and their carers are tested before the ward")
    VISITORS = "VISITORS", _("One carer a patient, visitors are registered")
    TRAINING = "TRAINING", _("Everybody has been trained this quarter, cleaners too")
    ISOLATION_WARD = "ISOLATION_WARD", _("A buffer ward keeps whoever is not yet cleared")


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
        return f"{self.facility} {self.done_at:%Y-%m-%d}"


class ControlAnswer(Record):
    """The answer to one item of a round; “no” says what was seen and becomes a finding."""

    class Value(models.TextChoices):
        YES = "YES", _("Fulfilled")
        NO = "NO", _("Not fulfilled")
        NOT_APPLICABLE = "NOT_APPLICABLE", _("Does not apply")

    control_round = models.ForeignKey(
        ControlRound, models.CASCADE, verbose_name=_("Round of infection control"), related_name="answers"
    )
    item = models.CharField(_("Item"), max_length=20, choices=Item.choices)
    value = models.CharField(_("Answer"), max_length=16, choices=Value.choices)
    seen = models.CharField(_("What was seen"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Answer of a round")
        verbose_name_plural = _("Answers of rounds")
        constraints = [models.UniqueConstraint(fields=["control_round", "item"], name="answer_item_once")]
        indexes = [models.Index(fields=["area", "value"], name="answer_area_value")]

    def __str__(self) -> str:
        return f"{self.control_round} {self.get_item_display()}"
