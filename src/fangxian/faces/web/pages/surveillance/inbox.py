"""The inbox of signals: what waits for an answer, by its clock; what was answered; a run of the day when asked for."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import jobs
from fangxian.core.clock import now, today
from fangxian.core.jobs import Job
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.systems.surveillance import selectors
from fangxian.systems.surveillance.words import SignalState
from fangxian.workflows import early_warning

PER_PAGE = 30
TABS = {
    "open": (_("Waiting for a verdict"), SignalState.OPEN), "answered": (_("Verdict given"), SignalState.JUDGED),
    "ended": (_("Ended by itself"), SignalState.ENDED), "held": (_("Held back"), ""),
}  # fmt: skip


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Cards by state; those whose time runs out first stand first. Beside them what the budget held back."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    held = early_warning.held_back()
    rows = held if tab == "held" else selectors.signals(TABS[tab][1])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tab": tab, "tabs": [(key, label) for key, (label, _state) in TABS.items()], "page": page, "now": now(),
        "held": len(held),
        "figures": _figures(), "products": selectors.open_products()[:10], "job": _job(),
        "may_write": bool(may(request.user, Permission.SURVEILLANCE_WRITE)),
    }  # fmt: skip
    return render(request, "surveillance/inbox.html", context)


@guard.needs(Permission.SURVEILLANCE_WRITE)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Look at the last whole day now, in the officer's own areas, as a job."""
    day = (today() - timedelta(days=1)).isoformat()
    for post in request.user.posts_with(Permission.SURVEILLANCE_WRITE):
        code = post.area_id
        jobs.enqueue(early_warning.JOB, by=request.user, key=f"{day} {code}", as_of=day, area_code=code)
    guard.attempt(request, lambda: None, _("The counts are looked at; new signals appear here."))
    return redirect("surveillance")


@guard.needs(Permission.SURVEILLANCE_WRITE)
@require_POST
def raise_held(request: HttpRequest, pk) -> HttpResponse:
    """What the budget held back in a night becomes a card, with a reason."""
    number, why = request.POST.get("number", ""), request.POST.get("reason", "")
    held = early_warning.held_of(pk, int(number) if number.isdecimal() else -1)
    done = guard.attempt(
        request, lambda: early_warning.raise_held(held=held, by=request.user, reason=why),
        _("It is a signal now and waits for a verdict."),
    )  # fmt: skip
    return redirect(reverse("surveillance") + ("" if done else "?tab=held"))


@guard.needs(Permission.SURVEILLANCE_READ)
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far the run is."""
    return render(request, "surveillance/progress.html", {"job": _job()})


def _job() -> Job | None:
    """The run that is on its way."""
    return Job.objects.filter(kind=early_warning.JOB, state__in=["queued", "running"]).order_by("created_at").first()


def _figures() -> list[dict[str, Any]]:
    counted = selectors.counts(selectors.week_before(today()))
    here = reverse("register", args=["surveillance.signal"])
    worth = [row for row in selectors.track_record() if row.answered]
    answered, deserved = sum(row.answered for row in worth), sum(row.worth for row in worth)
    return [
        {"label": _("Waiting for a verdict"), "value": counted["open"], "url": f"{here}?state=OPEN"},
        {"label": _("Answer overdue"), "value": counted["overdue"], "url": f"{here}?state=OPEN",
         "tone": "danger" if counted["overdue"] else ""},
        {"label": _("Silent feeds"), "value": counted["silent"], "url": f"{here}?state=OPEN&kind=SILENCE",
         "tone": "warning" if counted["silent"] else ""},
        {"label": _("New in seven days"), "value": counted["week"], "url": here},
        {"label": _("Answered ones that deserved it"), "value": deserved, "url": reverse("surveillance_methods"),
         "note": _("of %(number)s") % {"number": answered}},
    ]  # fmt: skip
