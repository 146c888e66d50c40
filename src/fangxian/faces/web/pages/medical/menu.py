"""Medical care in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"medical.facility": "facility", "medical.referral": "referral"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The board of medical care, for whoever may read it."""
    if may(officer, Permission.MEDICAL_READ):
        yield {
            "label": _("Medical care"), "url": reverse("medical"), "icon": "building-hospital",
            "group": navigation.SEE, "phone": not may(officer, Permission.SITUATION_READ),
        }  # fmt: skip
