"""Stores, what lies in them, every movement of it, and who asked for what."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.supplies.words import INTO, OUT_OF, SupplyItem, SupplyMove, label_of, unit_of


class Store(Record):
    """A place where supplies lie, with the keeper who answers for them."""

    class Owner(models.TextChoices):
        GOVERNMENT = "GOVERNMENT", _("Government reserve")
        UNIT = "UNIT", _("Store of a unit")
        COMPANY = "COMPANY", _("Reserve kept by a company")

    name = models.CharField(_("Name"), max_length=60)
    owner = models.CharField(_("Whose"), max_length=12, choices=Owner.choices, default=Owner.GOVERNMENT)
    keeper = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, verbose_name=_("Storekeeper"), related_name="stores"
    )
    place = models.CharField(_("Where"), max_length=120, blank=True)
    staff = models.PositiveIntegerField(
        _("Staff supplied"), default=0, help_text=_("How many people on duty a day take their protection from here.")
    )
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Supply store")
        verbose_name_plural = _("Supply stores")
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="supply_store_once")]

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """What lies in a store, by lot: kept by the movements alone, and the database holds that it is never below zero."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="stock")
    item = models.CharField(max_length=20, choices=SupplyItem.choices)
    lot = models.CharField(max_length=40, blank=True)
    expires_on = models.DateField(null=True)
    quantity = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Stock")
        verbose_name_plural = _("Stock")
        constraints = [
            models.UniqueConstraint(fields=["store", "item", "lot"], name="supply_stock_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="supply_stock_never_below_zero"),
        ]
        indexes = [models.Index(fields=["item", "expires_on"], name="supply_stock_expires")]

    def __str__(self) -> str:
        return f"{label_of(self.item)} {self.lot}".strip()

    @property
    def unit(self):
        """What one of it is called."""
        return unit_of(self.item)

    @property
    def is_expired(self) -> bool:
        """Whether its last day has passed."""
        return self.expires_on is not None and self.expires_on < today()


class SupplyRequest(Attached, Record):
    """One store asks another: agreed by the leader who asks and the keeper who gives, sent, received, closed.

    The area is the asking one's; both sides see it until it is closed.
    """

    scope_fields = ("area", "from_area")

    class State(models.TextChoices):
        ASKED = "ASKED", _("Waiting for both sides")
        AGREED = "AGREED", _("Agreed")
        SENT = "SENT", _("Dispatched")
        RECEIVED = "RECEIVED", _("Received with a difference")
        CLOSED = "CLOSED", _("Closed")
        REFUSED = "REFUSED", _("Turned down")
        CANCELLED = "CANCELLED", _("Cancelled")

    OPEN = (State.ASKED, State.AGREED, State.SENT, State.RECEIVED)

    to_store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("Asking store"), related_name="asked")
    from_store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("Giving store"), related_name="asked_of")
    from_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Area of the giving store"), related_name="+", editable=False, null=True
    )
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ASKED, editable=False)
    reason = models.CharField(_("What for"), max_length=200)
    asked_at = models.DateTimeField(_("Requested at"), default=now, editable=False)
    due_at = models.DateTimeField(_("Due"), null=True, editable=False)
    leader_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Agreed by the asking side"),
        related_name="+",
    )  # fmt: skip
    leader_at = models.DateTimeField(_("Asking side agreed at"), null=True, editable=False)
    keeper_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, editable=False, verbose_name=_("Agreed by the giving side"),
        related_name="+",
    )  # fmt: skip
    keeper_at = models.DateTimeField(_("Giving side agreed at"), null=True, editable=False)
    sent_at = models.DateTimeField(_("Dispatched at"), null=True, editable=False)
    carrier = models.CharField(_("Carried by"), max_length=60, blank=True, editable=False)
    received_at = models.DateTimeField(_("Received at"), null=True, editable=False)
    closed_at = models.DateTimeField(_("Request closed at"), null=True, editable=False)
    answer = models.CharField(_("Answer given"), max_length=200, blank=True, editable=False)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Request for supplies")
        verbose_name_plural = _("Requests for supplies")
        constraints = [
            models.CheckConstraint(
                condition=Q(leader_by=None, leader_at=None) | Q(leader_by__isnull=False, leader_at__isnull=False),
                name="supply_leader_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(keeper_by=None, keeper_at=None) | Q(keeper_by__isnull=False, keeper_at__isnull=False),
                name="supply_keeper_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(leader_by__isnull=True) | ~Q(leader_by=F("keeper_by")), name="supply_two_officers"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ASKED", "REFUSED", "CANCELLED"])
                | Q(leader_at__isnull=False, keeper_at__isnull=False),
                name="supply_agreed_by_both",
            ),
            models.CheckConstraint(condition=~Q(to_store=F("from_store")), name="supply_from_another_store"),
        ]
        indexes = [
            models.Index(fields=["area", "state", "due_at"], name="supply_request_area_state"),
            models.Index(fields=["from_area", "state", "due_at"], name="supply_request_from_state"),
        ]

    def __str__(self) -> str:
        return f"{self.from_store} → {self.to_store}"

    @property
    def is_late(self) -> bool:
        """Whether its next step is overdue."""
        return self.due_at is not None and self.due_at < now()


class RequestLine(models.Model):
    """One item of a request: asked, agreed, sent, received. What was sent and did not come is the difference."""

    request = models.ForeignKey(SupplyRequest, models.PROTECT, related_name="lines")
    item = models.CharField(max_length=20, choices=SupplyItem.choices)
    asked = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField(null=True)
    sent = models.PositiveIntegerField(default=0)
    received = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("Line of a request")
        verbose_name_plural = _("Lines of requests")
        constraints = [
            models.UniqueConstraint(fields=["request", "item"], name="supply_line_once"),
            models.CheckConstraint(
                condition=Q(asked__gt=0) & (Q(received=None) | Q(received__lte=F("sent"))), name="supply_line_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{label_of(self.item)} {self.asked}"

    @property
    def unit(self):
        """What one of it is called."""
        return unit_of(self.item)

    @property
    def missing(self) -> int:
        """What was sent and did not arrive; 0 while it is under way."""
        return 0 if self.received is None else self.sent - self.received


class Movement(Record):
    """One movement of one lot, never changed afterwards: a mistake is mended by a count or by the opposite movement.

    `quantity` is what moved, or what was found on the shelf when it was counted; `change` is what that did to the
    stock, `left` the stock of the lot after it.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("Supply store"), related_name="movements")
    item = models.CharField(_("Supply item"), max_length=20, choices=SupplyItem.choices)
    lot = models.CharField(_("Lot no."), max_length=40, blank=True)
    expires_on = models.DateField(_("Expires on"), null=True, blank=True)
    kind = models.CharField(_("Kind"), max_length=8, choices=SupplyMove.choices, default=SupplyMove.COUNTED)
    quantity = models.PositiveIntegerField(_("Quantity"))
    moved_at = models.DateTimeField(_("When"), default=now)
    change = models.IntegerField(_("Change of the stock"), default=0, editable=False)
    left = models.PositiveIntegerField(_("Left of the lot"), default=0, editable=False)
    other_store = models.ForeignKey(
        Store, models.PROTECT, null=True, editable=False, verbose_name=_("Other store"), related_name="+"
    )
    request = models.ForeignKey(
        SupplyRequest, models.PROTECT, null=True, editable=False, verbose_name=_("By the request"), related_name="moves"
    )
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Movement of supplies")
        verbose_name_plural = _("Movements of supplies")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in INTO], change=F("quantity"), quantity__gt=0)
                | Q(kind__in=[str(kind) for kind in OUT_OF], quantity=F("change") * -1, quantity__gt=0)
                | Q(kind="COUNTED", left=F("quantity")),
                name="supply_movement_changes_what_it_says",
            ),
            models.CheckConstraint(condition=~Q(kind="WASTED", note=""), name="supply_waste_says_why"),
            models.CheckConstraint(
                condition=Q(kind__in=["SENT", "ARRIVED"], other_store__isnull=False)
                | (~Q(kind__in=["SENT", "ARRIVED"]) & Q(other_store__isnull=True)),
                name="supply_movement_other_store",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "kind", "moved_at"], name="supply_movement_area"),
            models.Index(fields=["store", "item", "moved_at"], name="supply_movement_store"),
        ]

    def __str__(self) -> str:
        return f"{label_of(self.item)} {self.get_kind_display()} {self.quantity}"

    @property
    def unit(self):
        """What one of it is called."""
        return unit_of(self.item)
