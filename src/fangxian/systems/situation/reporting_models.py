"""What was reported of an area, frozen; and the sessions that assessed it, with what they concluded.

The content of a report is kept as it was said, in every language, with the figures it rests on and their queries: the
papers are only drawn from it. What a session wants done are tasks of the command, about the session; they are no rows
of their own here.
"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import DAY, now, shown
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached


def _both_or_neither(at: str, by: str) -> Q:
    """A time has whoever it was, and the other way round."""
    return Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False})


class IssuedReport(Record):
    """One edition of a report of an area: what it says in every language, and the figures it says it from."""

    class Kind(models.TextChoices):
        DAILY = "DAILY", _("Daily report")
        STAGE = "STAGE", _("Stage review")

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft, not issued")
        WAITING = "WAITING", _("Signed, waits for a second signature")
        ISSUED = "ISSUED", _("Issued")
        REPLACED = "REPLACED", _("Replaced by a correction")

    OPEN = (State.DRAFT, State.WAITING)
    OUT = (State.ISSUED, State.REPLACED)

    kind = models.CharField(_("Kind of report"), max_length=6, choices=Kind.choices, default=Kind.DAILY)
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    as_of = models.DateTimeField(_("As of"))
    year = models.PositiveSmallIntegerField(_("Year"), editable=False)
    number = models.PositiveSmallIntegerField(_("Number in the year"), validators=[MinValueValidator(1)])
    edition = models.PositiveSmallIntegerField(_("Edition"), default=1, validators=[MinValueValidator(1)])
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.DRAFT)
    facts = models.JSONField(_("Figures and what they rest on"), default=dict, blank=True)
    said = models.JSONField(_("What it says"), default=dict, blank=True)
    digest = models.CharField(_("Fingerprint"), max_length=64, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("Corrects"), related_name="corrected_by"
    )
    correction = models.CharField(_("What was corrected"), max_length=300, blank=True)
    signed_at = models.DateTimeField(_("Signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Signed by"),
                                  related_name="+")  # fmt: skip
    second_at = models.DateTimeField(_("Second signature at"), null=True, blank=True)
    second_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Second person"),
                                  related_name="+")  # fmt: skip
    issued_at = models.DateTimeField(_("Issued at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Issued report")
        verbose_name_plural = _("Issued reports")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind", "starts_on", "ends_on", "edition"], name="issued_report_edition_once"
            ),
            models.UniqueConstraint(
                fields=["area", "kind", "year", "number", "edition"], name="issued_report_numbered_once"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="issued_report_ends_after_it_begins"),
            models.CheckConstraint(condition=_both_or_neither("signed_at", "signed_by"), name="issued_report_signed"),
            models.CheckConstraint(condition=_both_or_neither("second_at", "second_by"), name="issued_report_second"),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "WAITING"], issued_at=None)
                | Q(state__in=["ISSUED", "REPLACED"], issued_at__isnull=False, signed_at__isnull=False),
                name="issued_report_out_is_signed",
            ),
        ]
        indexes = [models.Index(fields=["area", "kind", "ends_on"], name="issued_report_area_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ends_on:%Y-%m-%d} ({self.edition})"

    @property
    def is_open(self) -> bool:
        """Whether it can still be counted anew."""
        return self.state in self.OPEN


class Assessment(Attached, Record):
    """One session that assesses the situation (研判会): what it looked at, how grave it found it, what it concluded.

    `attendees` are officers by id with the name they had; `matters` are questions, each with what it is about
    (`register`, `id`, `label`); `reviewed` is what had become of earlier follow-ups when it ended.
    """

    class State(models.TextChoices):
        CONVENED = "CONVENED", _("Convened")
        CONCLUDED = "CONCLUDED", _("Concluded")
        CALLED_OFF = "CALLED_OFF", _("Called off")

    title = models.CharField(_("Title"), max_length=120)
    held_at = models.DateTimeField(_("Held at"), default=now)
    place = models.CharField(_("Place of the meeting"), max_length=120, blank=True)
    chair = models.CharField(_("Chaired by"), max_length=40)
    attendees = models.JSONField(_("Officers who attend"), default=list, blank=True)
    guests = models.TextField(_("Others who attend"), blank=True, help_text=_("One unit or person a line."))
    matters = models.JSONField(_("Matters"), default=list, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.CONVENED, editable=False)
    level = models.CharField(_("Level of risk"), max_length=12, blank=True)
    grounds = models.TextField(_("What the level rests on"), blank=True)
    conclusion = models.TextField(_("What was concluded"), blank=True)
    reviewed = models.JSONField(_("What became of earlier follow-ups"), default=list, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    concluded_at = models.DateTimeField(_("Concluded at"), null=True, blank=True)
    concluded_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False,
                                     verbose_name=_("Concluded by"), related_name="+")  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Assessment session")
        verbose_name_plural = _("Assessment sessions")
        constraints = [
            models.UniqueConstraint(fields=["area", "title", "held_at"], name="assessment_once"),
            models.CheckConstraint(condition=_both_or_neither("concluded_at", "concluded_by"),
                                   name="assessment_concluded_by_someone"),
            models.CheckConstraint(
                condition=~Q(state="CONCLUDED") | (Q(concluded_at__isnull=False) & ~Q(conclusion="") & ~Q(level="")),
                name="assessment_concluded_says_what",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["area", "state", "held_at"], name="assessment_area_state")]

    def __str__(self) -> str:
        return f"{self.title} {shown(self.held_at, DAY)}"
