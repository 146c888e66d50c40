"""Words of the environment: the choices its records are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Surrounding(models.TextChoices):
    """What is sampled or treated."""

    VENUE = "VENUE", _("Public place")
    GOODS = "GOODS", _("Goods or their store")
    ROOM = "ROOM", _("Room of an isolation site")
    VEHICLE = "VEHICLE", _("Vehicle")
    HOME = "HOME", _("Home of a case")
    SEWAGE = "SEWAGE", _("Sewage")
    VILLAGE = "VILLAGE", _("Surroundings of a village")
    OTHER = "OTHER", _("Other")


class Subject(models.TextChoices):
    """What a sample can be of: the register it stands in."""

    VENUE = "screening.place", _("Place where people check in")
    STORE = "goods.goodsplace", _("Place of goods or goods vehicle")
    LOT = "goods.lot", _("Lot of goods")
    SITE = "quarantine.site", _("Isolation site")
    ROOM = "quarantine.room", _("Room of an isolation site")
    VEHICLE = "checkpoints.vehicle", _("Vehicle")
    CASE = "cases.case", _("Case")


class Why(models.TextChoices):
    """Why a sample was taken."""

    ROUTINE = "ROUTINE", _("Routine monitoring")
    CASE = "CASE", _("A case was there")
    GOODS = "GOODS", _("Goods were positive")
    AFTER = "AFTER", _("Check after disinfection")
    OTHER = "OTHER", _("Other")


class Result(models.TextChoices):
    """What the laboratory found."""

    PENDING = "PENDING", _("No result yet")
    NEGATIVE = "NEGATIVE", _("Negative")
    POSITIVE = "POSITIVE", _("Positive")
    UNCLEAR = "UNCLEAR", _("Unclear")


class Work(models.TextChoices):
    """What is ordered: three kinds of disinfection, and what makes a village a healthier place."""

    PREVENTIVE = "PREVENTIVE", _("Preventive disinfection")
    ONGOING = "ONGOING", _("Disinfection while somebody ill is there")
    FINAL = "FINAL", _("Final disinfection")
    RUBBISH = "RUBBISH", _("Clear rubbish")
    WATER = "WATER", _("Safe drinking water")
    TOILETS = "TOILETS", _("Sanitary toilets")
    VECTORS = "VECTORS", _("Control of rats, mosquitoes, flies, cockroaches")


DISINFECTION = (Work.PREVENTIVE, Work.ONGOING, Work.FINAL)
"""The kinds that need an agent, a strength and a time; the others are improvements of a village."""


class Method(models.TextChoices):
    """How something was disinfected."""

    SPRAY = "SPRAY", _("Spraying")
    WIPE = "WIPE", _("Wiping")
    SOAK = "SOAK", _("Soaking")
    FOG = "FOG", _("Fogging")
    HEAT = "HEAT", _("Heat")
    OTHER = "OTHER", _("Other")


class State(models.TextChoices):
    """How far an order is; it follows its task."""

    ORDERED = "ORDERED", _("Ordered")
    DONE = "DONE", _("Done, to be accepted")
    ACCEPTED = "ACCEPTED", _("Accepted as done")
    IMPOSSIBLE = "IMPOSSIBLE", _("Cannot be done")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class Lacking(models.TextChoices):
    """What an order still needs before somebody else may accept it."""

    PROOF = "PROOF", _("What was done, with what and when")
    STRENGTH = "STRENGTH", _("An agent as strong as the rule asks")
    TIME = "TIME", _("A contact time as long as the rule asks")
    PHOTO = "PHOTO", _("A photo or paper put to it")
    SAMPLE = "SAMPLE", _("A negative sample taken after it")
