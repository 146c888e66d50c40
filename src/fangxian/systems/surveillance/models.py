"""Feeds of counts, the signals found in all counts, and what was made of them.

What other systems know already (cases, fever patients, sales, sewage) is no feed of its own: it is counted there.
"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.surveillance.subjects import name_of
from fangxian.systems.surveillance.words import (
    WORTH,
    FeedChannel,
    FeedStep,
    SignalKind,
    SignalMethod,
    SignalState,
    Verdict,
    WarningKind,
    WarningState,
    level_of,
)


class Feed(Record):
    """A count somebody reports again and again: absent pupils of a school, calls of a county, cases of a month."""

    code = CodeField(_("Code"), max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    channel = models.CharField(_("Channel"), max_length=16, choices=FeedChannel.choices, default=FeedChannel.ABSENCE)
    disease = models.CharField(
        _("Disease"), max_length=40, blank=True, help_text=_("Empty for what is not yet a disease, such as absence.")
    )
    step = models.CharField(_("One figure stands for"), max_length=8, choices=FeedStep.choices, default=FeedStep.DAY)
    reporter = models.CharField(_("Reported by"), max_length=80, blank=True)
    silent_days = models.PositiveSmallIntegerField(
        _("Silent after (days)"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Empty: as the policy pack says."),
    )  # fmt: skip
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Feed of counts")
        verbose_name_plural = _("Feeds of counts")
        constraints = [models.UniqueConstraint(fields=["code"], name="feed_code_once")]
        indexes = [models.Index(fields=["area", "channel"], name="feed_area_channel")]

    def __str__(self) -> str:
        return self.name


class FeedCount(Record):
    """One figure of a feed. A day without one is unknown, not zero."""

    feed = models.ForeignKey(Feed, models.PROTECT, verbose_name=_("Feed of counts"), related_name="counts")
    on = models.DateField(_("Day"))
    count = models.PositiveIntegerField(_("Number counted"))
    out_of = models.PositiveIntegerField(_("Out of"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Figure of a feed")
        verbose_name_plural = _("Figures of feeds")
        constraints = [
            models.UniqueConstraint(fields=["feed", "on"], name="feed_figure_once"),
            models.CheckConstraint(condition=Q(out_of=None) | Q(out_of__gte=F("count")), name="feed_count_of_whole"),
        ]
        indexes = [models.Index(fields=["area", "on"], name="feed_count_area_on")]

    def __str__(self) -> str:
        return f"{self.feed} {self.on}"


class Signal(Attached, Record):
    """One card: what is out of the ordinary where, how unusual it is, and what whoever looked at it found."""

    kind = models.CharField(_("Why"), max_length=12, choices=SignalKind.choices)
    method = models.CharField(_("Method"), max_length=12, choices=SignalMethod.choices)
    rule = models.CharField(_("Rule"), max_length=80, blank=True)
    channel = models.CharField(_("Channel"), max_length=16, choices=FeedChannel.choices)
    disease = models.CharField(_("Disease"), max_length=40, blank=True)
    where = models.CharField(_("Where"), max_length=120, blank=True)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=8, choices=SignalState.choices, default=SignalState.OPEN)
    first_on = models.DateField(_("Since"))
    last_on = models.DateField(_("Seen last"))
    raised_for = models.DateField(_("Raised for the night of"), editable=False)
    period_on = models.DateField(_("Period judged, first day"), null=True, blank=True, editable=False)
    observed = models.FloatField(_("Counted"), default=0)
    expected = models.FloatField(_("Expected count"), null=True, blank=True)
    bound = models.FloatField(_("Bound"), null=True, blank=True)
    p = models.FloatField(_("Chance"), null=True, blank=True)
    recurrence_days = models.FloatField(_("Recurrence interval (days)"), null=True, blank=True)
    series = models.JSONField(default=dict, blank=True, editable=False)
    others = models.JSONField(default=list, blank=True, editable=False)
    raised_at = models.DateTimeField(_("Raised at"))
    due_at = models.DateTimeField(_("Verdict due"))
    verdict = models.CharField(_("Verdict"), max_length=12, choices=Verdict.choices, blank=True, editable=False)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    judged_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("Verdict by"), related_name="+"
    )
    judged_at = models.DateTimeField(_("Verdict given at"), null=True, blank=True, editable=False)
    event_id = models.UUIDField(_("Event"), null=True, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Warning signal")
        verbose_name_plural = _("Signals")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "disease", "kind", "rule", "where"],
                condition=Q(state="OPEN"), name="signal_once_open",
            ),
            models.CheckConstraint(
                condition=Q(judged_by=None, judged_at=None, verdict="")
                | Q(judged_at__isnull=False) & ~Q(verdict=""),
                name="signal_judged_whole",
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="signal_seen_after_it_began"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="signal_area_state"),
            models.Index(fields=["area", "last_on"], name="signal_area_last"),
            models.Index(fields=["area", "raised_for"], name="signal_area_raised"),
            models.Index(fields=["subject_id"], name="signal_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.where or self.area.name}"

    @property
    def level(self) -> str:
        """How grave the rule is that made the card, in the reader's language; "" without one."""
        return level_of(self.rule)

    @property
    def title(self) -> str:
        """What it is about, in the reader's language: the disease or syndrome, else the channel."""
        return name_of(self.disease) or str(self.get_channel_display())

    @property
    def is_worth(self) -> bool:
        """Whether the verdict says that it deserved to be raised."""
        return self.verdict in WORTH


class WarningProduct(Attached, Record):
    """A paper of the warning regulation, through its four steps: formed, delivered, responded to, fed back."""

    scope_fields = ("area", "to_area")

    kind = models.CharField(_("Kind"), max_length=20, choices=WarningKind.choices)
    signal = models.ForeignKey(
        Signal, models.PROTECT, null=True, blank=True, verbose_name=_("Warning signal"), related_name="products"
    )
    to_area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area of the receiver"), related_name="+")
    addressee = models.CharField(_("To"), max_length=80)
    title = models.CharField(_("Title"), max_length=120)
    text = models.TextField(_("Text"))
    state = models.CharField(
        _("State"), max_length=10, choices=WarningState.choices, default=WarningState.FORMED, editable=False
    )
    seen = models.JSONField(default=dict, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("Delivered at"), null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True, editable=False)
    response = models.CharField(_("Response given"), max_length=300, blank=True, editable=False)
    responded_at = models.DateTimeField(_("Responded at"), null=True, blank=True, editable=False)
    feedback = models.CharField(_("Feedback"), max_length=300, blank=True, editable=False)
    fed_back_at = models.DateTimeField(_("Fed back at"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Warning product")
        verbose_name_plural = _("Warning products")
        constraints = [
            models.CheckConstraint(
                condition=Q(responded_at=None) | Q(delivered_at__isnull=False), name="product_delivered_before_response"
            ),
            models.CheckConstraint(
                condition=Q(fed_back_at=None) | Q(responded_at__isnull=False), name="product_response_before_feedback"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state"], name="product_area_state"),
            models.Index(fields=["to_area", "state"], name="product_to_state"),
        ]

    def __str__(self) -> str:
        return self.title
