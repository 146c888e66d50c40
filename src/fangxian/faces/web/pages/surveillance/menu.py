"""Early warning in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"surveillance.signal": "signal", "surveillance.warningproduct": "warning_product"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The inbox of signals, for whoever may read them."""
    if may(officer, Permission.SURVEILLANCE_READ):
        yield {
            "label": _("Early warning"), "url": reverse("surveillance"), "icon": "bell-ringing",
            "group": navigation.SEE,
        }  # fmt: skip
