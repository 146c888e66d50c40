"""Risk areas in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation


@navigation.add
def entries(officer: Officer) -> Iterable[navigation.Entry]:
    """The board, for whoever may read risk areas."""
    if may(officer, Permission.RISK_AREAS_READ):
        yield {"label": _("Risk areas"), "url": reverse("risk_areas"), "icon": "map-pin-exclamation",
               "group": navigation.HOLD}  # fmt: skip
