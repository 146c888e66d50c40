"""Bring a list, name its columns, see what became of its rows."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import Area
from fangxian.core.jobs import Job
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.matching import beside
from fangxian.registers import site
from fangxian.systems.people import lists
from fangxian.workflows import list_matching
from fangxian.workflows.lists import reasons
from fangxian.workflows.lists.columns import LABELS

PAGE, SHOWN = 50, 40
TONES = {
    "MATCHED": "success", "ENTERED": "success", "DOUBTFUL": "warning", "NEW": "info", "INVALID": "danger",
    "ELSEWHERE": "info", "REPEATED": "neutral",
}  # fmt: skip


class BringForm(forms.Form):
    """A sheet, from whom it is, and for which area."""

    file = forms.FileField(label=_("Sheet"), help_text=_("xlsx, xls, ods or text, in UTF-8 or GB18030."))
    origin = forms.CharField(
        label=_("Source of the list"), max_length=60,
        help_text=_("Who made it, such as 公安. Its columns are remembered under this name."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the list"), max_length=80)
    area = forms.ChoiceField(label=_("For the area"))

    def __init__(self, *args, officer, **kwargs):
        super().__init__(*args, **kwargs)
        posts = officer.posts_with(Permission.PEOPLE_IMPORT)
        self.fields["area"].choices = [(post.area_id, str(post.area)) for post in posts]


class ColumnsForm(forms.Form):
    """Which heading is what; what is not in the list stays empty."""

    def __init__(self, *args, source_list, **kwargs):
        super().__init__(*args, initial=source_list.columns, **kwargs)
        choices = [("", "—"), *((heading, heading) for heading in source_list.headings)]
        for part, label in LABELS.items():
            self.fields[part] = forms.ChoiceField(label=label, choices=choices, required=False)


@guard.needs(Permission.PEOPLE_IMPORT)
@require_http_methods(["GET", "POST"])
def lists_(request: HttpRequest) -> HttpResponse:
    """All lists that were brought, and a form for another."""
    posted = request.method == "POST"
    form = BringForm(request.POST if posted else None, request.FILES if posted else None, officer=request.user)
    if posted and form.is_valid():
        brought = _bring(request, form)
        if brought is not None:
            return redirect("list", brought.pk)
    return render(request, "matching/lists.html", {"form": form, "lists": lists.lists()[:SHOWN]})


@guard.needs(Permission.PEOPLE_IMPORT)
@require_GET
def one(request: HttpRequest, pk) -> HttpResponse:
    """What became of a list: figures that open their rows, and what is to be done next."""
    found = lists.source_list(pk)
    if found.state == "COLUMNS":
        return redirect("list_columns", found.pk)
    state = request.GET.get("state", "")
    page = Paginator(lists.rows(found, state), PAGE).get_page(request.GET.get("page"))
    job = _job(found)
    context = {
        "list": found, "page": page, "state": state, "job": job, "figures": _figures(found), "tones": TONES,
        "labels": LABELS, "may_campaign": may(request.user, Permission.SCREENING_WRITE, found.area_id),
    }  # fmt: skip
    for row in page:
        row.why = list(map(_why, row.reasons))
        row.tone = TONES[row.state]
        row.signs = beside.reasons(row.found[0]["signs"]) if row.found else []
    return render(request, "matching/list.html", context)


@guard.needs(Permission.PEOPLE_IMPORT)
@require_http_methods(["GET", "POST"])
def columns_(request: HttpRequest, pk) -> HttpResponse:
    """Which column is what: proposed from the headings or the last list of this source."""
    found = lists.source_list(pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, source_list=found)
    if request.method == "POST" and form.is_valid():
        named = {part: heading for part, heading in form.cleaned_data.items() if heading}
        if guard.attempt(request, lambda: list_matching.name_columns(found, named, by=request.user)):
            return redirect("list", found.pk)
    return render(request, "matching/columns.html", {"form": form, "list": found})


@guard.needs(Permission.PEOPLE_IMPORT)
@require_POST
def enter(request: HttpRequest, pk) -> HttpResponse:
    """Have everybody entered who is not known yet."""
    found = lists.source_list(pk)
    guard.attempt(request, lambda: list_matching.enter_later(found, by=request.user))
    return redirect("list", found.pk)


@guard.needs(Permission.PEOPLE_IMPORT)
@require_GET
def repair(request: HttpRequest, pk) -> HttpResponse:
    """The rows that cannot be used, with their reasons, ready to be mended."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(list_matching.repair_sheet(lists.source_list(pk)), content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="repair.xlsx"'
    return answer


def _bring(request: HttpRequest, form: BringForm):
    given, kept = form.cleaned_data, []
    area = Area.objects.get(code=given["area"])

    def bring() -> None:
        content = given["file"].read()
        kept.append(
            list_matching.bring(
                content=content, filename=given["file"].name, origin=given["origin"], name=given["name"], area=area,
                by=request.user,
            )
        )  # fmt: skip

    if not guard.attempt(request, bring):
        return None
    brought, is_new = kept[0]
    if not is_new:
        guard.attempt(request, lambda: None, _("This file was brought before: here is what became of it."))
    return brought


def _why(reason: list) -> tuple:
    """One reason as it is shown; where somebody belongs is kept by the area's code."""
    part = reason[0]
    return LABELS.get(part, part), beside.place(reason[1]) if part == "area" else reasons.shown(reason)


def _job(found) -> Job | None:
    """The work on a list that is on its way: matching it, also when that failed, or entering who is new."""
    of_list = Job.objects.filter(key=str(found.pk)).order_by("-created_at")
    if found.state == "MATCHING":
        return of_list.filter(kind=list_matching.KIND).first()
    return of_list.filter(kind=list_matching.ENTER, state__in=["queued", "running"]).first()


def _figures(found) -> list[tuple]:
    names = dict(site.get("people.listrow").model.State.choices)
    return [(state, names[state], count, TONES[state]) for state, count in lists.counts(found).items()]
