"""The words of publicity: what is said, to whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageKind(models.TextChoices):
    """What a message is."""

    NOTICE = "NOTICE", _("Public notice")
    HABIT = "HABIT", _("Health tip")
    TRAVEL = "TRAVEL", _("Travel advice")


class Audience(models.TextChoices):
    """To whom it is said."""

    ALL = "ALL", _("All residents")
    ARRIVALS = "ARRIVALS", _("Whoever arrives from elsewhere")
    AT_HOME = "AT_HOME", _("People quarantined at home")
    SITE_GUESTS = "SITE_GUESTS", _("Guests of quarantine sites")
    MONITORED = "MONITORED", _("People who monitor their own health")
    VENUES = "VENUES", _("Shops and other venues")
    SCHOOLS = "SCHOOLS", _("Schools")
    PHARMACIES = "PHARMACIES", _("Pharmacies")
    OFFICERS = "OFFICERS", _("Officers, by role")
    VOLUNTEERS = "VOLUNTEERS", _("Volunteers")


class MessageChannel(models.TextChoices):
    """By which way it goes out. What leaves the platform is handed out as text, to be sent by somebody else."""

    PAGE = "PAGE", _("Public page")
    OWN_PAGE = "OWN_PAGE", _("Own page of whom it concerns")
    BROADCAST = "BROADCAST", _("Village loudspeaker (text to read out)")
    SMS = "SMS", _("Short message (text to be sent elsewhere)")
