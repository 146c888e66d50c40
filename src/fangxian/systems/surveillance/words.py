"""The words of early warning: channels, methods, what a signal is, what became of it, and the products of a warning."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedChannel(models.TextChoices):
    """What is counted."""

    CASES = "CASES", _("Cases reported")
    FEVER_CLINIC = "FEVER_CLINIC", _("Fever patients")
    PHARMACY = "PHARMACY", _("Medicine sold")
    ABSENCE = "ABSENCE", _("Absence from school or work")
    ENVIRONMENT = "ENVIRONMENT", _("Sewage and environment")
    VISITS = "VISITS", _("Visits to clinics and hospitals")
    CALLS = "CALLS", _("Calls and online reports")
    OTHER = "OTHER", _("Other counts")


class FeedStep(models.TextChoices):
    """How long a time one figure of a feed stands for."""

    DAY = "DAY", _("A day")
    WEEK = "WEEK", _("A week, named by its first day")
    MONTH = "MONTH", _("A month, named by its first day")


class SignalKind(models.TextChoices):
    """Why there is a card."""

    STATISTICAL = "STATISTICAL", _("More than expected")
    RULE = "RULE", _("A rule is met")
    SILENCE = "SILENCE", _("A feed is silent")


class SignalMethod(models.TextChoices):
    """What raised it; the card names it."""

    FARRINGTON = "FARRINGTON", _("Improved Farrington")
    ESSENCE = "ESSENCE", _("ESSENCE switch (regression, EWMA)")
    EARS_C2 = "EARS_C2", _("EARS C2")
    EARS_C1 = "EARS_C1", _("EARS C1")
    HISTORICAL = "HISTORICAL", _("Historical limits (same months of earlier years)")
    COMBINED = "COMBINED", _("Several channels together (Fisher)")
    SPACE_TIME = "SPACE_TIME", _("Scan of space and time (permutation)")
    SINGLE = "SINGLE", _("Single case")
    CLUSTER = "CLUSTER", _("Cluster of cases")
    SILENT = "SILENT", _("Nothing was reported")


class RuleLevel(models.TextChoices):
    """How grave what a rule asks for is, in order; a rule's key begins with it."""

    CLUSTER = "cluster", _("Cluster")
    OUTBREAK = "outbreak", _("Outbreak in one place")
    EMERGENCY = "emergency", _("Public health emergency")


def level_of(rule: str) -> str:
    """How grave a rule is, in words, by its key; "" for one that says nothing of it."""
    key = rule.partition(".")[0]
    return str(RuleLevel(key).label) if key in RuleLevel.values else ""


class SignalState(models.TextChoices):
    """Where a card stands."""

    OPEN = "OPEN", _("Waiting for a verdict")
    JUDGED = "JUDGED", _("Verdict given")
    ENDED = "ENDED", _("Ended by itself")


class Verdict(models.TextChoices):
    """What whoever looked at it found."""

    CONFIRMED = "CONFIRMED", _("Outbreak confirmed")
    SUSPECTED = "SUSPECTED", _("Suspected event: investigate")
    KNOWN = "KNOWN", _("Known before it was raised")
    CHANCE = "CHANCE", _("Nothing out of the ordinary")
    ARTEFACT = "ARTEFACT", _("Error of data or reporting")


WORTH = (Verdict.CONFIRMED, Verdict.SUSPECTED)
"""Verdicts that make a signal one that deserved to be raised."""


class WarningKind(models.TextChoices):
    """The three products of the warning regulation."""

    RISK_NOTICE = "RISK_NOTICE", _("Health risk notice (to the public)")
    WARNING_NOTICE = "WARNING_NOTICE", _("Warning notice (to departments, areas, institutions)")
    DECISION_PROPOSAL = "DECISION_PROPOSAL", _("Decision proposal (to the government)")


class WarningState(models.TextChoices):
    """The four steps of the warning regulation, and the way out."""

    FORMED = "FORMED", _("Formed")
    DELIVERED = "DELIVERED", _("Delivered")
    RESPONDED = "RESPONDED", _("Responded to")
    FED_BACK = "FED_BACK", _("Fed back")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
