"""Goods in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update(
    {
        "goods.lot": "goods_lot", "goods.consignment": "goods_consignment", "goods.goodsplace": "goods_place",
        "goods.recall": "goods_recall",
    }
)  # fmt: skip


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The keeper's page, for whoever may read goods; on the phone of who has no situation page."""
    if may(officer, Permission.GOODS_READ):
        yield {
            "label": _("Imported goods"), "url": reverse("goods"), "icon": "snowflake", "group": navigation.HOLD,
            "phone": not may(officer, Permission.SITUATION_READ),
        }  # fmt: skip
