"""The community in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update(
    {
        "community.publicreport": "public_report",
        "community.volunteer": "volunteer",
        "community.volunteercall": "volunteer_call",
        "community.gathering": "gathering",
    }
)


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """Reports for who answers them; volunteers and gatherings for who may read them."""
    if may(officer, Permission.PUBLIC_REPORTS_READ):
        yield _entry(_("Public reports"), "public_reports", "speakerphone", navigation.SEE)
    if may(officer, Permission.COMMUNITY_READ):
        yield _entry(_("Gatherings"), "gatherings", "users-group", navigation.HOLD)
        yield _entry(_("Volunteers"), "volunteers", "heart-handshake", navigation.SUPPORT)


def _entry(label: Promise, name: str, icon: str, group: str) -> navigation.Entry:
    return {"label": label, "url": reverse(name), "icon": icon, "group": group}
