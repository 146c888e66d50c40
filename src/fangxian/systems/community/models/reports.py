"""What residents report (群众线索)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.fields import EncryptedTextField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.community.words import CheckRoute, ReportKind, ReportState, ReportWay


class PublicReport(Attached, Record):
    """One thing somebody told us, with or without saying who they are.

    Place and words are encrypted, since they may name a neighbour; the phone of whoever wants an answer is dropped
    some days after it. The code by which they ask what became of it is kept as a fingerprint alone.
    """

    CLOSED = (ReportState.CONFIRMED, ReportState.UNFOUNDED, ReportState.DUPLICATE, ReportState.PASSED_ON)

    code_index = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("About"), max_length=12, choices=ReportKind.choices)
    way = models.CharField(_("Told"), max_length=8, choices=ReportWay.choices, default=ReportWay.PAGE)
    place = EncryptedTextField(_("Where"), mask="address")
    words = EncryptedTextField(_("In their words"), mask="text")
    phone = EncryptedTextField(_("Phone of the informant"), mask="text")  # four digits name somebody in a village
    has_phone = models.BooleanField(_("Wants to be called"), default=False, editable=False)
    sent_at = models.DateTimeField(_("Reported at"), default=now, editable=False)
    state = models.CharField(
        _("State"), max_length=10, choices=ReportState.choices, default=ReportState.NEW, editable=False
    )
    acknowledge_by = models.DateTimeField(_("To be taken up by"), editable=False)
    answer_by = models.DateTimeField(_("To be answered by"), editable=False)
    taken_at = models.DateTimeField(_("Taken up at"), null=True, editable=False)
    taken_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Taken up by"), related_name="+"
    )
    route = models.CharField(_("Checked by"), max_length=10, choices=CheckRoute.choices, blank=True, editable=False)
    order = models.CharField(_("What to look at"), max_length=200, blank=True, editable=False)
    checks = models.PositiveSmallIntegerField(_("Times sent for a check"), default=0, editable=False)
    seen = models.CharField(_("What the check saw"), max_length=400, blank=True, editable=False)
    twin = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, verbose_name=_("Same as"), related_name="twins"
    )
    reason = models.CharField(_("Reason"), max_length=200, blank=True, editable=False)
    answer = models.CharField(_("Answer to the informant"), max_length=400, blank=True, editable=False)
    closed_at = models.DateTimeField(_("Answered at"), null=True, editable=False)
    closed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Answered by"), related_name="+"
    )
    finding_id = models.UUIDField(_("Finding"), null=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Public report")
        verbose_name_plural = _("Public reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["CONFIRMED", "UNFOUNDED", "DUPLICATE", "PASSED_ON"], closed_at__isnull=False)
                | (~Q(state__in=["CONFIRMED", "UNFOUNDED", "DUPLICATE", "PASSED_ON"]) & Q(closed_at=None)),
                name="report_closed_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="report_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="report_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(twin__isnull=True) | (Q(state="DUPLICATE") & ~Q(twin=F("id"))),
                name="report_twin_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | ~Q(seen=""), name="report_confirmed_by_what_was_seen"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "acknowledge_by"], name="report_area_state"),
            models.Index(fields=["area", "kind", "sent_at"], name="report_area_kind"),
            models.Index(fields=["has_phone", "closed_at"], name="report_phone_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.area}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state not in self.CLOSED
