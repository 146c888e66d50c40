"""Words of pharmacies: classes of medicine, steps of the ladder, for whom, what a call-back found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Drug(models.TextChoices):
    """Classes of medicine; which of them are under watch, the pack says."""

    FEVER = "FEVER", _("Fever medicine")
    COUGH = "COUGH", _("Cough medicine")
    ANTIVIRAL = "ANTIVIRAL", _("Antiviral")
    ANTIBIOTIC = "ANTIBIOTIC", _("Antibiotic")
    OTHER = "OTHER", _("Not under watch")


class Stage(models.TextChoices):
    """The steps of the ladder, from nothing asked to nothing sold."""

    FREE = "FREE", _("Free sale")
    SENTINEL = "SENTINEL", _("Sentinels report volumes")
    REAL_NAME = "REAL_NAME", _("Real-name register")
    STOPPED = "STOPPED", _("Sale stopped")


class ForWhom(models.TextChoices):
    """Who will take the medicine, seen from the buyer."""

    SELF = "SELF", _("The buyer")
    CHILD = "CHILD", _("A child of the buyer")
    PARENT = "PARENT", _("A parent of the buyer")
    FAMILY = "FAMILY", _("Somebody else of the family")
    OTHER = "OTHER", _("Another person")


class Wrong(models.TextChoices):
    """What is wrong with a sale that has happened although the ladder did not allow it."""

    STOPPED = "STOPPED", _("Sold although the sale is stopped")
    NO_NAME = "NO_NAME", _("Sold without the real name")


class Called(models.TextChoices):
    """What a call-back found."""

    WELL = "WELL", _("Well again")
    STILL_ILL = "STILL_ILL", _("Still unwell")
    WENT = "WENT", _("Went to the fever clinic")
    NOT_REACHED = "NOT_REACHED", _("Not reached by phone")
    WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")


SETTLED = (Called.WELL, Called.WENT)
"""What ends a call-back; anything else leaves it to the township."""
