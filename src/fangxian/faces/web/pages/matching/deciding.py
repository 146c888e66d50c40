"""Doubtful rows one after the other, side by side, by keyboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.matching import beside
from fangxian.systems.people import lists
from fangxian.systems.people import selectors as people
from fangxian.workflows import list_matching

NOBODY = "nobody"


@guard.needs(Permission.PEOPLE_IMPORT)
@require_GET
def next_row(request: HttpRequest, pk) -> HttpResponse:
    """The next doubtful row of a list; the list when none is left."""
    found = lists.source_list(pk)
    after = request.GET.get("after", "")
    row = lists.waiting(found, int(after) if after.isdecimal() else 0)
    return redirect("list_row", row.pk) if row else redirect("list", found.pk)


@guard.needs(Permission.PEOPLE_IMPORT)
@require_http_methods(["GET", "POST"])
def row(request: HttpRequest, pk) -> HttpResponse:
    """One row beside the people it may be: choose one, or nobody."""
    found = lists.row(pk)
    source = lists.source_list(found.source_list_id)
    if request.method == "POST":
        return _decide(request, found, source)
    known = people.by_ids(one["person"] for one in found.found)
    shown = {str(pk): person for pk, person in known.items()}
    candidates = [(one, shown[one["person"]]) for one in found.found if one["person"] in shown]
    columns = [beside.said(list_matching.reread(found, source)), *(beside.person(who) for _one, who in candidates)]
    context = {
        "row": found, "list": source, "lines": beside.lines(columns), "left": lists.counts(source)["DOUBTFUL"],
        "candidates": [
            {"key": number, "person": who, "score": one["score"], "reasons": beside.reasons(one["signs"])}
            for number, (one, who) in enumerate(candidates, start=1)
        ],
        "nobody": NOBODY, "columns": len(columns),
    }  # fmt: skip
    return render(request, "matching/row.html", context)


def _decide(request: HttpRequest, found, source) -> HttpResponse:
    choice = request.POST.get("choice", "")
    if choice == "reopen":
        guard.attempt(request, lambda: lists.reopen(row=found, by=request.user), _("It is a question again."))
        return redirect("list_row", found.pk)
    offered = {one["person"] for one in found.found}
    if choice == NOBODY or choice in offered:
        person = None if choice == NOBODY else people.person(choice)
        guard.attempt(request, lambda: list_matching.decide(found, person, by=request.user))
    return redirect(f"{_next(source)}?after={found.number}")


def _next(source) -> str:
    return reverse("list_decide", args=[source.pk])
