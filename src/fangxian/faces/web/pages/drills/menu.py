"""Drills in the menu; in the copy of a drill its board comes first."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core import drilling
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"drills.drill": "drill"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The calendar for whoever may read it; the board for whoever leads drills, in the copy alone."""
    if drilling.current() is not None and may(officer, Permission.DRILLS_WRITE):
        yield {
            "label": _("Drill board"), "url": reverse("drill_board"), "icon": "flag-exclamation",
            "group": navigation.WORK, "phone": True,
        }  # fmt: skip
    if may(officer, Permission.DRILLS_READ):
        yield {"label": _("Drills"), "url": reverse("drills"), "icon": "flag", "group": navigation.CHECK}
