"""My ledger: what each role sees first. My posts, my open tasks, what changed since yesterday, my lists."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard, lists
from fangxian.faces.web.pages.figures import row_of
from fangxian.faces.web.pages.tasks import _part
from fangxian.registers import site
from fangxian.systems.command import selectors as command

TASKS_SHOWN = 12
CHECKS_SHOWN = 8


@guard.signed_in
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The landing page of most roles."""
    officer = request.user
    context = {
        "figures": _standing(officer),
        "changes": _changes(officer),
        "registers": [register for register in site if register.may(officer, "read")],
        "links": [(label, reverse(name), icon) for right, label, name, icon in SHORTCUTS if may(officer, right)],
        **_tasks(officer),
    }  # fmt: skip
    return render(request, "command/ledger.html", context)


def _tasks(officer) -> dict:
    if not may(officer, Permission.COMMAND_READ):
        return {"tasks": [], "has_tasks": False, "to_check": []}
    with site.get(lists.TASKS).scope(officer, "read"):
        found = list(command.ledger(officer)[: TASKS_SHOWN + 1])
        codes = [post.area_id for post in officer.posts_with(Permission.COMMAND_WRITE)]
        waiting = [task for code in codes for task in command.to_check(code)[:CHECKS_SHOWN]]
    shown = [(task, _part(task)) for task in found[:TASKS_SHOWN]]
    return {"tasks": shown, "more": len(found) > TASKS_SHOWN, "has_tasks": True, "to_check": waiting[:CHECKS_SHOWN]}


def _standing(officer) -> list:
    return row_of(
        officer,
        (lists.TASKS, "open", _("Tasks open in my area"), {}),
        (lists.TASKS, "overdue", _("Overdue"), {"tone": "danger"}),
        (lists.CASES, "pending", _("Cases under investigation"), {"tone": "warning"}),
        (lists.CONTACTS, "active", _("Contacts being followed"), {}),
        (lists.CONTACTS, "proposed", _("Contacts waiting for a second person"), {"tone": "warning"}),
        (lists.STAYS, "waiting", _("Waiting for a room"), {"tone": "danger"}),
        (lists.RESULTS, "held", _("Results held"), {"tone": "warning"}),
    )


def _changes(officer) -> list:
    since = {"value": lists.yesterday()}
    return row_of(
        officer,
        (lists.CASES, "since", _("New cases"), {**since, "tone": "danger"}),
        (lists.CONTACTS, "since", _("New contacts"), since),
        (lists.TASKS, "done_since", _("Tasks done"), {**since, "tone": "success"}),
    )


SHORTCUTS = (
    (Permission.SITUATION_READ, _("Situation"), "situation", "chart-bar"),
    (Permission.TRACE_READ, _("Tracing workbench"), "tracing", "route"),
    (Permission.INSPECTION_SELF_CHECK, _("Self-check of my unit"), "own_check", "clipboard-check"),
    (Permission.POLICY_READ, _("Rules in force"), "packs", "book-2"),
)
