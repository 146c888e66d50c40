"""Reports: of the evening and of a stage; counted, signed by two, corrected, taken as papers."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.reporting import lists
from fangxian.systems.situation import reporting_rules as rules
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.workflows import daily_report, stage_review
from fangxian.workflows.reporting import drawing

DATE = {"type": "date"}


class StageForm(django_forms.Form):
    """The days of a stage."""

    first = django_forms.DateField(label=_("First day"), widget=django_forms.DateInput(attrs=DATE))
    last = django_forms.DateField(label=_("Last day"), widget=django_forms.DateInput(attrs=DATE))


@guard.needs(Permission.SITUATION_READ)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The reports of my area and all below it."""
    area = area_of(request.user)
    context = {
        "area": area, "reports": selectors.reports(area.code), "form": StageForm(),
        "may_write": bool(may(request.user, Permission.SITUATION_WRITE, area.code)),
    }  # fmt: skip
    return render(request, "reporting/reports.html", context)


@guard.needs(Permission.SITUATION_WRITE)
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Count today's report, or review a stage; what is refused says why on the list."""
    area, made = area_of(request.user, Permission.SITUATION_WRITE), []
    guard.attempt(request, lambda: made.append(_count(request, area)))
    return redirect("report", pk=made[0].pk) if made else redirect("reports")


def _count(request: HttpRequest, area: Area) -> Any:
    if "stage" not in request.POST:
        return daily_report.prepare(area=area, day=today(), by=request.user)
    form = StageForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Say the first and the last day of the stage."))
    days = form.cleaned_data
    return stage_review.prepare(area=area, starts_on=days["first"], ends_on=days["last"], by=request.user)


@guard.needs(Permission.SITUATION_READ)
@require_GET
def report(request: HttpRequest, pk) -> HttpResponse:
    """One edition: what it says, every figure with its rows, its papers, and what has to be done with it."""
    found = selectors.report(pk)
    writes = bool(may(request.user, Permission.SITUATION_WRITE, found.area_id))
    document = lists.without_annex(found.said.get(lists.tongue(), {}))
    context = {
        "report": found, "document": document, "number": drawing.numbered(found),
        "groups": lists.daily(request.user, found) if found.kind == "DAILY" else [],
        "lines": lists.stage(request.user, found) if found.kind == "STAGE" else [],
        "editions": selectors.editions(found.area, found.kind, found.starts_on, found.ends_on),
        "may_sign": writes and found.state == "DRAFT",
        "may_agree": writes and found.state == "WAITING" and found.signed_by_id != request.user.pk,
        "may_correct": writes and found.state == "ISSUED" and found.kind == "DAILY",
        "may_count": writes and found.is_open and found.edition == 1,
        "needs_second": rules.needs_second(found.area_id),
    }  # fmt: skip
    return render(request, "reporting/report.html", context)


@guard.needs(Permission.SITUATION_WRITE)
@require_POST
def act(request: HttpRequest, pk, evening_deed: str) -> HttpResponse:
    """Count anew, sign, agree, correct; the reason it is refused for stands on the page."""
    found = selectors.report(pk)
    made: list[Any] = []
    guard.attempt(request, lambda: made.append(DEEDS[evening_deed](request, found)), DONE[evening_deed])
    return redirect("report", pk=made[0].pk if made else pk)


def _anew(request: HttpRequest, found: Any) -> Any:
    with scope.within(found.area_id):
        if found.kind == "STAGE":
            days = {"starts_on": found.starts_on, "ends_on": found.ends_on}
            return stage_review.prepare(area=found.area, by=request.user, **days)
        return daily_report.prepare(area=found.area, day=found.ends_on, by=request.user)


def _sign(request: HttpRequest, found: Any) -> Any:
    return daily_report.sign(report=found, by=request.user, digest=request.POST.get("digest", ""))


def _agree(request: HttpRequest, found: Any) -> Any:
    return daily_report.agree(report=found, by=request.user, digest=request.POST.get("digest", ""))


def _correct(request: HttpRequest, found: Any) -> Any:
    return daily_report.correct(
        report=found, by=request.user, reason=request.POST.get("reason", ""), standing_anew="standing" in request.POST
    )


DEEDS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "count": _anew, "sign": _sign, "agree": _agree, "correct": _correct,
}  # fmt: skip
DONE = {
    "count": _("Counted anew."), "sign": _("Signed."), "agree": _("The report is out."),
    "correct": _("The correction is drafted; it is signed like the first edition."),
}  # fmt: skip


@guard.needs(Permission.SITUATION_READ)
@require_GET
def paper(request: HttpRequest, pk, evening_form: str) -> HttpResponse:
    """The report as Word, PDF or JSON, in the language asked for."""
    found = selectors.report(pk)
    made: list[Any] = []
    asked = {"form": evening_form, "language": request.GET.get("language", "")}
    guard.attempt(request, lambda: made.append(daily_report.paper(report=found, by=request.user, **asked)))
    return handed_out(made[0]) if made else redirect("report", pk=pk)


def handed_out(made: drawing.Paper) -> HttpResponse:
    """A paper as a file."""
    return HttpResponse(
        made.content, content_type=made.kind, headers={"Content-Disposition": f'attachment; filename="{made.name}"'}
    )


def area_of(officer: Officer, right: Permission = Permission.SITUATION_READ) -> Area:
    """The widest area an officer has the right in."""
    return min((post.area for post in officer.posts_with(right)), key=lambda area: len(area.code))
