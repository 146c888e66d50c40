"""The pages of the story in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation

ADMINISTRATION = (Permission.ACCOUNTS_MANAGE, Permission.AUDIT_READ, Permission.SYSTEM_MANAGE)


@navigation.add
def pages(officer: Officer) -> Iterable[navigation.Entry]:
    """What the officer's posts open."""
    if not officer.current_posts:
        return
    if not officer.is_administrator:
        yield _entry(_("My ledger"), "ledger", "layout-dashboard", navigation.WORK, phone=True)
    if may(officer, Permission.COMMAND_READ):
        yield _entry(_("My tasks"), "my-tasks", "checklist", navigation.WORK, phone=True)
    if may(officer, Permission.SITUATION_READ):
        yield _entry(_("Situation"), "situation", "chart-bar", navigation.SEE, phone=True)
    if may(officer, Permission.TRACE_READ):
        yield _entry(_("Tracing workbench"), "tracing", "route", navigation.FIND)
    if may(officer, Permission.FLAGGED_SCANS_READ):
        yield _entry(_("Venue codes"), "venue_codes", "qrcode", navigation.FIND)
    if any(may(officer, right) for right in ADMINISTRATION):
        yield _entry(_("Administration"), "administration", "settings", navigation.SYSTEM, phone=True)
    if may(officer, Permission.JOBS_READ):
        yield _entry(_("Jobs"), "jobs", "progress", navigation.SYSTEM)
    if may(officer, Permission.POLICY_READ):
        yield _entry(_("Rules in force"), "packs", "book-2", navigation.SYSTEM)


def _entry(label, name: str, icon: str, group: str, *, phone: bool = False) -> navigation.Entry:
    return {"label": label, "url": reverse(name), "icon": icon, "group": group, "phone": phone}
