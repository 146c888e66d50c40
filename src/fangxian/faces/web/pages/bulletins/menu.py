"""Bulletins in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"bulletins.bulletin": "bulletin"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The bulletins, for whoever may enter them."""
    if may(officer, Permission.BULLETINS_WRITE):
        yield {"label": _("Bulletins"), "url": reverse("bulletins"), "icon": "news", "group": navigation.COMMAND}
