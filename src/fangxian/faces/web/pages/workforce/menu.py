"""The workforce in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update({"workforce.subsidystatement": "statement"})


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """The load board for whoever leads; my shifts and the training for everybody with a post."""
    if may(officer, Permission.WORKFORCE_READ):
        yield _entry(_("Front-line staff"), "workforce", "heart-handshake")
        yield _entry(_("Sent to the front line"), "deployments", "users-group")
        yield _entry(_("Field visits"), "visits", "walk")
    if officer.current_posts and not officer.is_administrator:
        yield _entry(_("My shifts"), "my_shifts", "clock-hour-4", navigation.WORK)
        yield _entry(_("Training"), "training", "school", navigation.WORK)


def _entry(label, name: str, icon: str, group: str = navigation.SUPPORT) -> navigation.Entry:
    return {"label": label, "url": reverse(name), "icon": icon, "group": group}
