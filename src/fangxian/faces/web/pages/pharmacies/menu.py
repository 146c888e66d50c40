"""Pharmacies in the menu: the till for a clerk, the overview for whoever looks after an area."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.core.roles import PharmacyClerk
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"pharmacies.pharmacy": "pharmacy"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """One entry; where it leads follows from the posts."""
    if may(officer, Permission.PHARMACIES_READ):
        clerk = any(post.role == PharmacyClerk.key for post in officer.current_posts)
        yield {
            "label": _("Till") if clerk else _("Pharmacies"), "url": reverse("pharmacies"),
            "icon": "cash" if clerk else "pill", "group": navigation.SEE, "phone": clerk,
        }  # fmt: skip
