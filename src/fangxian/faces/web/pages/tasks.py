"""Tasks: the phone page of whoever goes from door to door, and the page of one task with its verbs."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import audit, scope
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer, Post
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import figures, guard, lists
from fangxian.faces.web.registers import attachments, named, tables
from fangxian.registers import site
from fangxian.systems.command import selectors, services
from fangxian.systems.command.transitions import Verb, is_holder, verbs

SHOWN = 60
SEEN = "addresses_shown"  # tasks whose address this session has shown and written to the audit
LATE, TODAY, LATER, ANY_TIME = "late", "today", "later", "any"
PARTS = {LATE: _("Overdue"), TODAY: _("Today"), LATER: _("Later"), ANY_TIME: _("Without a date")}
DONE_WORDS = {
    Verb.RECEIVE: _("Received."), Verb.FINISH: _("Done."), Verb.CANNOT: _("Reported as impossible, with your reason."),
    Verb.CHECK: _("Checked."), Verb.SEND_BACK: _("Sent back."), Verb.REASSIGN: _("Given to somebody else."),
    Verb.WITHDRAW: _("Withdrawn."),
}  # fmt: skip


@guard.needs(Permission.COMMAND_READ)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Today's doors: overdue first, one tap for each step."""
    found = selectors.ledger(request.user)
    tasks = list(found[: SHOWN + 1])
    parts = [(PARTS[key], key, _cards(request, list(group))) for key, group in groupby(tasks[:SHOWN], _part)]
    context = {"parts": parts, "count": len(tasks), "more": len(tasks) > SHOWN, "done_today": _done_today(request.user)}
    return render(request, "command/my_tasks.html", context)


@guard.needs(Permission.COMMAND_READ)
@require_GET
def task(request: HttpRequest, pk) -> HttpResponse:
    """One task: what, who, until when, and what may be done with it now."""
    return render(request, "command/task.html", _context(request, selectors.task(pk)))


@guard.needs(Permission.COMMAND_READ)
@require_POST
def act(request: HttpRequest, pk, verb: str) -> HttpResponse:
    """One step; who may take it when stands in the system's table of transitions, the reason of a refusal is shown."""
    found, verb = selectors.task(pk), Verb(verb)
    done = guard.attempt(request, lambda: ACTS[verb](request, found), DONE_WORDS[verb])
    if request.htmx:
        card = _cards(request, [selectors.task(pk)])[0]
        return render(request, "command/card_answer.html", {"card": card}, status=200 if done else 422)
    return redirect("my-tasks") if request.POST.get("next") == "my-tasks" else redirect("task", found.pk)


def _reassign(request: HttpRequest, found) -> object:
    named = Officer.objects.filter(pk=request.POST.get("officer") or None).first()
    return services.reassign(tasks=[found], officer=named, by=request.user)


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "").strip()


ACTS = {
    Verb.RECEIVE: lambda request, found: services.receive(task=found, by=request.user),
    Verb.FINISH: lambda request, found: services.finish(task=found, by=request.user, outcome=_text(request)),
    Verb.CANNOT: lambda request, found: services.cannot(task=found, by=request.user, reason=_text(request)),
    Verb.CHECK: lambda request, found: services.check(task=found, by=request.user),
    Verb.SEND_BACK: lambda request, found: services.send_back(task=found, by=request.user, reason=_text(request)),
    Verb.WITHDRAW: lambda request, found: services.withdraw(task=found, by=request.user, reason=_text(request)),
    Verb.REASSIGN: _reassign,
}


def _context(request: HttpRequest, found) -> dict:
    card, register = _cards(request, [found])[0], site.get("command.task")
    return {
        "register": register,
        **attachments.tab(request, register, found),
        "card": card,
        "task": found,
        "about": _about(request.user, found),
        "officers": _officers() if Verb.REASSIGN in card["verbs"] else [],
        "history": audit.history(found).select_related("officer").order_by("-seq")[:50],
    }


def _about(officer: Officer, found) -> dict | None:
    """What the task is about, where the officer may open it."""
    slug = found.subject_kind
    if not found.subject_id or not figures.readable(officer, slug):
        return None
    label = site.get(slug).model._meta.verbose_name
    if slug in tables.PAGES:
        return {"label": label, "url": reverse(tables.PAGES[slug], args=[found.subject_id])}
    return {"label": label, "url": f"{reverse('register_record', args=[slug, found.subject_id])}?tab=related"}


def _cards(request: HttpRequest, tasks: list) -> list[dict]:
    """Tasks with what the officer may do and, for the holder of an open task, the address in full; that is recorded."""
    held = [found for found in tasks if found.address and found.status in found.OPEN and _is_mine(found, request.user)]
    _record_addresses(request, held)
    plain = {found.pk: found.address.reveal() for found in held}
    return [
        {"task": found, "address": plain.get(found.pk, str(found.address)), "is_plain": found.pk in plain,
         "verbs": [str(verb) for verb in verbs(found, request.user)], "part": _part(found)}
        for found in tasks
    ]  # fmt: skip


def _is_mine(found, officer: Officer) -> bool:
    """Named for the officer, or for nobody and the officer holds the role there."""
    return found.officer_id == officer.pk if found.officer_id else is_holder(found, officer)


def _record_addresses(request: HttpRequest, tasks: list) -> None:
    """Once a session and task: a page that is looked at all day long would bury the audit."""
    known = set(request.session.get(SEEN, []))
    new = [str(found.pk) for found in tasks if str(found.pk) not in known]
    if new:
        with audit.act("command.addresses.shown", by=request.user, area=tasks[0].area_id, detail={"tasks": new}):
            request.session[SEEN] = [*known, *new]


def _part(found) -> str:
    if found.due_at is None:
        return ANY_TIME
    if found.due_at < now() and found.status in found.OPEN:
        return LATE
    return TODAY if timezone.localdate(found.due_at) <= today() else LATER


def _done_today(officer: Officer) -> int:
    return named.rows(lists.TASKS, "done_since", today().isoformat()).filter(done_by=officer).count()


def _officers() -> list[tuple[int, str]]:
    """Officers with a post inside the scope, by area."""
    posts = Post.objects.current().filter(area__in=scope.areas_in_scope()).select_related("officer", "area")
    rows = posts.order_by("area_id", "officer__name")[:200]
    return [(post.officer_id, f"{post.officer} · {post.role_class.display_name} · {post.area}") for post in rows]
