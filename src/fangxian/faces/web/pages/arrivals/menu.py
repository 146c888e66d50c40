"""Arrivals in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """What the officer's posts open."""
    if may(officer, Permission.ARRIVALS_READ):
        yield _entry(_("Arrivals"), "arrivals", "plane-arrival", phone=True)
    if may(officer, Permission.ARRIVALS_WRITE) and may(officer, Permission.COMMAND_WRITE):
        yield _entry(_("Chase list"), "arrivals_chase", "run")


def _entry(label, name: str, icon: str, *, phone: bool = False) -> navigation.Entry:
    return {"label": label, "url": reverse(name), "icon": icon, "group": navigation.HOLD, "phone": phone}
