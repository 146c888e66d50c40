"""Administration: what this account may look after; jobs, audit, rules in force. Simple, and real."""

from datetime import date
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core import audit, diseases, policy
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import today
from fangxian.core.jobs import Job
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.registers import asking

PER_PAGE = 50
DISEASE = "covid19"
BACK_OFFICE = (Permission.SYSTEM_MANAGE, Permission.ACCOUNTS_MANAGE, Permission.AUDIT_READ)
PARTS = (
    (Permission.ACCOUNTS_MANAGE, "officers", _("Officers and posts"), "users",
     _("Make accounts, appoint and end posts. Rights come only from posts.")),
    (Permission.AUDIT_READ, "audit", _("Audit"), "shield-check",
     _("Every act with who, when and where; verify that nothing was edited, removed or cut off.")),
    (Permission.JOBS_READ, "jobs", _("Jobs"), "progress", _("Long work: what waits, what runs, what failed and why.")),
    (Permission.POLICY_READ, "packs", _("Rules in force"), "book-2",
     _("Every duration, test day and deadline with its source; compare two days.")),
    (BACK_OFFICE, "admin:index", _("Back office"), "table",
     _("Code tables and accounts as plain tables.")),
)  # fmt: skip


@guard.signed_in
@require_GET
def administration(request: HttpRequest) -> HttpResponse:
    """The landing page of the three administrations: only what the account may do."""
    parts = [
        (name, label, icon, text)
        for rights, name, label, icon, text in PARTS
        if any(may(request.user, right) for right in (rights if isinstance(rights, tuple) else (rights,)))
    ]
    return render(request, "administration/administration.html", {"parts": parts})


@guard.needs(Permission.JOBS_READ)
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The last jobs, newest first."""
    found = Job.objects.select_related("created_by").order_by("-created_at")
    state = request.GET.get("state", "")
    found = found.filter(state=state) if state in Job.State.values else found
    context = {"page": Paginator(found[:1000], PER_PAGE).get_page(request.GET.get("page")), "states": Job.State.choices,
               "state": state}  # fmt: skip
    return render(request, "administration/jobs.html", context)


@guard.needs(Permission.AUDIT_READ)
@require_http_methods(["GET", "POST"])
def audit_trail(request: HttpRequest) -> HttpResponse:
    """The audit, newest first; a POST verifies the whole chain and names every break."""
    found = AuditEntry.objects.select_related("officer").order_by("-seq")
    act, who = request.GET.get("act", "").strip(), request.GET.get("who", "").strip()
    found = found.filter(action__startswith=act) if act else found
    found = found.filter(officer__username=who) if who else found
    before = request.GET.get("before", "")
    found = found.filter(seq__lt=int(before)) if before.isdecimal() else found
    entries = list(found[: PER_PAGE + 1])
    context = {"entries": entries[:PER_PAGE], "act": act, "who": who, "anchor": audit.anchor(),
               "before": entries[PER_PAGE - 1].seq if len(entries) > PER_PAGE else None,
               "verdict": audit.verify() if request.method == "POST" else None}  # fmt: skip
    return render(request, "administration/audit.html", context)


@guard.needs(Permission.POLICY_READ)
@require_GET
def packs(request: HttpRequest) -> HttpResponse:
    """The rules in force for a disease in an area on a day, each with its source; and what another day says."""
    disease = request.GET.get("disease", DISEASE)
    disease = disease if disease in diseases.KEYS else DISEASE
    area = asking.area_code(request.GET) or request.user.posts_with(Permission.POLICY_READ)[0].area_id
    day, other = _day(request, "day") or today(), _day(request, "other")
    pack = policy.pack(disease=disease, area_code=area, on=day)
    compared = policy.pack(disease=disease, area_code=area, on=other) if other else None
    context = {
        "pack": pack, "disease": disease, "diseases": diseases.choices(get_language() or "en"), "area": area,
        "area_text": asking.area_text(area), "day": day.isoformat(), "other": other.isoformat() if other else "",
        "changes": policy.diff(pack, compared) if compared else [], "compared": compared,
        "groups": _groups(pack),
    }  # fmt: skip
    return render(request, "administration/packs.html", context)


def _groups(pack: policy.Pack) -> list[tuple[str, list]]:
    """The rules under the first word of their keys."""
    rules = sorted(pack.rules.items())
    return [(head, list(rows)) for head, rows in groupby(rules, key=lambda item: item[0].split(".")[0])]


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
