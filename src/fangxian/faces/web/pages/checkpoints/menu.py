"""Checkpoints in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update(
    {
        "checkpoints.pointofentry": "point",
        "checkpoints.shift": "shift",
        "checkpoints.vehicle": "vehicle",
        "checkpoints.manifest": "manifest",
        "checkpoints.passage": "passage",
    }
)


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The board of the points, for whoever may read them."""
    if may(officer, Permission.CHECKPOINTS_READ):
        yield {
            "label": _("Checkpoints"), "url": reverse("points"), "icon": "barrier-block", "group": navigation.FIND,
            "phone": bool(may(officer, Permission.CHECKPOINTS_WRITE)) and not may(officer, Permission.SITUATION_READ),
        }  # fmt: skip
