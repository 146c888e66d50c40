"""A finding: its ladder drawn, its evidence, the second look, and what may be done now."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import audit
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.registers import attachments
from fangxian.systems.command import transitions
from fangxian.systems.command.transitions import Verb
from fangxian.systems.inspection import rules, selectors, services
from fangxian.systems.inspection.words import LADDER, Measure, Step, Topic

Act = Callable[[HttpRequest, Any], object]


def _files(request: HttpRequest) -> tuple[tuple[str, bytes], ...]:
    return tuple((str(file.name), file.read()) for file in request.FILES.getlist("photo"))


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()


ACTS: dict[str, Act] = {
    "mend": lambda request, one: services.mend(finding=one, by=request.user, evidence=_reason(request),
                                               files=_files(request)),
    "agree": lambda request, one: services.agree(finding=one, by=request.user),
    "reopen": lambda request, one: services.reopen(finding=one, by=request.user, reason=_reason(request)),
    "cannot": lambda request, one: services.cannot(finding=one, by=request.user, reason=_reason(request)),
    "withdraw": lambda request, one: services.ask_withdrawal(finding=one, by=request.user, reason=_reason(request)),
    "agree-withdrawal": lambda request, one: services.agree_withdrawal(finding=one, by=request.user),
    "account": lambda request, one: services.propose(
        finding=one, by=request.user, unit=request.POST.get("unit", ""), reason=_reason(request),
        measure=request.POST.get("measure", "")),
}  # fmt: skip
DONE = {
    "mend": _("Reported mended. Somebody else looks again."), "agree": _("Closed."),
    "reopen": _("Opened again, with time anew."), "cannot": _("Said. The command decides what becomes of it."),
    "withdraw": _("Asked. A second person has to agree."), "agree-withdrawal": _("Withdrawn."),
    "account": _("Proposed. Somebody else decides."),
}  # fmt: skip
TOLD = {
    "raised": _("Found and handed down"), "changed": _("Changed"), "handed_on": _("Handed on"),
    "rectified": _("Reported mended"), "reopened": _("Looked at again: not mended"),
    "closed": _("Looked at again: closed"), "impossible": _("Said to be impossible"), "open": _("Opened again"),
    "withdrawal_asked": _("Withdrawal asked for"), "withdrawn": _("Withdrawn"),
    "supervised": _("Supervised by the county"), "summoned": _("Owner summoned for a talk"),
    "account": _("Accountability"),
}  # fmt: skip
GRAVE = {"reopened", "supervised", "summoned", "account", "impossible"}


@guard.needs(Permission.INSPECTION_READ)
@require_GET
def finding(request: HttpRequest, pk) -> HttpResponse:
    """One finding."""
    found = selectors.finding(pk)
    earlier = list(selectors.in_memory(found)[:6]) if found.topic != Topic.OTHER else []
    context = {
        "finding": found, "ladder": _ladder(found), "story": _story(found), "earlier": earlier,
        "parties": selectors.parties_at(found.subject_kind, found.subject_id, found.area, found.where),
        "accounts": selectors.accounts_of(found.pk), "evidence": list(attachments.of(found.task)),
        "photos": list(attachments.of(found)), "can": _can(request.user, found), "measures": Measure.choices,
        "needs_file": rules.needs_file(rules.pack_of(found.area_id), found.severity), "now": now(),
    }  # fmt: skip
    return render(request, "supervision/finding.html", context)


@guard.needs(Permission.INSPECTION_READ)
@require_POST
def act(request: HttpRequest, pk, deed: str) -> HttpResponse:
    """One step; the verb says whether this officer may, and why not."""
    found = selectors.finding(pk)
    guard.attempt(request, lambda: ACTS[deed](request, found), DONE[deed])
    return redirect("finding", pk=found.pk)


def _ladder(found: Any) -> list[dict[str, Any]]:
    """The steps with those reached marked."""
    at = [step.value for step in LADDER].index(found.step)
    return [{"label": Step(step).label, "reached": place <= at, "here": place == at}
            for place, step in enumerate(LADDER)]  # fmt: skip


def _story(found: Any) -> list[dict[str, Any]]:
    """What happened to it, from the audit: nothing is left out and nothing was written for the page."""
    rows = []
    for entry in audit.history(found).select_related("officer"):
        word = entry.action.removeprefix("inspection.finding.")
        if entry.action.startswith("inspection.finding.") and word in TOLD:
            to = entry.detail.get("to") or {}
            said = to.get("evidence") or to.get("withdrawal") or ""
            rows.append(
                {"at": entry.at, "by": entry.officer, "label": TOLD[word], "grave": word in GRAVE, "said": said}
            )
    return rows


def _can(officer: Any, found: Any) -> dict[str, bool]:
    """What this officer may do now, for the buttons; the verbs decide."""
    task = found.task
    verbs = {verb: bool(transitions.allowed(task, verb, officer)) for verb in Verb}
    holds = bool(task.role) and transitions.is_holder(task, officer)
    leaves = verbs[Verb.WITHDRAW] and not holds
    return {
        "mend": verbs[Verb.FINISH], "cannot": verbs[Verb.CANNOT],
        "agree": verbs[Verb.CHECK] and not holds, "reopen": verbs[Verb.SEND_BACK] and not holds,
        "withdraw": leaves and not found.withdrawal_by_id,
        "agree_withdrawal": leaves and bool(found.withdrawal_by_id) and found.withdrawal_by_id != officer.pk,
        "account": bool(may(officer, Permission.INSPECTION_WRITE, found.area_id)) and not holds,
    }  # fmt: skip
