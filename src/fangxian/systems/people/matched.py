"""What matching keeps: lists that were brought with their rows, pairs of entries to be looked at, merges."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record

PERSON = "people.Person"


class SourceList(Record):
    """One list as it was brought: from whom, which column is what, what became of its rows."""

    class State(models.TextChoices):
        COLUMNS = "COLUMNS", _("Columns to be named")
        MATCHING = "MATCHING", _("Being matched")
        READY = "READY", _("Matched")
        REFUSED = "REFUSED", _("Cannot be read")

    name = models.CharField(_("Name of the list"), max_length=80)
    origin = models.CharField(_("Source of the list"), max_length=60)
    filename = models.CharField(_("File"), max_length=120, blank=True)
    digest = models.CharField(_("Fingerprint of the file"), max_length=64, editable=False)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.COLUMNS, editable=False)
    headings = models.JSONField(default=list, blank=True, editable=False)
    columns = models.JSONField(default=dict, blank=True, editable=False)
    counts = models.JSONField(default=dict, blank=True, editable=False)
    problem = models.CharField(_("Problem"), max_length=200, blank=True, editable=False)
    upload = EncryptedTextField(mask="text", editable=False)

    class Meta(Record.Meta):
        verbose_name = _("List brought")
        verbose_name_plural = _("Lists brought")
        constraints = [models.UniqueConstraint(fields=["area", "origin", "digest"], name="source_list_once")]
        indexes = [models.Index(fields=["area", "origin", "created_at"], name="source_list_origin")]

    def __str__(self) -> str:
        return self.name


class ListRow(Record):
    """One row of a list: who it is, or why that is not known. What it said is kept encrypted."""

    class State(models.TextChoices):
        MATCHED = "MATCHED", _("Known person")
        DOUBTFUL = "DOUBTFUL", _("Doubtful")
        NEW = "NEW", _("Not known yet")
        ENTERED = "ENTERED", _("Entered as a new person")
        REPEATED = "REPEATED", _("Repeats another row")
        ELSEWHERE = "ELSEWHERE", _("Belongs to another area")
        INVALID = "INVALID", _("Cannot be used")

    source_list = models.ForeignKey(SourceList, models.CASCADE, verbose_name=_("List"), related_name="rows")
    number = models.PositiveIntegerField(_("Row"))
    name = models.CharField(_("Full name"), max_length=60, blank=True)
    state = models.CharField(_("State"), max_length=9, choices=State.choices)
    person = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, verbose_name=_("Person"), related_name="list_rows"
    )
    said = EncryptedTextField(_("What the row says"), mask="text")
    found = models.JSONField(_("Who it may be"), default=list, blank=True, editable=False)
    reasons = models.JSONField(_("Reasons"), default=list, blank=True, editable=False)
    repeats = models.PositiveIntegerField(_("Repeats row"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Row of a list")
        verbose_name_plural = _("Rows of lists")
        constraints = [models.UniqueConstraint(fields=["source_list", "number"], name="list_row_once")]
        indexes = [
            models.Index(fields=["source_list", "state", "number"], name="list_row_state"),
            models.Index(fields=["area", "state"], name="list_row_area"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class DuplicatePair(Record):
    """Two entries that may be one person, and what was decided: a decided pair is never proposed again."""

    scope_fields = ("area", "other_area")

    class State(models.TextChoices):
        OPEN = "OPEN", _("To be compared")
        DISTINCT = "DISTINCT", _("Not a duplicate")
        MERGED = "MERGED", _("Merged")

    one = models.ForeignKey(PERSON, models.CASCADE, verbose_name=_("Person"), related_name="+")
    other = models.ForeignKey(PERSON, models.CASCADE, verbose_name=_("Other entry"), related_name="+")
    other_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area of the other entry"), related_name="+")
    score = models.FloatField(_("Points"), default=0)
    signs = models.JSONField(_("Signs"), default=list, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Possible duplicate")
        verbose_name_plural = _("Possible duplicates")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="duplicate_pair_ordered"),
        ]
        indexes = [models.Index(fields=["area", "state", "score"], name="duplicate_area_state")]

    def __str__(self) -> str:
        return f"{self.one} / {self.other}"


class Merge(Record):
    """Two entries made one, with everything it takes to undo it."""

    scope_fields = ("area", "loser_area")

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Waiting for a second person")
        IN_FORCE = "IN_FORCE", _("Merged")
        REFUSED = "REFUSED", _("Merge not agreed")
        UNDONE = "UNDONE", _("Undone")

    winner = models.ForeignKey(PERSON, models.PROTECT, verbose_name=_("Entry that stays"), related_name="+")
    loser = models.ForeignKey(PERSON, models.PROTECT, verbose_name=_("Entry that is merged"), related_name="+")
    loser_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area of the merged entry"), related_name="+")
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.IN_FORCE)
    reason = models.CharField(_("Why"), max_length=200)
    is_restricting = models.BooleanField(_("Restricts somebody"), default=False)
    moved = models.JSONField(default=list, blank=True, editable=False)
    stayed = models.JSONField(default=list, blank=True, editable=False)
    before = EncryptedTextField(mask="text", editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Undone by"), related_name="+"
    )
    undone_at = models.DateTimeField(_("Undone at"), null=True, blank=True)
    undone_why = models.CharField(_("Why undone"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Merge of persons")
        verbose_name_plural = _("Merges of persons")
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=Q(state__in=["PROPOSED", "IN_FORCE"]), name="merged_once"
            ),
            models.CheckConstraint(condition=~Q(winner=F("loser")), name="merge_of_two"),
        ]
        indexes = [models.Index(fields=["area", "state"], name="merge_area_state")]

    def __str__(self) -> str:
        return f"{self.loser} → {self.winner}"
