"""Opening reserve rooms in steps: the order, its hours, what each site has confirmed."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.isolation.site import top_areas
from fangxian.faces.web.registers import widgets
from fangxian.registers.forms import AreaField
from fangxian.systems.quarantine import day, selectors, services

READ, WRITE = Permission.QUARANTINE_READ, Permission.QUARANTINE_WRITE
STEPS = (("third", 3, _("A third")), ("half", 2, _("Half")), ("all", 1, _("All")))


class OpeningForm(forms.Form):
    """What is ordered."""

    area = AreaField()
    name = forms.CharField(label=_("Name"), max_length=80)
    rooms = forms.IntegerField(label=_("Rooms to open"), min_value=1)


@guard.needs(READ)
@require_http_methods(["GET", "POST"])
def openings(request: HttpRequest) -> HttpResponse:
    """Openings that run, with a countdown for each step; and the form to order one."""
    areas = top_areas(request)
    form = widgets.dress(OpeningForm(request.POST or None, initial={"area": areas[0].pk if areas else ""}))
    if request.method == "POST" and form.is_valid():
        require(request.user, WRITE, form.cleaned_data["area"].pk)
        if guard.attempt(request, lambda: services.order_opening(by=request.user, **form.cleaned_data), _("Ordered.")):
            return redirect("openings")
    rows = {row.pk: row for area in areas for row in day.openings(area.pk)}
    context = {
        "openings": [dressed(row) for row in rows.values()], "form": form,
        "may_write": bool(may(request.user, WRITE)),
    }  # fmt: skip
    return render(request, "isolation/openings.html", context, status=422 if form.errors else 200)


@guard.needs(READ)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk) -> HttpResponse:
    """One order by itself; posted, it is over."""
    opening = selectors.opening(pk)
    may_write = may(request.user, WRITE, opening.area_id)
    if request.method == "GET":
        context = {"openings": [dressed(opening)], "alone": True, "may_write": bool(may_write)}
        return render(request, "isolation/openings.html", context)
    require(request.user, WRITE, opening.area_id)
    guard.attempt(request, lambda: services.end_opening(opening=opening, by=request.user), _("Ended."))
    return redirect("openings")


@guard.needs(WRITE)
@require_POST
def confirm(request: HttpRequest, pk) -> HttpResponse:
    """A site says how many rooms are open."""
    share, said = selectors.share(pk), request.POST.get("rooms", "")
    rooms = int(said) if said.isdecimal() else 0
    guard.attempt(request, lambda: services.confirm_opening(share=share, by=request.user, rooms=rooms), _("Confirmed."))
    return redirect("openings")


def dressed(opening) -> dict[str, Any]:
    """An opening with its steps: wanted, confirmed, hours left, whether it is done, running or late."""
    shares = list(opening.shares.all())
    open_ = sum(share.confirmed for share in shares)
    steps = []
    for key, part, label in STEPS:
        due, wanted = getattr(opening, f"{key}_due_at"), -(-opening.rooms // part)
        left = (due - now()).total_seconds() / 3600
        state = "done" if open_ >= wanted else ("late" if left < 0 else "running")
        steps.append({"label": label, "due": due, "wanted": wanted, "left": abs(left), "state": state})
    return {"opening": opening, "shares": shares, "open": open_, "steps": steps}
