"""The words of drills: where one stands, what a line of it is, how a reaction came."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DrillState(models.TextChoices):
    """Where a drill stands."""

    PLANNED = "PLANNED", _("Drill planned")
    RUNNING = "RUNNING", _("Drill running")
    EVALUATED = "EVALUATED", _("Evaluated, to be confirmed")
    CLOSED = "CLOSED", _("Evaluation confirmed")
    CANCELLED = "CANCELLED", _("Drill cancelled")


HELD = (DrillState.EVALUATED, DrillState.CLOSED)


class LineKind(models.TextChoices):
    """What a line of a drill is."""

    INJECT = "INJECT", _("Inject")
    REACTION = "REACTION", _("Expected reaction")


class LineOutcome(models.TextChoices):
    """How a line came; nothing is typed, all is read from what was recorded in the copy."""

    WAITING = "WAITING", _("Still to come")
    HAPPENED = "HAPPENED", _("Played in")
    IN_TIME = "IN_TIME", _("In time")
    LATE = "LATE", _("Too late")
    MISSED = "MISSED", _("Not done")
    NOT_REACHED = "NOT_REACHED", _("The drill ended before its time")
    FAILED = "FAILED", _("Could not be played in")


MARKED = (LineOutcome.LATE, LineOutcome.MISSED)
