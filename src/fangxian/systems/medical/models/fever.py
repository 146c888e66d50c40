"""A patient with fever before a doctor."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import shown
from fangxian.core.records import Record
from fangxian.systems.medical.models.facilities import Facility
from fangxian.systems.people.models import Person


class FeverVisit(Record):
    """One visit. The area is the facility's, the home area answers for the person; both see it.

    `is_fever` and `is_forbidden` follow from the values and the pack, and are never typed.
    """

    scope_fields = ("area", "home_area")

    class Outcome(models.TextChoices):
        OBSERVED = "OBSERVED", _("Under observation")
        REFERRED = "REFERRED", _("Referred")
        ADMITTED = "ADMITTED", _("Admitted")
        SENT_HOME = "SENT_HOME", _("Sent home")
        TREATED = "TREATED", _("Treated here")

    facility = models.ForeignKey(Facility, models.PROTECT, verbose_name=_("Facility"), related_name="fever_visits")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="fever_visits")
    home_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Home area"), related_name="+", editable=False, null=True
    )
    visited_at = models.DateTimeField(_("Seen at"))
    temperature = models.DecimalField(
        _("Temperature (°C)"), max_digits=3, decimal_places=1,
        validators=[MinValueValidator(34), MaxValueValidator(43)],
    )  # fmt: skip
    symptoms = models.CharField(_("Symptoms"), max_length=120, blank=True)
    came_from = models.CharField(
        _("Came from (area code)"), max_length=24, blank=True,
        help_text=_("Where the person was within the last fourteen days, if not at home."),
    )  # fmt: skip
    outcome = models.CharField(_("Outcome"), max_length=10, choices=Outcome.choices)
    is_fever = models.BooleanField(_("Fever"), default=False, editable=False)
    is_forbidden = models.BooleanField(_("Not allowed here"), default=False, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Fever patient seen")
        verbose_name_plural = _("Fever patients seen")
        indexes = [
            models.Index(fields=["area", "visited_at"], name="fever_area_at"),
            models.Index(fields=["home_area", "visited_at"], name="fever_home_at"),
            models.Index(fields=["facility", "visited_at"], name="fever_facility_at"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {shown(self.visited_at)}"
