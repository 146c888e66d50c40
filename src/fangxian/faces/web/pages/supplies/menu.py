"""Supplies in the menu, and their lists with a name."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.core.standing import standing
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables
from fangxian.faces.web.registers.named import add

REQUESTS, MOVEMENTS, STORES = "supplies.supplyrequest", "supplies.movement", "supplies.store"
OPEN = Q(state__in=["ASKED", "AGREED", "SENT", "RECEIVED"])

tables.PAGES.update({REQUESTS: "supply_request", STORES: "supply_store"})
add("open", REQUESTS, _("not closed yet"), lambda value: OPEN)
add("overdue", REQUESTS, _("overdue"), lambda value: OPEN & Q(due_at__lt=now()))
add("standing", STORES, _("open"), lambda value: standing())


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The board of supplies, for whoever may read it."""
    if may(officer, Permission.SUPPLIES_READ):
        yield {
            "label": _("Supplies"), "url": reverse("supplies"), "icon": "packages", "group": navigation.SUPPORT,
            "phone": not may(officer, Permission.SITUATION_READ),
        }  # fmt: skip
