"""The words of medical care: what rounds look at and answer, kinds of beds and ways, how a stay ends."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Item(models.TextChoices):
    """What a round looks at; which of them, and how often, says the pack."""

    PRE_EXAMINATION = "PRE_EXAMINATION", _("Pre-examination and triage at the only entrance")
    FEVER_ROUTE = "FEVER_ROUTE", _("Fever patients have a way of their own to the fever clinic")
    ZONES = "ZONES", _("Clean, semi-contaminated and contaminated zones are apart")
    PROTECTION = "PROTECTION", _("Staff wear what their zone asks for and take it off in order")
    HAND_HYGIENE = "HAND_HYGIENE", _("Hands are cleaned at each of the five moments")
    VENTILATION = "VENTILATION", _("Rooms are aired, air is not carried between zones")
    DISINFECTION = "DISINFECTION", _("Surfaces are disinfected and it is written down")
    WASTE = "WASTE", _("Medical waste is packed, weighed, signed for twice")
    STAFF_TESTING = "STAFF_TESTING", _("Staff are tested as often as the rule asks")
    STAFF_HEALTH = "STAFF_HEALTH", _("Staff with symptoms are kept from work and looked after")
    INPATIENTS = "INPATIENTS", _("New inpatients and their carers are tested before the ward")
    VISITORS = "VISITORS", _("One carer a patient, visitors are registered")
    TRAINING = "TRAINING", _("Everybody has been trained this quarter, cleaners too")
    ISOLATION_WARD = "ISOLATION_WARD", _("A buffer ward keeps whoever is not yet cleared")


class Answered(models.TextChoices):
    """The answer to an item."""

    YES = "YES", _("Fulfilled")
    NO = "NO", _("Not fulfilled")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Does not apply")


class Bed(models.TextChoices):
    """Kinds of beds."""

    REGULAR = "REGULAR", _("Ordinary bed")
    ISOLATION = "ISOLATION", _("Isolation bed")
    NEGATIVE_PRESSURE = "NEGATIVE_PRESSURE", _("Negative-pressure bed")
    OXYGEN = "OXYGEN", _("Bed with oxygen")
    ICU = "ICU", _("Intensive care")


class Way(models.TextChoices):
    """Why a patient goes from one facility to another."""

    FEVER = "FEVER", _("Fever patient (must be taken)")
    TRANSFER = "TRANSFER", _("Transfer (both sides agree)")


class Discharged(models.TextChoices):
    """How a stay in a bed ended."""

    RECOVERED = "RECOVERED", _("Recovered")
    TRANSFERRED = "TRANSFERRED", _("Transferred")
    DECEASED = "DECEASED", _("Deceased")
    AGAINST_ADVICE = "AGAINST_ADVICE", _("Left against advice")
    OTHER = "OTHER", _("Other")
