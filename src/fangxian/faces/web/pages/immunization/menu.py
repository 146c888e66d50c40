"""Immunization in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update(
    {
        "immunization.vaccinationsite": "vaccination_site",
        "immunization.visit": "vaccination_visit",
        "immunization.aefi": "aefi",
    }
)


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The overview of vaccination, for whoever may read it."""
    if may(officer, Permission.IMMUNIZATION_READ):
        yield {
            "label": _("Vaccination"), "url": reverse("immunization"), "icon": "vaccine", "group": navigation.HOLD,
            "phone": not may(officer, Permission.SITUATION_READ),
        }  # fmt: skip
