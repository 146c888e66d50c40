"""A screening campaign (全面排查): who is to be found, and what became of each of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.people.models import Person


class Campaign(Record):
    """One campaign: a list of people of an area to be found until a moment."""

    name = models.CharField(_("Name"), max_length=80)
    reason = models.CharField(_("Why"), max_length=200)
    lists = models.JSONField(_("Lists"), default=list, blank=True, editable=False)
    due_at = models.DateTimeField(_("Due"))
    closed_at = models.DateTimeField(_("Campaign ended at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Screening campaign")
        verbose_name_plural = _("Screening campaigns")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="campaign_name_once")]

    def __str__(self) -> str:
        return self.name


class Target(Record):
    """One person of a campaign. The area is where they are looked for: the cell or village that answers for them."""

    class Outcome(models.TextChoices):
        PENDING = "PENDING", _("To be found")
        FOUND = "FOUND", _("Found")
        NOT_FOUND = "NOT_FOUND", _("Could not be found")
        TRANSFERRED = "TRANSFERRED", _("Now elsewhere")
        DONE = "DONE", _("Done")

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name=_("Campaign"), related_name="targets")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="campaign_targets")
    outcome = models.CharField(_("Outcome"), max_length=11, choices=Outcome.choices, default=Outcome.PENDING)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    moved_to = models.CharField(_("Now at"), max_length=120, blank=True)
    found_at = models.DateTimeField(_("Found at"), null=True, blank=True, editable=False)
    told_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Reported by"), related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Person to be found")
        verbose_name_plural = _("People to be found")
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="campaign_target_once")]
        indexes = [
            models.Index(fields=["area", "outcome"], name="target_area_outcome"),
            models.Index(fields=["campaign", "area", "outcome"], name="target_campaign_area"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_outcome_display()}"
