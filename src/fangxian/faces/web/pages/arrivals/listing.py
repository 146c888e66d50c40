"""Arrivals: exceptions first, then who is expected, who came, who is in a closed loop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.systems.arrivals import exceptions
from fangxian.systems.arrivals.words import LoopState

SHOWN = 100
NAMES = {
    exceptions.GAP: (_("Gap in the closed loop"), "link-off", "danger"),
    exceptions.MISSING: (_("Announced, but has not come"), "user-question", "danger"),
    exceptions.NOT_RECEIVED: (_("Not received at home"), "home-question", "danger"),
    exceptions.UNCHECKED: (_("Not checked at the landing"), "plane-inflight", "warning"),
    exceptions.UNDECLARED: (_("Came without a declaration"), "file-off", "warning"),
    exceptions.APPEAL: (_("Appeals to answer"), "scale", "info"),
}
TABS = (
    ("exceptions", _("Exceptions")), ("expected", _("Expected")), ("recent", _("Arrived")),
    ("loops", _("Under way")), ("completed", _("Completed")),
)  # fmt: skip


@guard.needs(Permission.ARRIVALS_READ)
@require_GET
def arrivals(request: HttpRequest) -> HttpResponse:
    """The list of the officer's area."""
    area, tab = area_of(request.user), request.GET.get("tab", "exceptions")
    context = {"tabs": TABS, "tab": tab, "waiting": exceptions.bounded(exceptions.inbox(area))}
    if tab == "expected":
        context["rows"] = exceptions.expected(area)[:SHOWN]
    elif tab == "recent":
        context["rows"] = exceptions.recent(area)[:SHOWN]
    elif tab in ("loops", "completed"):
        state = LoopState.OPEN if tab == "loops" else LoopState.COMPLETED
        context["loops"] = exceptions.loops(area, state)[:SHOWN]
    else:
        context |= {"tab": "exceptions", "parts": [(part, *NAMES[part.kind]) for part in exceptions.parts(area)]}
    return render(request, "arrivals/arrivals.html", context)


def area_of(officer: Officer) -> str:
    """The widest area the officer looks after arrivals in."""
    posts = officer.posts_with(Permission.ARRIVALS_READ)
    return min((post.area_id for post in posts), key=len, default="")
