"""What the workforce keeps that no other system knows: shifts entered by hand, statements, results, who went down."""

from datetime import date
from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import now, shown
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.people.models import Person
from fangxian.systems.workforce.words import Asked, FrontlineWork, Going, StatementState


class Worker(models.Model):
    """Whoever works: an officer by the account, anybody else as a person on record."""

    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Officer"), related_name="+"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, verbose_name=_("Person without an account"), related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def worker(self) -> str:
        """Who it is, as one word: `officer:7` or `person:…`; the account counts where both are named."""
        return f"officer:{self.officer_id}" if self.officer_id else f"person:{self.person_id}"

    @property
    def worker_name(self) -> str:
        """What they are called."""
        return str(self.officer or self.person)


class FrontlineShift(Worker, Record):
    """Front-line work that no other system knows of: who, what, where, from when until when."""

    kind = models.CharField(_("Kind of work"), max_length=14, choices=FrontlineWork.choices)
    where = models.CharField(_("Where"), max_length=80)
    starts_at = models.DateTimeField(_("From"))
    ends_at = models.DateTimeField(_("Until"))
    note = models.CharField(_("Note"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Front-line shift")
        verbose_name_plural = _("Front-line shifts")
        constraints = [
            models.UniqueConstraint(fields=["officer", "starts_at"], name="frontline_officer_once"),
            models.UniqueConstraint(fields=["person", "starts_at"], name="frontline_person_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="frontline_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(officer__isnull=False) | Q(person__isnull=False), name="frontline_is_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "starts_at"], name="frontline_area_starts"),
            models.Index(fields=["starts_at"], name="frontline_starts"),
        ]

    def __str__(self) -> str:
        return f"{shown(self.starts_at, '%m-%d %H:%M')} {self.where}"


class SubsidyStatement(Worker, Record):
    """What one person is due for one month: derived from the shifts, never typed, and agreed to by two officers.

    `lines` are `category`, `days`, `yuan` and `pack`, as they were when it was drawn up.
    """

    month = models.DateField(_("Month"), help_text=_("Its first day."))
    lines = models.JSONField(_("Lines"), default=list, editable=False)
    days = models.PositiveSmallIntegerField(_("Days paid"), editable=False, default=0)
    total = models.DecimalField(_("Total (yuan)"), max_digits=10, decimal_places=2, editable=False, default=Decimal(0))
    state = models.CharField(_("State"), max_length=8, choices=StatementState.choices, editable=False,
                             default=StatementState.DRAWN)  # fmt: skip
    drawn_at = models.DateTimeField(_("Drawn up at"), default=now, editable=False)
    first_at = models.DateTimeField(_("First agreement at"), null=True, editable=False)
    first_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("First agreement by"), related_name="+"
    )
    second_at = models.DateTimeField(_("Second agreement at"), null=True, editable=False)
    second_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Second agreement by"), related_name="+"
    )

    class Meta(Record.Meta):
        verbose_name = _("Statement of subsidies")
        verbose_name_plural = _("Statements of subsidies")
        constraints = [
            models.UniqueConstraint(fields=["officer", "month"], name="statement_officer_once"),
            models.UniqueConstraint(fields=["person", "month"], name="statement_person_once"),
            models.CheckConstraint(
                condition=Q(officer__isnull=False) | Q(person__isnull=False), name="statement_is_somebody"
            ),
            models.CheckConstraint(
                condition=Q(first_at=None, first_by=None) | Q(first_at__isnull=False, first_by__isnull=False),
                name="statement_first_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(second_at=None, second_by=None) | Q(second_at__isnull=False, second_by__isnull=False),
                name="statement_second_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by"))),
                name="statement_agreed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(officer=None)
                | ((Q(first_by=None) | ~Q(first_by=F("officer"))) & (Q(second_by=None) | ~Q(second_by=F("officer")))),
                name="statement_not_by_the_paid",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(second_by__isnull=False), name="statement_approved_by_second"
            ),
        ]
        indexes = [models.Index(fields=["area", "month", "state"], name="statement_area_month")]

    def __str__(self) -> str:
        return f"{self.worker_name} {self.month:%Y-%m}"


class QuizResult(Record):
    """How somebody answered: a quiz, or one question asked on the spot (现场提问).

    `answers` are `question`, `given`, `right` (the key of the right answer then) and `ok`; what was right is what the
    pack in force said when it was asked.
    """

    officer = models.ForeignKey(Officer, models.PROTECT, verbose_name=_("Officer"), related_name="+")
    course = models.CharField(_("Course of training"), max_length=30)
    kind = models.CharField(_("Asked how"), max_length=12, choices=Asked.choices, default=Asked.QUIZ, editable=False)
    taken_at = models.DateTimeField(_("Quiz taken at"), default=now)
    answers = models.JSONField(_("Answers"), default=list, editable=False)
    percent = models.PositiveSmallIntegerField(_("Right (%)"), validators=[MaxValueValidator(100)], default=0)
    passed = models.BooleanField(_("Has passed"), default=False, editable=False)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True, editable=False)
    where = models.CharField(_("Where"), max_length=80, blank=True)
    note = models.CharField(_("Note"), max_length=120, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Quiz result")
        verbose_name_plural = _("Quiz results")
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=False) | Q(kind="ON_THE_SPOT") | Q(valid_until__isnull=False),
                name="quiz_passed_for_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["area", "taken_at"], name="quiz_area_taken"),
            models.Index(fields=["officer", "course", "taken_at"], name="quiz_officer_course"),
        ]

    def __str__(self) -> str:
        return f"{self.officer} · {self.course} {self.percent} %"


class Deployment(Attached, Record):
    """Somebody goes down to the front line (下沉): staff sent for a time, or a leader on a field visit.

    `area` is where they go, `from_area` where they come from; both see the row.
    """

    scope_fields = ("area", "from_area")

    kind = models.CharField(_("Who goes"), max_length=6, choices=Going.choices, default=Going.STAFF)
    officer = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Officer"), related_name="+"
    )
    name = models.CharField(_("Full name"), max_length=40)
    from_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Comes from"), related_name="+")
    unit = models.CharField(_("Unit"), max_length=80)
    where = models.CharField(_("Where"), max_length=120)
    duty = models.CharField(_("Duty there"), max_length=120)
    starts_at = models.DateTimeField(_("From"), default=now)
    ends_at = models.DateTimeField(_("Until"), null=True, blank=True, help_text=_("Empty: until called back."))
    found = models.CharField(_("What was found"), max_length=200, blank=True)
    finding_id = models.UUIDField(_("Finding"), null=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Sent to the front line")
        verbose_name_plural = _("Sent to the front line (list)")
        constraints = [
            models.UniqueConstraint(fields=["area", "name", "starts_at"], name="deployment_once"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="deployment_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(kind="LEADER") | Q(ends_at__isnull=False), name="visit_has_an_end"),
        ]
        indexes = [
            models.Index(fields=["area", "kind", "starts_at"], name="deployment_area_kind"),
            models.Index(fields=["from_area", "kind", "starts_at"], name="deployment_from_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.where}"


def first_of(day: date) -> date:
    """The month a day lies in, by its first day."""
    return day.replace(day=1)
