"""The enumerations of directives."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.systems.command.models import Task

Priority = Task.Priority
"""A directive is as pressing as the tasks it makes."""


class MeetingKind(models.TextChoices):
    """What kind of meeting it is."""

    LEADING_GROUP = "LEADING_GROUP", _("Meeting of the leading group")
    SPECIAL = "SPECIAL", _("Special meeting")
    DISPATCH = "DISPATCH", _("Meeting that hands down")
    FORUM = "FORUM", _("Round-table meeting")
    ASSESSMENT = "ASSESSMENT", _("Assessment meeting")


class MeetingForm(models.TextChoices):
    """How people met."""

    ON_SITE = "ON_SITE", _("On site")
    VIDEO = "VIDEO", _("By video")
    TELEPHONE = "TELEPHONE", _("By telephone and television")


class Basis(models.TextChoices):
    """What a directive rests on."""

    MEETING = "MEETING", _("Resolution of a meeting")
    BULLETIN = "BULLETIN", _("Measure of a bulletin")
    UPPER = "UPPER", _("Directive from above")
    OWN = "OWN", _("Own decision")


class Depth(models.TextChoices):
    """Down to which level a directive goes."""

    NEXT = "NEXT", _("The level below")
    VILLAGE = "VILLAGE", _("Down to the village")


class DirectiveState(models.TextChoices):
    """Where a directive stands."""

    RESOLVED = "RESOLVED", _("Resolved, not handed down")
    ISSUED = "ISSUED", _("In execution")
    DONE = "DONE", _("Carried out")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


class HandingState(models.TextChoices):
    """Where a directive stands at one unit."""

    HANDED = "HANDED", _("Not received")
    RECEIVED = "RECEIVED", _("Received")
    DEPLOYED = "DEPLOYED", _("Deployed")
    ANSWERED = "ANSWERED", _("Answered")
    RETURNED = "RETURNED", _("To be done again")
    CHECKED = "CHECKED", _("Checked")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


class Outcome(models.TextChoices):
    """What a unit answers."""

    DONE = "DONE", _("Carried out in full")
    PARTLY = "PARTLY", _("Carried out in part")
    NOT_DONE = "NOT_DONE", _("Could not be carried out")


class Period(models.TextChoices):
    """What a report covers."""

    REGULAR = "REGULAR", _("Regular report")
    WEEKLY = "WEEKLY", _("Weekly report")
