"""The words of arrivals: how somebody comes, how we know, what the rules make of it, how far it has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Means(models.TextChoices):
    """How somebody comes."""

    TRAIN = "TRAIN", _("Train")
    AIRCRAFT = "AIRCRAFT", _("Aircraft")
    COACH = "COACH", _("Coach")
    ROAD = "ROAD", _("Own vehicle")
    SHIP = "SHIP", _("Ship")
    OTHER = "OTHER", _("Other")


class Channel(models.TextChoices):
    """How we know of an arrival."""

    DECLARED = "DECLARED", _("Declared by the traveller")
    STATION = "STATION", _("List of a station")
    AIRPORT = "AIRPORT", _("List of an airport")
    CHECKPOINT = "CHECKPOINT", _("Checkpoint")
    DOOR = "DOOR", _("Found at the door")
    HAND_OVER = "HAND_OVER", _("Hand-over of another city")
    LETTER = "LETTER", _("Letter of assistance")


class Category(models.TextChoices):
    """What the rules make of a travel history; computed, never typed."""

    HIGH = "HIGH", _("High-risk area")
    MEDIUM = "MEDIUM", _("Medium-risk area")
    LOW = "LOW", _("County with risk areas")
    OVERSEAS = "OVERSEAS", _("From abroad")
    RELEASED = "RELEASED", _("Released from entry quarantine elsewhere")
    OUTSIDE = "OUTSIDE", _("Another province, no risk area")
    NONE = "NONE", _("No rule applies")


class LoopState(models.TextChoices):
    """How far a closed loop has come."""

    OPEN = "OPEN", _("Under way")
    COMPLETED = "COMPLETED", _("Completed")
    CLOSED = "CLOSED", _("Closed early")
