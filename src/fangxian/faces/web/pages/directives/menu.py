"""Directives in the menu, and which records have pages of their own."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update(
    {
        "directives.directive": "directive", "directives.handing": "directive_unit",
        "directives.meeting": "directive_meeting", "directives.report": "directive_report",
    }
)  # fmt: skip


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The board of directives, for whoever may read it."""
    if may(officer, Permission.DIRECTIVES_READ):
        yield {
            "label": _("Directives"), "url": reverse("directives"), "icon": "arrow-fork", "group": navigation.WORK,
            "phone": bool(may(officer, Permission.DIRECTIVES_WRITE)) and not may(officer, Permission.SITUATION_READ),
        }  # fmt: skip
