"""The words of the community: what is reported, how far a report has come, who helps, what brings people together."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    """What a public report is about."""

    UNDECLARED = "UNDECLARED", _("Came from a risk area without declaring")
    FEVER = "FEVER", _("Fever, and nobody treats it")
    GATHERING = "GATHERING", _("People gathering")
    SHOP = "SHOP", _("A pharmacy or shop against the rules")
    PLACE = "PLACE", _("Something wrong at a place")
    OTHER = "OTHER", _("Something else")


class ReportState(models.TextChoices):
    """How far a public report has come."""

    NEW = "NEW", _("Waiting to be taken up")
    TAKEN = "TAKEN", _("Taken up")
    CHECKING = "CHECKING", _("Being checked on the spot")
    CHECKED = "CHECKED", _("Checked, to be concluded")
    CONFIRMED = "CONFIRMED", _("Confirmed and dealt with")
    UNFOUNDED = "UNFOUNDED", _("Not confirmed")
    DUPLICATE = "DUPLICATE", _("Reported before")
    PASSED_ON = "PASSED_ON", _("Passed on to whom it concerns")


class ReportWay(models.TextChoices):
    """By which way something was told."""

    PAGE = "PAGE", _("Page for residents")
    PHONE = "PHONE", _("By telephone")
    DESK = "DESK", _("In person")
    FOUND = "FOUND", _("Found on the spot")


class CheckRoute(models.TextChoices):
    """Who looks on the spot."""

    GRID = "GRID", _("Grid worker of the cell")
    DOOR = "DOOR", _("Visit at the door")
    INSPECTION = "INSPECTION", _("Inspection")


class VolunteerSkill(models.TextChoices):
    """What a volunteer can do."""

    GATE = "GATE", _("Keeping a gate or post")
    QUEUE = "QUEUE", _("Keeping order at a queue")
    REGISTER = "REGISTER", _("Registering people")
    CARRY = "CARRY", _("Carrying supplies to doors")
    DRIVE = "DRIVE", _("Driving")
    CLEAN = "CLEAN", _("Cleaning and disinfecting")
    MEDICAL = "MEDICAL", _("Medical training")
    TALK = "TALK", _("Calling and talking to people")
    COOK = "COOK", _("Cooking")
    IT = "IT", _("Computers and phones")


class VolunteerTime(models.TextChoices):
    """When a volunteer has time."""

    ANY = "ANY", _("Any time")
    WEEKDAYS = "WEEKDAYS", _("On weekdays")
    WEEKENDS = "WEEKENDS", _("At weekends")
    EVENINGS = "EVENINGS", _("In the evenings")


class VolunteerState(models.TextChoices):
    """Where a volunteer stands."""

    APPLIED = "APPLIED", _("To be confirmed by the village")
    CONFIRMED = "CONFIRMED", _("Volunteer")
    REFUSED = "REFUSED", _("Not accepted as a volunteer")
    LEFT = "LEFT", _("No volunteer any more")


class CallState(models.TextChoices):
    """Where a call for volunteers stands."""

    OPEN = "OPEN", _("Looking for volunteers")
    DONE = "DONE", _("Settled")
    CANCELLED = "CANCELLED", _("Called off")


class VolunteerShiftState(models.TextChoices):
    """What became of the offer of a shift."""

    OFFERED = "OFFERED", _("Offered")
    ACCEPTED = "ACCEPTED", _("Will come")
    DECLINED = "DECLINED", _("Cannot come")
    CAME = "CAME", _("Came")
    MISSED = "MISSED", _("Did not come to the shift")
    WITHDRAWN = "WITHDRAWN", _("Offer taken back")


class GatheringKind(models.TextChoices):
    """What brings people together."""

    WEDDING = "WEDDING", _("Wedding")
    FUNERAL = "FUNERAL", _("Funeral")
    BANQUET = "BANQUET", _("Banquet")
    FAIR = "FAIR", _("Fair or market day")
    MEETING = "MEETING", _("Meeting")
    TRAINING = "TRAINING", _("Training or examination")
    MATCH = "MATCH", _("Match or race")
    SHOW = "SHOW", _("Show or concert")
    EXHIBITION = "EXHIBITION", _("Exhibition or sale")
    WORSHIP = "WORSHIP", _("Religious gathering")
    OTHER = "OTHER", _("Another gathering")


class ApprovalLevel(models.TextChoices):
    """Who decides about a gathering by the rules, the least first."""

    NOBODY = "NOBODY", _("No approval needed")
    VILLAGE = "VILLAGE", _("The village decides")
    TOWNSHIP = "TOWNSHIP", _("The township decides")
    COUNTY = "COUNTY", _("The county decides")
    PROHIBITED = "PROHIBITED", _("Not allowed now")

    @property
    def rank(self) -> int:
        """The higher, the stricter."""
        return list(ApprovalLevel).index(self)


class GatheringState(models.TextChoices):
    """How far a gathering has come."""

    WAITING = "WAITING", _("Waiting for the decision")
    APPROVED = "APPROVED", _("May be held")
    REFUSED = "REFUSED", _("May not be held")
    REVIEW = "REVIEW", _("To be looked at again")
    CANCELLED = "CANCELLED", _("Given up by the organiser")
    HELD = "HELD", _("Was held")
    NOT_HELD = "NOT_HELD", _("Was not held")


class GatheringDecision(models.TextChoices):
    """What was decided about a gathering."""

    APPROVED = "APPROVED", _("Approved")
    REFUSED = "REFUSED", _("Not approved")


class SecondLook(models.TextChoices):
    """Why a gathering is looked at again."""

    RISK_AREA = "RISK_AREA", _("A risk area lies over the place")
    RULES = "RULES", _("The rules or the operating mode have changed")


class GatheringMeasure(models.TextChoices):
    """What keeps a gathering safe."""

    ROSTER = "ROSTER", _("List of everybody who comes")
    CODE = "CODE", _("Health and venue code at the entrance")
    TEMPERATURE = "TEMPERATURE", _("Temperature at the entrance")
    MASKS = "MASKS", _("Masks")
    DISTANCE = "DISTANCE", _("One metre apart, seats with gaps")
    VENTILATION = "VENTILATION", _("Windows open or air let in")
    DISINFECTION = "DISINFECTION", _("Disinfection before and after")
    TEST = "TEST", _("Negative test within the days asked for")
    EMERGENCY = "EMERGENCY", _("Room apart and a person to call for the ill")
