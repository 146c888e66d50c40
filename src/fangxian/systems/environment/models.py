"""Where the environment is watched, what was sampled there, and what was ordered to make it clean."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.core.roles import TownshipOfficer
from fangxian.core.roles import choices as role_choices
from fangxian.registers.behaviours import Attached
from fangxian.systems.command.models import Task
from fangxian.systems.environment.words import Method, Result, State, Surrounding, Why, Work


class MonitoringPoint(Record):
    """A fixed place that is sampled again and again: a sewage works, a market, a store. A day without is a gap."""

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind"), max_length=8, choices=Surrounding.choices, default=Surrounding.SEWAGE)
    every_days = models.PositiveSmallIntegerField(
        _("Sampled every (days)"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("Left empty, it is as often as the policy pack asks for this kind."),
    )  # fmt: skip
    people_served = models.PositiveIntegerField(_("People served"), null=True, blank=True)
    opened_on = models.DateField(_("Watched since"), default=today)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Monitoring point of the environment")
        verbose_name_plural = _("Monitoring points of the environment")
        constraints = [
            models.UniqueConstraint(fields=["area", "name"], name="environment_point_once"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="environment_point_days"
            ),
        ]
        indexes = [models.Index(fields=["area", "kind"], name="environment_point_kind")]

    def __str__(self) -> str:
        return self.name


class EnvironmentOrder(Attached, Record):
    """Something to be disinfected or improved, its proof, and who accepted it. Where it stands follows its task."""

    kind = models.CharField(_("Work"), max_length=10, choices=Work.choices, default=Work.FINAL)
    setting = models.CharField(_("Setting"), max_length=8, choices=Surrounding.choices, default=Surrounding.VENUE)
    where = models.CharField(_("Where"), max_length=120)
    spot = models.CharField(_("Spot"), max_length=120, blank=True)
    ordered_on = models.DateField(_("Ordered on"), default=today)
    round = models.CharField(_("Round"), max_length=20, blank=True, editable=False)
    role = models.CharField(_("For the role"), max_length=24, choices=role_choices, default=TownshipOfficer.key)
    due_at = models.DateTimeField(_("Due"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ORDERED, editable=False)
    times_sent_back = models.PositiveSmallIntegerField(_("Times sent back"), default=0, editable=False)
    agent = models.CharField(_("Disinfectant"), max_length=60, blank=True, editable=False)
    mg_per_litre = models.PositiveIntegerField(_("Strength (mg/L)"), null=True, editable=False)
    minutes = models.PositiveIntegerField(_("Contact time (min)"), null=True, editable=False)
    square_metres = models.PositiveIntegerField(_("Area treated (m²)"), null=True, editable=False)
    method = models.CharField(_("Method"), max_length=6, choices=Method.choices, blank=True, editable=False)
    note = models.CharField(_("What was done"), max_length=200, blank=True, editable=False)
    done_at = models.DateTimeField(_("Done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Done by"), related_name="+"
    )
    accepted_at = models.DateTimeField(_("Accepted at"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Accepted by"), related_name="+"
    )
    subject_kind = models.CharField(_("About (kind)"), max_length=40, blank=True, editable=False)
    subject_id = models.UUIDField(_("About"), null=True, blank=True, editable=False)
    because_kind = models.CharField(_("Because of (kind)"), max_length=40, blank=True, editable=False)
    because_id = models.UUIDField(_("Because of"), null=True, editable=False)
    rule = models.CharField(_("Rule"), max_length=80, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)
    task = models.OneToOneField(
        Task, models.PROTECT, null=True, editable=False, verbose_name=_("Task"), related_name="environment_order"
    )

    class Meta(Record.Meta):
        verbose_name = _("Order for the environment")
        verbose_name_plural = _("Orders for the environment")
        constraints = [
            models.UniqueConstraint(
                fields=["area", "kind", "round"], condition=~Q(round=""), name="environment_order_once_a_round"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DONE", "ACCEPTED"]) | Q(done_at__isnull=False),
                name="environment_done_some_time",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="environment_done_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="environment_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACCEPTED") | Q(accepted_at__isnull=False), name="environment_accepted_some_time"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="environment_order_state"),
            models.Index(fields=["subject_id"], name="environment_order_subject"),
            models.Index(fields=["because_id"], name="environment_order_because"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.where}"


class EnvironmentSample(Attached, Record):
    """A swab or a bottle: of what, from which spot, when, and what the laboratory found."""

    kind = models.CharField(_("Setting"), max_length=8, choices=Surrounding.choices, default=Surrounding.VENUE)
    where = models.CharField(_("Where"), max_length=120)
    spot = models.CharField(_("Spot"), max_length=120, blank=True)
    point = models.ForeignKey(
        MonitoringPoint, models.PROTECT, null=True, blank=True,
        verbose_name=_("Monitoring point of the environment"), related_name="samples",
    )  # fmt: skip
    why = models.CharField(_("Why"), max_length=8, choices=Why.choices, default=Why.ROUTINE)
    barcode = models.CharField(_("Barcode of the sample"), max_length=40)
    sampled_at = models.DateTimeField(_("Sampled"), default=now)
    sampled_by = models.CharField(_("Sampled by"), max_length=40, blank=True)
    laboratory = models.CharField(_("Laboratory"), max_length=80, blank=True)
    due_at = models.DateTimeField(_("Result due"), editable=False)
    result = models.CharField(_("Result"), max_length=8, choices=Result.choices, default=Result.PENDING)
    reported_at = models.DateTimeField(_("Reported"), null=True, editable=False)
    correction = models.CharField(_("Why the result was corrected"), max_length=200, blank=True, editable=False)
    subject_kind = models.CharField(_("What was sampled"), max_length=40, blank=True)
    subject_id = models.UUIDField(_("Which one"), null=True, blank=True)
    because_kind = models.CharField(_("Because of (kind)"), max_length=40, blank=True, editable=False)
    because_id = models.UUIDField(_("Because of"), null=True, editable=False)
    order = models.ForeignKey(
        EnvironmentOrder, models.PROTECT, null=True, editable=False, verbose_name=_("Order for the environment"),
        related_name="samples",
    )  # fmt: skip
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Sample of the environment")
        verbose_name_plural = _("Samples of the environment")
        constraints = [
            models.UniqueConstraint(fields=["barcode"], name="environment_barcode_once"),
            models.CheckConstraint(
                condition=Q(result="PENDING", reported_at=None) | (~Q(result="PENDING") & Q(reported_at__isnull=False)),
                name="environment_result_some_time",
            ),
            models.CheckConstraint(
                condition=Q(reported_at=None) | Q(reported_at__gte=F("sampled_at")),
                name="environment_result_after_sample",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "result", "sampled_at"], name="environment_sample_result"),
            models.Index(fields=["point", "sampled_at"], name="environment_sample_point"),
            models.Index(fields=["subject_id"], name="environment_sample_subject"),
            models.Index(fields=["because_id"], name="environment_sample_because"),
        ]

    def __str__(self) -> str:
        return f"{self.where} {self.barcode}"
