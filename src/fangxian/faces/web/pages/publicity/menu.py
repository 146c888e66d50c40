"""Publicity in the menu: its board for whoever may read it, notices for every officer who has some to take note of."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables
from fangxian.systems.publicity import selectors

tables.PAGES.update({"publicity.message": "message"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The board, and the notices with how many are new to the officer."""
    if may(officer, Permission.PUBLICITY_READ):
        yield {
            "label": _("Publicity"), "url": reverse("publicity"), "icon": "speakerphone", "group": navigation.SUPPORT,
        }  # fmt: skip
    said, noted = selectors.notices_noted(officer) if officer.current_posts else (0, 0)
    if said:
        yield {
            "label": _("Notices"), "url": reverse("notices"), "icon": "bell", "group": navigation.WORK,
            "count": said - noted,
        }  # fmt: skip
