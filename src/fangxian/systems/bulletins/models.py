"""Bulletins as they came and as they were read, and the measures found in them."""

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.engines.bulletins.measures import is_appeal
from fangxian.systems.bulletins.words import LONGEST, Every, MeasureLevel, MeasureMode, MeasureState


class Bulletin(Record):
    """One document: what came in, the repaired article, every repair with its place."""

    title = models.CharField(_("Title"), max_length=200, blank=True)
    dated = models.DateField(_("Date of the bulletin"), null=True, blank=True)
    place = models.CharField(_("Place it is about"), max_length=80, blank=True)
    issuer = models.CharField(_("Issuing body"), max_length=120, blank=True)
    publisher = models.CharField(_("Published by"), max_length=80, blank=True, editable=False)
    speakers = models.CharField(_("Speakers"), max_length=200, blank=True, editable=False)
    unsure = models.JSONField(_("Concluded, not read"), default=list, blank=True, editable=False)
    file_name = models.CharField(_("File"), max_length=160, blank=True)
    received_at = models.DateTimeField(_("Came in at"), default=now, editable=False)
    given = models.TextField(_("Text as it came"), max_length=LONGEST, validators=[MinLengthValidator(20)])
    text = models.TextField(_("Repaired text"), editable=False)
    repairs = models.JSONField(_("Repairs"), default=list, blank=True, editable=False)
    digest = models.CharField(_("Fingerprint of the text"), max_length=64, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Bulletin")
        verbose_name_plural = _("Bulletins")
        constraints = [models.UniqueConstraint(fields=["area", "digest"], name="bulletin_once_an_area")]
        indexes = [models.Index(fields=["area", "received_at"], name="bulletin_area_received")]

    def __str__(self) -> str:
        return self.title or self.file_name


class Measure(Record):
    """One measure a bulletin proposes. `start` and `end` are its place in the repaired text and never change; the words
    may be corrected by whoever confirms it."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, verbose_name=_("Bulletin"), related_name="measures")
    number = models.PositiveSmallIntegerField(_("Number in the bulletin"))
    start = models.PositiveIntegerField(_("Begins at"), editable=False)
    end = models.PositiveIntegerField(_("Ends at"), editable=False)
    mode = models.CharField(_("Stands there as"), max_length=9, choices=MeasureMode.choices)
    text = models.TextField(_("Measure"), max_length=2000, validators=[MinLengthValidator(2)])
    verbs = models.CharField(_("Verbs"), max_length=160, blank=True, editable=False)
    actors = models.CharField(_("Who is to do it"), max_length=200, blank=True)
    level = models.CharField(_("Down to"), max_length=10, choices=MeasureLevel.choices, blank=True)
    deadline = models.CharField(_("Deadline in its words"), max_length=40, blank=True)
    due = models.DateField(_("To be done by"), null=True, blank=True)
    every = models.CharField(_("Again and again"), max_length=7, choices=Every.choices, blank=True)
    requirements = models.CharField(_("Requirements"), max_length=80, blank=True)
    speaker = models.CharField(_("Said by"), max_length=40, blank=True, editable=False)
    state = models.CharField(
        _("State"), max_length=9, choices=MeasureState.choices, default=MeasureState.PROPOSED, editable=False
    )
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, editable=False)
    directive_id = models.UUIDField(_("Directive it has become"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Measure")
        verbose_name_plural = _("Measures")
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "number"], name="measure_numbered_once"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="measure_has_a_place"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_by=None, decided_at=None)
                | (~Q(state="PROPOSED") & Q(decided_at__isnull=False)),
                name="measure_decided_with_a_time",
            ),
            models.CheckConstraint(
                condition=Q(directive_id=None) | Q(state="CONFIRMED"), name="measure_handed_down_is_confirmed"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state"], name="measure_area_state"),
            models.Index(fields=["bulletin", "state"], name="measure_bulletin_state"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_appeal(self) -> bool:
        """Whether it only calls for a state of mind: nobody named, no time, nothing to check."""
        named = self.actors or self.deadline or self.due or self.every
        return self.mode == MeasureMode.ORDERED and not named and is_appeal(self.text)
