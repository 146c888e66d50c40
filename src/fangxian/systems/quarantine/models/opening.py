"""Opening reserve rooms in steps, site by site, and handing a shift over."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now, shown
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.quarantine.models.sites import Site


class Opening(Record):
    """An order to open reserve rooms: a third, a half, all, within the hours of the pack."""

    name = models.CharField(_("Name"), max_length=80)
    ordered_at = models.DateTimeField(_("Ordered at"), default=now)
    rooms = models.PositiveIntegerField(_("Rooms to open"), validators=[MinValueValidator(1)])
    third_due_at = models.DateTimeField(_("A third until"), editable=False)
    half_due_at = models.DateTimeField(_("Half until"), editable=False)
    all_due_at = models.DateTimeField(_("All until"), editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    ended_on = models.DateField(_("Opening ended on"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Opening of reserve rooms")
        verbose_name_plural = _("Openings of reserve rooms")
        indexes = [models.Index(fields=["area", "ordered_at"], name="opening_area_at")]

    def __str__(self) -> str:
        return self.name


class OpeningShare(Record):
    """One site's part of an opening: how many rooms it has to open, how many its head has confirmed."""

    opening = models.ForeignKey(Opening, models.PROTECT, verbose_name=_("Opening"), related_name="shares")
    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("Site"), related_name="openings")
    rooms = models.PositiveIntegerField(_("Rooms to open"), validators=[MinValueValidator(1)])
    confirmed = models.PositiveIntegerField(_("Rooms confirmed open"), default=0, editable=False)
    confirmed_at = models.DateTimeField(_("Confirmed at"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Confirmed by"), related_name="+"
    )
    steps = models.JSONField(_("Confirmations"), default=list, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Site's share of an opening")
        verbose_name_plural = _("Sites' shares of openings")
        constraints = [
            models.UniqueConstraint(fields=["opening", "site"], name="share_once_a_site"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="share_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.confirmed}/{self.rooms}"


class ShiftHandOver(Record):
    """What one shift tells the next: the figures of the moment, kept as they were, and what is left to do."""

    site = models.ForeignKey(Site, models.PROTECT, verbose_name=_("Site"), related_name="hand_overs")
    handed_at = models.DateTimeField(_("Handed over at"), default=now, editable=False)
    handed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Handed over by"), related_name="+"
    )
    taken_at = models.DateTimeField(_("Taken over at"), null=True, editable=False)
    taken_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Taken over by"), related_name="+"
    )
    figures = models.JSONField(_("Figures"), default=dict, editable=False)
    notes = models.CharField(_("Left to do"), max_length=500, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Hand-over of a shift")
        verbose_name_plural = _("Hand-overs of shifts")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="hand_over_taken_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["area", "handed_at"], name="hand_over_area_at")]

    def __str__(self) -> str:
        return f"{self.site} {shown(self.handed_at)}"
