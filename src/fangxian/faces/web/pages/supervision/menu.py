"""Supervision in the menu, and where its records have pages of their own."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({
    "inspection.finding": "finding", "inspection.trip": "trip", "inspection.sheet": "sheet",
    "inspection.accountability": "account",
})  # fmt: skip


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The board of supervision, for whoever may read it; trips for whoever makes them."""
    if may(officer, Permission.INSPECTION_READ):
        yield {"label": _("Supervision"), "url": reverse("supervision"), "icon": "eye-check",
               "group": navigation.CHECK}  # fmt: skip
        yield {"label": _("Key places"), "url": reverse("key_places"), "icon": "map-pin-check",
               "group": navigation.CHECK}  # fmt: skip
    if may(officer, Permission.INSPECTION_SELF_CHECK):
        yield {"label": _("Self-check of my unit"), "url": reverse("own_check"), "icon": "clipboard-check",
               "group": navigation.CHECK}  # fmt: skip
    if may(officer, Permission.INSPECTION_WRITE):
        yield {"label": _("Inspection trips"), "url": reverse("trips"), "icon": "route", "group": navigation.CHECK}
