"""Entries that may be one person: look, merge, or say that they are two; and merges with their undo."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.matching import beside
from fangxian.registers import site
from fangxian.systems.people import duplicates, references
from fangxian.systems.people import selectors as people
from fangxian.workflows import person_merge

PAGE = 40
PAIR, MERGE = "people.duplicatepair", "people.merge"


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), min_length=4, max_length=200)


@guard.needs(Permission.PEOPLE_IMPORT)
@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs that wait for a decision, likeliest first."""
    posts = request.user.posts_with(Permission.PEOPLE_IMPORT)
    area = request.GET.get("area") or (posts[0].area_id if posts else "")
    page = Paginator(duplicates.open_pairs(area), PAGE).get_page(request.GET.get("page"))
    for pair in page:
        pair.reasons = beside.reasons(pair.signs)
    context = {"page": page, "area": area, "posts": posts, "waiting": _waiting()}
    return render(request, "matching/duplicates.html", context)


@guard.needs(Permission.PEOPLE_IMPORT)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Look through an area for duplicates now."""
    area = request.POST.get("area", "")
    found: list[int] = []

    def look() -> None:
        require(request.user, Permission.PEOPLE_IMPORT, area)
        found.append(duplicates.search(area, by=request.user))

    if guard.attempt(request, look):
        guard.attempt(request, lambda: None, _("New pairs found: %(n)s") % {"n": found[0]})
    return redirect("duplicates")


@guard.needs(Permission.PEOPLE_IMPORT)
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, pk) -> HttpResponse:
    """Two entries side by side: which stays, or that they are two people."""
    found = site.get(PAIR).get(pk)
    if request.method == "POST":
        if _act(request, found):
            following = duplicates.open_pairs(found.area_id[:6]).first()
            return redirect("duplicate", following.pk) if following else redirect("duplicates")
        return redirect("duplicate", found.pk)
    entries = [people.person(found.one_id), people.person(found.other_id)]
    context = {
        "pair": found, "entries": entries, "lines": beside.lines([beside.person(one) for one in entries]),
        "reasons": beside.reasons(found.signs), "counts": [references.counted(one.pk) for one in entries],
        "restricted": person_merge.restricted_among(one.pk for one in entries),
    }  # fmt: skip
    return render(request, "matching/pair.html", context)


@guard.needs(Permission.PEOPLE_IMPORT)
@require_GET
def merges(request: HttpRequest) -> HttpResponse:
    """Merges, those that wait for a second person first."""
    rows = site.get(MERGE).rows().select_related("winner", "loser", "decided_by", "created_by")
    page = Paginator(rows.order_by("-created_at"), PAGE).get_page(request.GET.get("page"))
    return render(request, "matching/merges.html", {"page": page})


@guard.needs(Permission.PEOPLE_IMPORT)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk) -> HttpResponse:
    """One merge: what moved, what stayed; agree, refuse, undo."""
    found = site.get(MERGE).get(pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _on_merge(request, found, form):
        return redirect("merge", found.pk)
    context = {
        "merge": found, "form": form, "moved": _shown(found.moved), "stayed": _shown(found.stayed),
        "is_own": found.created_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "matching/merge.html", context)


def _act(request: HttpRequest, found) -> bool:
    choice = request.POST.get("choice", "")
    one, other = people.person(found.one_id), people.person(found.other_id)
    if choice == "two":
        for person in (one, other):
            require(request.user, Permission.PEOPLE_WRITE, person.area_id)
        return guard.attempt(
            request, lambda: duplicates.not_duplicate(one=one, other=other, by=request.user),
            _("Kept as two people; the pair is not proposed again."),
        )  # fmt: skip
    winner, loser = (one, other) if choice == str(one.pk) else (other, one)
    reason = request.POST.get("reason") or str(_("Same person, looked at side by side"))
    return guard.attempt(
        request, lambda: person_merge.merge(winner=winner.pk, loser=loser.pk, reason=reason, by=request.user),
        _("Merged, or proposed to a second person where somebody is restricted. It can be undone."),
    )  # fmt: skip


def _on_merge(request: HttpRequest, found, form: ReasonForm) -> bool:
    choice = request.POST.get("choice", "")
    if choice == "agree":
        return guard.attempt(request, lambda: person_merge.agree(found, by=request.user), _("Merged."))
    if not form.is_valid():
        return False
    act, done = (
        (person_merge.refuse, _("Not merged: the two entries stay two."))
        if choice == "refuse"
        else (person_merge.undo, _("Undone: two entries again, each with its own rows."))
    )
    return guard.attempt(request, lambda: act(found, reason=form.cleaned_data["reason"], by=request.user), done)


def _shown(rows: list) -> list[tuple[str, int]]:
    """Kinds of rows and how many, in the reader's language."""
    found = []
    for label, ids in rows:
        one = references.by_label(label)
        found.append((str(one.model._meta.verbose_name_plural) if one else label, len(ids)))
    return found


def _waiting() -> int:
    return site.get(MERGE).rows().filter(state="PROPOSED").count()
