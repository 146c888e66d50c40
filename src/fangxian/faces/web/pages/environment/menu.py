"""The environment in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({
    "environment.environmentsample": "environment_sample", "environment.environmentorder": "environment_order",
})  # fmt: skip


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The board of the environment, for whoever may read it."""
    if may(officer, Permission.ENVIRONMENT_READ):
        yield {
            "label": _("Environment"), "url": reverse("environment"), "icon": "droplet-search",
            "group": navigation.SEE, "phone": False,
        }  # fmt: skip
