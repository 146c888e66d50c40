"""A new edition of the rules: what it would change in the open plans is looked at before it is done."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import today
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.arrivals.listing import area_of
from fangxian.workflows.loop import replanning


@guard.needs(Permission.RESPOND_RUN)
@require_GET
def replan(request: HttpRequest) -> HttpResponse:
    """The difference, with the plans that change; nothing is written."""
    on = parse_date(request.GET.get("on", "")) or today()
    difference = replanning.preview(area_code=area_of(request.user), on=on)
    return render(request, "arrivals/replan.html", {"difference": difference, "on": on, "is_today": on == today()})


@guard.needs(Permission.RESPOND_RUN)
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Do what was shown, and nothing else."""
    area = area_of(request.user)
    require(request.user, Permission.RESPOND_RUN, area)
    guard.attempt(
        request, lambda: replanning.apply(area_code=area, digest=request.POST.get("digest", ""), by=request.user),
        _("The open plans follow the new rules."),
    )  # fmt: skip
    return redirect("arrivals_replan")
