"""The enumerations of the workforce."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FrontlineWork(models.TextChoices):
    """What kind of front-line work a shift is; the packs say which kinds are a closed loop and which are paid how."""

    DUTY = "DUTY", _("Duty at the command")
    CHECKPOINT = "CHECKPOINT", _("Checkpoint")
    SAMPLING = "SAMPLING", _("Sampling")
    SITE = "SITE", _("Isolation site")
    MEDICAL = "MEDICAL", _("Treatment of the ill")
    INVESTIGATION = "INVESTIGATION", _("Investigation of cases")
    TRANSPORT = "TRANSPORT", _("Transfer and transport")
    COMMUNITY = "COMMUNITY", _("Community and village")
    OTHER = "OTHER", _("Other front-line work")


class Limit(models.TextChoices):
    """What a person's load is held against."""

    SHIFT = "SHIFT", _("Shift too long")
    WEEK = "WEEK", _("Too many hours in seven days")
    NIGHTS = "NIGHTS", _("Too many nights in seven days")
    DAYS = "DAYS", _("Too many days without rest")
    REST = "REST", _("Too little rest between shifts")
    LOOP = "LOOP", _("Too long in the closed loop")


class StatementState(models.TextChoices):
    """How far a statement of subsidies is."""

    DRAWN = "DRAWN", _("Drawn up")
    SEEN = "SEEN", _("Agreed by one")
    APPROVED = "APPROVED", _("Agreed by two")


class Asked(models.TextChoices):
    """In which way somebody was asked."""

    QUIZ = "QUIZ", _("Quiz")
    ON_THE_SPOT = "ON_THE_SPOT", _("Asked on the spot")


class Going(models.TextChoices):
    """Who goes down to the front line, and as what."""

    STAFF = "STAFF", _("Staff sent to the front line")
    LEADER = "LEADER", _("Field visit of a leader")
