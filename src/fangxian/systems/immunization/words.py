"""The words of immunization: stations, conditions, refusals, movements of stock, reactions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.engines.schedules import Outcome, Reason, Role

#: vaccines the shipped packs know, in words; a pack of one's own may know more
VACCINES = {
    "inactivated": _("Inactivated vaccine"),
    "adenovirus": _("Adenovirus vector vaccine"),
    "subunit": _("Recombinant subunit vaccine"),
}

#: groups the shipped packs count, in words
GROUPS = {
    "children_3_11": _("Children 3–11"),
    "youth_12_17": _("Youth 12–17"),
    "adults_18_59": _("Adults 18–59"),
    "seniors_60": _("60 and over"),
    "seniors_80": _("80 and over"),
    "front_line": _("First-line workers"),
}

#: the engine's answers, in words
OUTCOMES = {
    Outcome.ELIGIBLE: _("May be vaccinated"),
    Outcome.NOT_YET: _("Not yet"),
    Outcome.CONTRAINDICATED: _("Contraindicated"),
    Outcome.DONE: _("Nothing left to give"),
    Outcome.UNSUITABLE: _("Not with this vaccine"),
}
REASONS = {
    Reason.DUE: _("The next dose is due"),
    Reason.LATE: _("Later than recommended; the dose still counts"),
    Reason.TOO_YOUNG: _("Too young"),
    Reason.TOO_OLD: _("Too old"),
    Reason.INTERVAL: _("Too soon after the last dose"),
    Reason.COMPLETE: _("Every dose of the schedule is given"),
    Reason.NO_BIRTH_DATE: _("The birth date is not known"),
    Reason.OTHER_VACCINE: _("Another vaccine was begun with"),
    Reason.UNKNOWN_VACCINE: _("The schedule does not know this vaccine"),
    Reason.PERMANENT: _("for good"),
    Reason.TEMPORARY: _("for a while"),
}


class DoseRole(models.TextChoices):
    """What a dose is for."""

    PRIMARY = Role.PRIMARY.value, _("Basic course")
    BOOSTER = Role.BOOSTER.value, _("Booster")
    NONE = Role.NONE.value, _("Does not count")


class Station(models.TextChoices):
    """The three rooms, and the door."""

    REGISTRATION = "REGISTRATION", _("Registration")
    VACCINATION = "VACCINATION", _("Vaccination")
    OBSERVATION = "OBSERVATION", _("Observation")
    GONE = "GONE", _("Gone")


class Condition(models.TextChoices):
    """What is asked at the registration desk. Which of them forbid a dose, and how long, says the pack."""

    COMPONENT_ALLERGY = "COMPONENT_ALLERGY", _("Allergic to a component of the vaccine")
    SEVERE_REACTION = "SEVERE_REACTION", _("Severe reaction to an earlier dose")
    NEUROLOGICAL = "NEUROLOGICAL", _("Uncontrolled epilepsy or other severe neurological illness")
    WEAK_IMMUNITY = "WEAK_IMMUNITY", _("Weakened immune system")
    FEVER = "FEVER", _("Fever")
    ACUTE_ILLNESS = "ACUTE_ILLNESS", _("Acute illness")
    UNCONTROLLED_CHRONIC = "UNCONTROLLED_CHRONIC", _("Severe chronic illness out of control")
    PREGNANCY = "PREGNANCY", _("Pregnant")
    OTHER_VACCINE = "OTHER_VACCINE", _("Another vaccine lately")
    IMMUNOGLOBULIN = "IMMUNOGLOBULIN", _("Immunoglobulin lately")
    INFECTED = "INFECTED", _("Had the disease")


class Consent(models.TextChoices):
    """Who agreed to a dose."""

    SELF = "SELF", _("The person themselves")
    GUARDIAN = "GUARDIAN", _("A guardian")


class BodySite(models.TextChoices):
    """Where a dose was given."""

    LEFT_ARM = "LEFT_ARM", _("Left upper arm")
    RIGHT_ARM = "RIGHT_ARM", _("Right upper arm")
    LEFT_THIGH = "LEFT_THIGH", _("Left thigh")
    RIGHT_THIGH = "RIGHT_THIGH", _("Right thigh")


class Movement(models.TextChoices):
    """What happens to doses in a fridge; a dose that is given is its own entry in the ledger."""

    RECEIVED = "RECEIVED", _("Came in")
    TAKEN_OVER = "TAKEN_OVER", _("Taken over from another site")
    OPENED = "OPENED", _("Vial opened")
    WASTED = "WASTED", _("Wasted")
    RETURNED = "RETURNED", _("Returned")
    DESTROYED = "DESTROYED", _("Destroyed")
    HANDED_OVER = "HANDED_OVER", _("Handed over to another site")


class Waste(models.TextChoices):
    """Why doses were wasted."""

    OPEN_TOO_LONG = "OPEN_TOO_LONG", _("Open too long")
    END_OF_DAY = "END_OF_DAY", _("Left over at the end of the day")
    BROKEN = "BROKEN", _("Broken or spilt")
    WARM = "WARM", _("Cold chain interrupted")
    EXPIRED = "EXPIRED", _("Expired")
    RECALLED = "RECALLED", _("Lot recalled")
    ENTERED_WRONGLY = "ENTERED_WRONGLY", _("Given, but entered for somebody else")


class Refused(models.TextChoices):
    """Why somebody is not vaccinated although asked."""

    ILL = "ILL", _("Ill at the moment")
    AWAY = "AWAY", _("Away from home")
    AFRAID = "AFRAID", _("Afraid of reactions")
    WAITING = "WAITING", _("Waits for another vaccine")
    DOUBTS = "DOUBTS", _("Doubts the use")
    BUSY = "BUSY", _("No time")
    OTHER = "OTHER", _("Other")


class SiteItem(models.TextChoices):
    """What a site needs to open its doors."""

    REGISTRARS = "REGISTRARS", _("Registration staff")
    VACCINATORS = "VACCINATORS", _("Vaccinators")
    OBSERVERS = "OBSERVERS", _("Observers")
    EMERGENCY_DOCTORS = "EMERGENCY_DOCTORS", _("Emergency doctors")
    FRIDGES = "FRIDGES", _("Fridges")
    FIRST_AID_KITS = "FIRST_AID_KITS", _("First-aid kits")
    SEATS = "SEATS", _("Seats for observation")
    MONEY = "MONEY", _("Money (yuan)")
