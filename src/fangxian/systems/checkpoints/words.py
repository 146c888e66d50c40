"""The words of the system: points, passages, what is looked at, what is decided, why something stands out."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PointKind(models.TextChoices):
    """Kinds of points of entry."""

    ROAD = "ROAD", _("Road checkpoint")
    RAILWAY = "RAILWAY", _("Railway station")
    COACH = "COACH", _("Coach station")
    AIRPORT = "AIRPORT", _("Airport")
    WHARF = "WHARF", _("Wharf")


class Direction(models.TextChoices):
    """Which way."""

    IN = "IN", _("Inwards")
    OUT = "OUT", _("Outwards")


class PlateKind(models.TextChoices):
    """What kind of plate: the civil ones are checked against their standard, the others are text."""

    CIVIL = "CIVIL", _("Civil plate")
    MILITARY = "MILITARY", _("Military or armed police")
    EMBASSY = "EMBASSY", _("Embassy or consulate")
    TRACTOR = "TRACTOR", _("Tractor or farm vehicle")
    FOREIGN = "FOREIGN", _("Foreign plate")
    TEMPORARY = "TEMPORARY", _("Temporary plate")


class Purpose(models.TextChoices):
    """Why somebody passes."""

    COMMUTE = "COMMUTE", _("To work or school")
    HOME = "HOME", _("Going home")
    GOODS = "GOODS", _("Freight")
    MEDICAL = "MEDICAL", _("To a doctor")
    EMERGENCY = "EMERGENCY", _("Emergency vehicle")
    TRANSIT = "TRANSIT", _("Passing through")
    OTHER = "OTHER", _("Other")


class CodeState(models.TextChoices):
    """What the health code shows."""

    GREEN = "GREEN", _("Green code")
    YELLOW = "YELLOW", _("Yellow code")
    RED = "RED", _("Red code")
    NONE = "NONE", _("No code")
    UNSEEN = "UNSEEN", _("Not looked at")


class Decision(models.TextChoices):
    """What is decided at the barrier."""

    LET_THROUGH = "LET_THROUGH", _("Let through")
    TURNED_BACK = "TURNED_BACK", _("Turned back")
    REFERRED = "REFERRED", _("Referred (test or registration)")
    HELD = "HELD", _("Held")


class Striking(models.TextChoices):
    """Why a passage stands out; the gravest first."""

    CASE_SOUGHT = "CASE_SOUGHT", _("A case is among them")
    QUARANTINED = "QUARANTINED", _("Should be in quarantine")
    CONTACT = "CONTACT", _("A contact under management is among them")
    VEHICLE_SOUGHT = "VEHICLE_SOUGHT", _("The vehicle is sought")
    RED_CODE = "RED_CODE", _("Red code")
    RISK_HIGH = "RISK_HIGH", _("Comes from a high-risk area")
    FEVER = "FEVER", _("Fever")
    RISK_MEDIUM = "RISK_MEDIUM", _("Comes from a medium-risk area")
    YELLOW_CODE = "YELLOW_CODE", _("Yellow code")
    RISK_LOW = "RISK_LOW", _("Comes from an area with cases")
    NO_CODE = "NO_CODE", _("No health code")
    TEST_MISSING = "TEST_MISSING", _("No test in time")
    NOT_DISINFECTED = "NOT_DISINFECTED", _("Goods without proof of disinfection")


GRAVITY = {reason: number for number, reason in enumerate(Striking.values)}


class ShiftState(models.TextChoices):
    """Where a shift stands."""

    PLANNED = "PLANNED", _("Planned")
    ON = "ON", _("On duty")
    LEAVING = "LEAVING", _("Handed over, not yet taken over")
    DONE = "DONE", _("Taken over")


class Carrier(models.TextChoices):
    """What a manifest is of."""

    FLIGHT = "FLIGHT", _("Flight")
    TRAIN = "TRAIN", _("Train")
    COACH = "COACH", _("Coach")
    SHIP = "SHIP", _("Ship")


class Stop(models.TextChoices):
    """What somebody aboard does here."""

    ALIGHT = "ALIGHT", _("Gets off here")
    TRANSIT = "TRANSIT", _("Stays aboard")
    BOARD = "BOARD", _("Gets on here")


class GoodsAct(models.TextChoices):
    """What is done with goods of a manifest."""

    WAITING = "WAITING", _("To be looked at")
    RELEASED = "RELEASED", _("Released at once")
    DISINFECTED = "DISINFECTED", _("Disinfected, then released")
    HELD = "HELD", _("Held for a test")
    RETURNED = "RETURNED", _("Sent back or destroyed")


def gravest_first(reasons) -> list[str]:
    """Reasons without repetition, the gravest first."""
    return sorted({str(reason) for reason in reasons}, key=lambda reason: GRAVITY.get(reason, len(GRAVITY)))
