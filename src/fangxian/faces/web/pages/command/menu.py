"""The command of an area in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"core.operatingmode": "mode", "command.workinggroup": "working_group"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """Mode, duty and groups, for whoever commands or leads."""
    if may(officer, Permission.COMMAND_READ) and may(officer, Permission.SITUATION_READ):
        yield {
            "label": _("Mode and groups"), "url": reverse("command"), "icon": "adjustments-exclamation",
            "group": navigation.COMMAND,
        }  # fmt: skip
