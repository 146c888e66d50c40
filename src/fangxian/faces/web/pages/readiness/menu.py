"""Readiness in the menu, and where its records have pages of their own."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"readiness.epidemicfree": "community_application", "readiness.schoolopening": "school_opening"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """Communities and schools for whoever may read them; the cycle of key places for whoever supervises."""
    if may(officer, Permission.READINESS_READ):
        yield {"label": _("Epidemic-free communities"), "url": reverse("readiness"), "icon": "shield-check",
               "group": navigation.CHECK}  # fmt: skip
        yield {"label": _("School opening"), "url": reverse("schools"), "icon": "school", "group": navigation.CHECK}
    if may(officer, Permission.INSPECTION_READ):
        yield {"label": _("Cycle of key places"), "url": reverse("key_place_cycle"), "icon": "calendar-repeat",
               "group": navigation.CHECK}  # fmt: skip
