"""Recalls: what is called back because of a contaminated lot, and how far every holder is."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import DAY, shown
from fangxian.core.records import Record
from fangxian.registers.behaviours import Attached
from fangxian.systems.goods.models.consignments import Lot
from fangxian.systems.goods.models.places import GoodsPlace
from fangxian.systems.goods.models.sampling import GoodsTest
from fangxian.systems.goods.words import HolderState


class Recall(Attached, Record):
    """One recall: the lot it began with, the window that was searched, what was found."""

    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("Lot of goods"), related_name="recalls")
    test = models.ForeignKey(
        GoodsTest, models.PROTECT, verbose_name=_("Test of goods"), related_name="recalls", null=True, blank=True
    )
    reason = models.CharField(_("Reason"), max_length=200)
    from_at = models.DateTimeField(_("Searched from"))
    until_at = models.DateTimeField(_("Searched until"))
    started_at = models.DateTimeField(_("Started"))
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True)
    is_withdrawn = models.BooleanField(_("Recall withdrawn"), default=False, editable=False)
    correction = models.CharField(_("Why its test was taken back"), max_length=200, blank=True, editable=False)
    lots = models.PositiveIntegerField(_("Lots"), default=0)
    places = models.PositiveIntegerField(_("Places"), default=0)
    handlers = models.PositiveIntegerField(_("Handlers"), default=0)
    pieces = models.PositiveIntegerField(_("Pieces"), default=0)
    rule = models.CharField(_("Rule"), max_length=80, blank=True)
    pack = models.CharField(_("Policy pack"), max_length=120, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Recall of goods")
        verbose_name_plural = _("Recalls of goods")
        constraints = [
            models.UniqueConstraint(fields=["lot"], condition=Q(closed_at__isnull=True), name="goods_recall_open_once")
        ]
        indexes = [models.Index(fields=["area", "closed_at"], name="goods_recall_open")]

    def __str__(self) -> str:
        return f"{self.lot} {shown(self.started_at, DAY)}"


class RecallLine(Record):
    """What one holder has of one lot. The area is the holder's; the recall's own area sees every line.

    `pieces` is what was there when the recall was made; sealed, returned, destroyed and used never exceed it.
    """

    scope_fields = ("area", "recall_area")

    recall = models.ForeignKey(Recall, models.CASCADE, verbose_name=_("Recall of goods"), related_name="lines")
    recall_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Area of the recall"), related_name="+", editable=False, null=True
    )
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("Lot of goods"), related_name="recall_lines")
    place = models.ForeignKey(
        GoodsPlace, models.PROTECT, verbose_name=_("Place of goods"), related_name="recall_lines", null=True, blank=True
    )
    since = models.DateTimeField(_("Contaminated since"))
    passed = models.PositiveIntegerField(_("Pieces that passed through"), default=0)
    pieces = models.PositiveIntegerField(_("Pieces to account for"), default=0)
    sealed = models.PositiveIntegerField(_("Pieces sealed"), default=0)
    returned = models.PositiveIntegerField(_("Pieces sent back"), default=0)
    destroyed = models.PositiveIntegerField(_("Pieces destroyed"), default=0)
    used = models.PositiveIntegerField(_("Pieces used up or not to be found"), default=0)
    state = models.CharField(_("State"), max_length=8, choices=HolderState.choices, default=HolderState.OPEN)
    told_at = models.DateTimeField(_("Told at"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("Stopped at"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Holder of recalled goods")
        verbose_name_plural = _("Holders of recalled goods")
        constraints = [
            models.UniqueConstraint(fields=["recall", "lot", "place"], name="goods_recall_line_once"),
            models.UniqueConstraint(
                fields=["recall", "lot"], condition=Q(place__isnull=True), name="goods_recall_unnamed_once"
            ),
            models.CheckConstraint(
                condition=Q(pieces__gte=F("sealed") + F("returned") + F("destroyed") + F("used")),
                name="goods_recall_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state"], name="goods_line_area_state"),
            models.Index(fields=["recall_area", "state"], name="goods_line_recall_state"),
        ]

    def __str__(self) -> str:
        return f"{self.lot} · {self.place or '—'}"

    @property
    def open_pieces(self) -> int:
        """Pieces nobody has accounted for yet."""
        return self.pieces - self.sealed - self.returned - self.destroyed - self.used
