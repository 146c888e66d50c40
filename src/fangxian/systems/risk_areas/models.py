"""Risk areas and zones, every publication of them as a version of its own, and whom they concern.

Nothing is overwritten: a change is a new version that holds from its day on; a correction is a new version that takes
the place of an earlier one as if that had never been said; lifting and withdrawing are versions too.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import shown
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.people.models import Person
from fangxian.systems.risk_areas import shapes
from fangxian.systems.risk_areas.words import Because, Level

CODES = r"^[0-9A-Za-z]*( [0-9A-Za-z]+)*$"


class RiskArea(Record):
    """What is published about: a street, a compound, a building, here or anywhere. Its area keeps the record."""

    name = models.CharField(_("Name"), max_length=120)
    disease = CodeField(_("Disease"), max_length=40)

    class Meta(Record.Meta):
        verbose_name = _("Risk area")
        verbose_name_plural = _("Risk areas")
        constraints = [models.UniqueConstraint(fields=["area", "disease", "name"], name="risk_area_once")]

    def __str__(self) -> str:
        return self.name


class RiskAreaVersion(Record):
    """One publication: which level from when on, what it covers, who said so where, and why."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        PUBLISHED = "PUBLISHED", _("Published")
        REFUSED = "REFUSED", _("Turned down")

    risk_area = models.ForeignKey(
        RiskArea, models.PROTECT, editable=False, verbose_name=_("Risk area"), related_name="versions"
    )
    number = models.PositiveIntegerField(_("Number"), editable=False)
    name = models.CharField(_("Name"), max_length=120, validators=[MinLengthValidator(2)])
    disease = CodeField(_("Disease"), max_length=40)
    level = models.CharField(_("Level"), max_length=10, choices=Level.choices)
    codes = models.CharField(
        _("Area codes"), max_length=600, blank=True,
        validators=[RegexValidator(CODES, _("Codes of letters and digits, one space between."))],
        help_text=_("National area codes wholly inside, of any length, with a space between."),
    )  # fmt: skip
    lies_in = CodeField(
        _("Lies in (code)"), max_length=24, blank=True, help_text=_("For a shape or a building: the area around it.")
    )
    building = models.CharField(
        _("Building or unit"), max_length=60, blank=True,
        help_text=_("As addresses write it, such as 3号楼2单元; needs the area around it."),
    )  # fmt: skip
    shape = models.JSONField(_("Shape"), null=True, blank=True)
    from_at = models.DateTimeField(_("In force from"))
    until_at = models.DateTimeField(_("In force until"), null=True, blank=True)
    issuer = models.CharField(_("Published by"), max_length=120, blank=True)
    document = models.CharField(_("Source document"), max_length=200, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, verbose_name=_("Corrects"), related_name="corrections"
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.PROPOSED, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    checklist = models.JSONField(_("Checklist"), default=list, blank=True, editable=False)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Second person"), related_name="+"
    )
    decided_at = models.DateTimeField(_("Decided at"), null=True, editable=False)
    decision = models.CharField(_("Reason of the decision"), max_length=200, blank=True, editable=False)
    published_at = models.DateTimeField(_("Published at"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Version of a risk area")
        verbose_name_plural = _("Versions of risk areas")
        constraints = [
            models.UniqueConstraint(fields=["risk_area", "number"], name="risk_version_number_once"),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gt=models.F("from_at")), name="risk_version_ends_after_begin"
            ),
            models.CheckConstraint(
                condition=Q(state="PUBLISHED", published_at__isnull=False)
                | (~Q(state="PUBLISHED") & Q(published_at=None)),
                name="risk_version_published_at",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "from_at"], name="risk_version_area_state"),
            models.Index(fields=["state", "published_at"], name="risk_version_published"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}: {self.get_level_display()}"

    @property
    def code_list(self) -> tuple[str, ...]:
        """The codes, one by one."""
        return tuple(self.codes.split())

    def clean(self) -> None:
        """A publication says what it covers, and ends after it begins."""
        super().clean()
        if self.shape:
            shapes.read(self.shape)
        if not (self.codes or self.shape or self.building):
            raise ValidationError({"codes": _("Say what it covers: area codes, a shape on the map, or a building.")})
        if (self.shape or self.building) and not self.lies_in:
            raise ValidationError({"lies_in": _("A shape or a building needs the code of the area around it.")})
        if self.until_at and self.from_at and self.until_at <= self.from_at:
            raise ValidationError({"until_at": _("It ends before it begins.")})

    @property
    def begins_on(self):
        """The local day it begins on."""
        return timezone.localdate(self.from_at)


class Evaluation(Record):
    """One run over everybody a publication may concern: what it read, whom it found, what it changed."""

    class Trigger(models.TextChoices):
        PUBLISHED = "PUBLISHED", _("Published")
        CORRECTED = "CORRECTED", _("Corrected")
        AGAIN = "AGAIN", _("Run again")

    risk_area = models.ForeignKey(RiskArea, models.PROTECT, verbose_name=_("Risk area"), related_name="evaluations")
    version_of_area = models.ForeignKey(
        RiskAreaVersion, models.PROTECT, verbose_name=_("Version of a risk area"), related_name="evaluations"
    )
    trigger = models.CharField(_("Set off by"), max_length=10, choices=Trigger.choices)
    judged_at = models.DateTimeField(_("Judged at"))
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)
    affected = models.PositiveIntegerField(_("Affected"), default=0)
    new = models.PositiveIntegerField(_("Newly affected"), default=0)
    changed = models.PositiveIntegerField(_("Judged differently"), default=0)
    kept = models.PositiveIntegerField(_("Still affected"), default=0)
    released = models.PositiveIntegerField(_("Released"), default=0)
    read = models.JSONField(_("Read for it"), default=dict, blank=True)
    steps = models.JSONField(_("Steps"), default=list, blank=True)
    followed = models.JSONField(_("What followed"), default=dict, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Re-evaluation")
        verbose_name_plural = _("Re-evaluations")
        indexes = [
            models.Index(fields=["area", "judged_at"], name="evaluation_area_judged"),
            models.Index(fields=["risk_area", "judged_at"], name="evaluation_risk_area"),
        ]

    def __str__(self) -> str:
        return f"{self.risk_area} {shown(self.judged_at)}"


class AffectedPerson(Record):
    """That a risk area concerns somebody, from one run until another: by which version, on what evidence, and why.

    A run that judges a person differently ends the row and begins another; so every run can be read again as it was.
    """

    class Began(models.TextChoices):
        NEW = "NEW", _("Newly affected")
        CHANGED = "CHANGED", _("Judged differently")

    class Ended(models.TextChoices):
        RELEASED = "RELEASED", _("Released")
        CHANGED = "CHANGED", _("Judged differently")

    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="risk_areas")
    risk_area = models.ForeignKey(RiskArea, models.PROTECT, verbose_name=_("Risk area"), related_name="affected")
    level = models.CharField(_("Level"), max_length=10, choices=Level.choices)
    because = models.CharField(_("Because"), max_length=10, choices=Because.choices)
    first_on = models.DateField(_("First there on"), null=True, blank=True)
    last_on = models.DateField(_("Last there on"), null=True, blank=True)
    evidence = models.JSONField(_("Evidence"), default=list, blank=True)
    rule = models.CharField(_("Rule"), max_length=80)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True)
    began = models.CharField(_("How it began"), max_length=8, choices=Began.choices, default=Began.NEW)
    since = models.ForeignKey(Evaluation, models.PROTECT, verbose_name=_("Since the run"), related_name="begun")
    ended = models.CharField(_("How it ended"), max_length=8, choices=Ended.choices, blank=True)
    until = models.ForeignKey(
        Evaluation, models.PROTECT, null=True, blank=True, verbose_name=_("Until the run"), related_name="ended"
    )
    ended_why = models.CharField(_("Why it ended"), max_length=200, blank=True)
    subject_id = models.UUIDField(_("Closed loop"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Affected person")
        verbose_name_plural = _("Affected people")
        constraints = [
            models.UniqueConstraint(
                fields=["risk_area", "person"], condition=Q(until__isnull=True), name="affected_once_an_area"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended="") | (Q(until__isnull=False) & ~Q(ended="")),
                name="affected_ended_by_a_run",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "until", "level"], name="affected_area_level"),
            models.Index(fields=["person", "until"], name="affected_person"),
            models.Index(fields=["since"], name="affected_since"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.risk_area}"
