"""The words of risk areas: levels and zones, and what puts a person into one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Risk levels, the zones of the 8th edition, the end of either, and what never was."""

    HIGH = "HIGH", _("High risk")
    MEDIUM = "MEDIUM", _("Medium risk")
    LOW = "LOW", _("Low risk")
    LOCKDOWN = "LOCKDOWN", _("Lockdown zone")
    CONTROL = "CONTROL", _("Control zone")
    ALERT = "ALERT", _("Alert zone")
    PRECAUTION = "PRECAUTION", _("Precaution zone")
    LIFTED = "LIFTED", _("Lifted")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class Because(models.TextChoices):
    """By what somebody is known to have been in an area."""

    RESIDENCE = "RESIDENCE", _("Lives there")
    STAY = "STAY", _("Declared a stay")
    PASSAGE = "PASSAGE", _("Passed a checkpoint from there")
    VISIT = "VISIT", _("Checked in there")
