"""The opening of a school for a term, and who is on its roll."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import CodeField, EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.people.models import Person
from fangxian.systems.readiness.words import OpeningState, RollRole


def _by(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=label, related_name="+"
    )


class SchoolOpening(Record):
    """One school and one term. The school is a row of the register of places (`place_id`), entered there once.

    `stages` are who returns on which day: a list of {"grades", "on"}, the earliest first. `blocking` counts what
    stands in the way at the last check; while the school is open it is 0.
    """

    State = OpeningState

    place_id = models.UUIDField(_("Place id"), db_index=True)
    school = models.CharField(_("School"), max_length=80)
    term = CodeField(_("Term"), max_length=12)
    opens_on = models.DateField(_("Opens on"))
    stages = models.JSONField(_("Return in turn"), default=list, blank=True)
    commissioner = models.CharField(_("Health commissioner"), max_length=40, blank=True)
    commissioner_phone = EncryptedTextField(_("Phone"), mask="phone")
    state = models.CharField(
        _("State"), max_length=8, choices=OpeningState.choices, default=OpeningState.PLANNED, editable=False
    )
    verdicts = models.JSONField(_("Requirements at the last check"), default=list, blank=True, editable=False)
    blocking = models.PositiveSmallIntegerField(_("Blockers"), default=0, editable=False)
    checked_at = models.DateTimeField(_("Last check"), null=True, blank=True, editable=False)
    proposed_by = _by(_("Opening proposed by"))
    proposed_at = models.DateTimeField(_("Opening proposed at"), null=True, blank=True, editable=False)
    opened_by = _by(_("Opened by"))
    opened_at = models.DateTimeField(_("Opened at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("Closed again at"), null=True, blank=True, editable=False)
    closed_why = models.CharField(_("Why it was closed again"), max_length=200, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("School opening")
        verbose_name_plural = _("School openings")
        constraints = [
            models.UniqueConstraint(fields=["place_id", "term"], name="school_opening_once"),
            models.CheckConstraint(condition=~Q(state="OPEN") | Q(blocking=0), name="school_open_without_blockers"),
            models.CheckConstraint(
                condition=Q(opened_by=None, opened_at=None) | Q(opened_by__isnull=False, opened_at__isnull=False),
                name="school_opened_by_someone",
            ),
            models.CheckConstraint(condition=~Q(state="OPEN") | Q(opened_by__isnull=False), name="school_open_by_two"),
            models.CheckConstraint(
                condition=Q(opened_by=None) | Q(proposed_by=None) | ~Q(opened_by=F("proposed_by")),
                name="school_opened_by_two",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None, proposed_at=None)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="school_proposed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["area", "state"], name="school_opening_area_state")]

    def __str__(self) -> str:
        return f"{self.school} {self.term}"


class SchoolMember(Record):
    """A pupil or a member of the staff on the roll of a term, with what they declared about where they were."""

    Role = RollRole

    opening = models.ForeignKey(SchoolOpening, models.PROTECT, verbose_name=_("School opening"), related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("Person"), related_name="on_rolls")
    role = models.CharField(_("On the roll as"), max_length=6, choices=RollRole.choices, default=RollRole.PUPIL)
    grade = models.CharField(_("Grade at school"), max_length=20, blank=True)
    declared_on = models.DateField(_("Declared on"), null=True, blank=True)
    stayed_code = CodeField(
        _("Stayed in (code)"), max_length=12, blank=True, help_text=_("Left empty: did not leave the county.")
    )
    returned_on = models.DateField(_("Came back on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Entry of a school roll")
        verbose_name_plural = _("School rolls")
        constraints = [
            models.UniqueConstraint(fields=["opening", "person"], name="on_a_roll_once"),
            models.CheckConstraint(
                condition=Q(stayed_code="") | Q(returned_on__isnull=False), name="roll_says_when_back"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "opening"], name="roll_area_opening"),
            models.Index(fields=["person"], name="roll_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.grade}".strip()
