"""The words of supervision: what findings are about, who found them, how far up a late one goes, what follows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a finding is about; two of one topic at one place, or of one unit, are a repeat."""

    CHECKPOINT = "CHECKPOINT", _("Checkpoint and entrance")
    MECHANISM = "MECHANISM", _("Running of the mechanism")
    EQUIPMENT = "EQUIPMENT", _("Facilities and equipment")
    CAPABILITY = "CAPABILITY", _("Capability of the front line")
    LOGISTICS = "LOGISTICS", _("Logistics and supplies")
    CODES = "CODES", _("Codes, temperature, masks")
    REGISTRATION = "REGISTRATION", _("Registration and ledgers")
    DISINFECTION = "DISINFECTION", _("Disinfection and ventilation")
    PROTECTION = "PROTECTION", _("Protection of staff")
    TESTING = "TESTING", _("Testing and monitoring of staff")
    ZONES = "ZONES", _("Zones and routes")
    FEVER = "FEVER", _("Fever patients")
    DRUG_SALES = "DRUG_SALES", _("Sales of fever medicine")
    GOODS = "GOODS", _("Goods and cold chain")
    WASTE = "WASTE", _("Waste and refuse")
    CROWDING = "CROWDING", _("Crowding and gatherings")
    OTHER = "OTHER", _("Other")


class Attitude(models.TextChoices):
    """The state of mind behind a finding (麻痹思想、厌战情绪、侥幸心理、松劲心态): a reason code and nothing more."""

    COMPLACENT = "COMPLACENT", _("Complacent")
    WEARY = "WEARY", _("Weary of the fight")
    TRUSTING_LUCK = "TRUSTING_LUCK", _("Trusting to luck")
    SLACK = "SLACK", _("Slackening")


class Origin(models.TextChoices):
    """Who found it; what one finds and tells oneself weighs differently (`inspection.origin_weight`)."""

    INSPECTION = "INSPECTION", _("Found by an inspection")
    SELF_CHECK = "SELF_CHECK", _("Found by a self-check")
    SELF_REPORTED = "SELF_REPORTED", _("Reported by who answers for it")
    PUBLIC = "PUBLIC", _("Reported by a resident")
    RULE = "RULE", _("Found by a rule")


OWN = (Origin.SELF_CHECK, Origin.SELF_REPORTED)


class Step(models.TextChoices):
    """How far up the ladder a finding stands."""

    OWNER = "OWNER", _("With its owner")
    SUPERVISED = "SUPERVISED", _("Supervised by the county")
    SUMMONED = "SUMMONED", _("Owner summoned for a talk")
    ACCOUNT = "ACCOUNT", _("Accountability")


LADDER = tuple(Step)


def higher(one: str, other: str) -> str:
    """The higher of two steps."""
    return max(one, other, key=[step.value for step in LADDER].index)


class ItemAnswer(models.TextChoices):
    """The answer to an item of a checklist."""

    YES = "YES", _("As it should be")
    NO = "NO", _("Not as it should be")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Not asked here")


class Measure(models.TextChoices):
    """What accountability asks of a unit or a person."""

    TALK = "TALK", _("Talk and reminder")
    CRITICISM = "CRITICISM", _("Criticism by circular")
    SUSPENDED = "SUSPENDED", _("Business suspended until mended")
    TRANSFERRED = "TRANSFERRED", _("Moved from the post")
    DISCIPLINE = "DISCIPLINE", _("Handed to the discipline inspection")
    JUSTICE = "JUSTICE", _("Handed to the police")


class Duty(models.TextChoices):
    """For what four parties answer at a place."""

    EPIDEMIC = "EPIDEMIC", _("Epidemic control")
    INFECTION_CONTROL = "INFECTION_CONTROL", _("Infection control")
    COLD_CHAIN = "COLD_CHAIN", _("Cold chain")
    SAFETY = "SAFETY", _("Safety of people housed")
