"""A re-evaluation: what was read, how long it took, whom it found, and why each of them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.pages.risk_areas.lines import AFFECTED, lines_of_rows
from fangxian.registers import site
from fangxian.systems.risk_areas import concerned

TABS = {
    "new": _("Newly affected"),
    "changed": _("Judged differently"),
    "kept": _("Still affected"),
    "released": _("Released"),
}
STEPS = {"look": _("Time to look"), "keep": _("Time to write it down"), "follow": _("Time to hand it down")}
A_PAGE = 50


@guard.needs(Permission.RISK_AREAS_READ)
@require_GET
def run(request: HttpRequest, pk) -> HttpResponse:
    """The page of one run; its people for whoever may read them, those of one's own areas."""
    found = concerned.evaluation(pk)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else next((name for name in TABS if getattr(found, name)), "new")
    context = {
        "run": found, "tab": tab, "tabs": [(name, label, getattr(found, name)) for name, label in TABS.items()],
        "may_see": readable(request.user, AFFECTED),
        "steps": [(STEPS.get(step["step"], step["step"]), step) for step in found.steps],
    }  # fmt: skip
    if context["may_see"]:
        with site.get(AFFECTED).scope(request.user, "read"):
            page = Paginator(concerned.rows_of(found, tab), A_PAGE).get_page(request.GET.get("page"))
            context |= {"page": page, "lines": lines_of_rows(request.user, page.object_list, A_PAGE)}
    return render(request, "risk_areas/run.html", context)
