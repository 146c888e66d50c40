"""The enumerations of bulletins."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST = 60_000
"""Characters of one document: some fifty pages."""


class MeasureState(models.TextChoices):
    """What a person made of a proposed measure."""

    PROPOSED = "PROPOSED", _("Waits for a decision")
    CONFIRMED = "CONFIRMED", _("Confirmed as a measure")
    REJECTED = "REJECTED", _("Not a measure")


class MeasureMode(models.TextChoices):
    """How a measure stands in its bulletin."""

    ORDERED = "ORDERED", _("To be done")
    REPORTED = "REPORTED", _("Reported as done")
    INSPECTED = "INSPECTED", _("Seen on an inspection")


class MeasureLevel(models.TextChoices):
    """How far down a measure reaches."""

    PREFECTURE = "PREFECTURE", _("Prefecture")
    COUNTY = "COUNTY", _("County")
    TOWNSHIP = "TOWNSHIP", _("Township")
    VILLAGE = "VILLAGE", _("Village")
    PERSON = "PERSON", _("Single person")


class Every(models.TextChoices):
    """The period of what is done again and again."""

    DAY = "DAY", _("Every day")
    WEEK = "WEEK", _("Every week")
    MONTH = "MONTH", _("Every month")
    QUARTER = "QUARTER", _("Every quarter")
    YEAR = "YEAR", _("Every year")


class RepairKind(models.TextChoices):
    """What a repair undid; the values are the engine's."""

    PINYIN = "pinyin", _("Pinyin note taken out")
    COMMA = "comma", _("Inserted comma taken out")
    BYTES = "bytes", _("Shifted bytes read anew")
    LOST = "lost", _("Lost byte, character chosen")
    SCRIPT = "script", _("Traditional to simplified")
    FURNITURE = "furniture", _("Page around the article removed")
    REPEATED = "repeated", _("Repetition removed")
    DOUBTFUL = "doubtful", _("Doubtful beside damage, left as it is")
    UNREADABLE = "unreadable", _("Unreadable, left as it is")


class Sureness(models.TextChoices):
    """How sure a repair is; the values are the engine's."""

    CERTAIN = "certain", _("Certain")
    LIKELY = "likely", _("Likely")
    GUESS = "guess", _("Guess")
