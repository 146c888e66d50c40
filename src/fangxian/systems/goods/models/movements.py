"""Goods on their way: every row takes pieces of a lot at a place and makes pieces of a lot at a place."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.core.clock import shown
from fangxian.core.fields import EncryptedTextField
from fangxian.core.records import Record
from fangxian.systems.goods.models.consignments import Lot
from fangxian.systems.goods.models.places import GoodsPlace
from fangxian.systems.goods.words import Moved
from fangxian.systems.people.models import Person


class Movement(Record):
    """One step of goods. Whose area it left is the area, where it went is the other; both see it. What moved
    is never changed; who drove, handled and bought may be added."""

    scope_fields = ("area", "to_area")

    kind = models.CharField(_("Kind of movement"), max_length=8, choices=Moved.choices)
    lot = models.ForeignKey(Lot, models.PROTECT, verbose_name=_("Lot of goods"), related_name="movements")
    to_lot = models.ForeignKey(
        Lot, models.PROTECT, verbose_name=_("Becomes lot"), related_name="made_by", null=True, blank=True
    )
    from_place = models.ForeignKey(
        GoodsPlace, models.PROTECT, verbose_name=_("From"), related_name="sent", null=True, blank=True
    )
    to_place = models.ForeignKey(
        GoodsPlace, models.PROTECT, verbose_name=_("To"), related_name="received", null=True, blank=True
    )
    to_area = models.ForeignKey(
        Area, models.PROTECT, verbose_name=_("Area of the receiver"), related_name="+", editable=False, null=True
    )
    at = models.DateTimeField(_("At"))
    pieces = models.PositiveIntegerField(_("Pieces"), validators=[MinValueValidator(1)])
    made = models.PositiveIntegerField(_("Pieces made"), null=True, blank=True)
    vehicle = models.ForeignKey(
        GoodsPlace, models.PROTECT, verbose_name=_("Goods vehicle"), related_name="trips", null=True, blank=True
    )
    handler = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("Handled by"), related_name="goods_handled", null=True, blank=True
    )
    waybill = models.CharField(_("Waybill or receipt number"), max_length=40, blank=True)
    buyer = EncryptedTextField(_("Buyer"), mask="name", blank=True)
    buyer_phone = EncryptedTextField(_("Phone of the buyer"), mask="phone")

    class Meta(Record.Meta):
        verbose_name = _("Movement of goods")
        verbose_name_plural = _("Movements of goods")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_place__isnull=False) | Q(to_place__isnull=False), name="goods_moved_somewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "at"], name="goods_move_area_at"),
            models.Index(fields=["to_area", "at"], name="goods_move_to_area_at"),
            models.Index(fields=["lot", "from_place", "at"], name="goods_move_from"),
            models.Index(fields=["to_lot", "to_place", "at"], name="goods_move_to"),
            models.Index(fields=["changed_at"], name="goods_move_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.lot} {self.get_kind_display()} {shown(self.at)}"
