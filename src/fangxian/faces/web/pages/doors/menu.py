"""Doors in the menu: of those who watch, and of those who walk."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation

PHONE = "/field/#/doors"


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """What the officer's posts open."""
    if may(officer, Permission.DOORS_WALK):
        yield {**_entry(_("Today’s doors"), "field", "home", navigation.WORK, phone=True), "url": PHONE}
    if may(officer, Permission.DOORS_WATCH):
        yield _entry(_("Doors not reached"), "doors", "door-enter", navigation.FIND)


def _entry(label, name: str, icon: str, group: str, *, phone: bool = False) -> navigation.Entry:
    return {"label": label, "url": reverse(name), "icon": icon, "group": group, "phone": phone}
