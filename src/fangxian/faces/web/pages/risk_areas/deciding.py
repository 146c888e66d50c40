"""A proposal: what it would change, shown before anybody agrees; agreeing to one or many, refusing one."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.pages.risk_areas.area import differences
from fangxian.faces.web.pages.risk_areas.board import AFFECTED, names_of
from fangxian.faces.web.pages.risk_areas.lines import lines_of_concerns, lines_of_rows
from fangxian.faces.web.pages.risk_areas.mapping import TONES, collection
from fangxian.systems.risk_areas import selectors, services, timeline
from fangxian.workflows.risk_area_arrival import preview

SHOWN = 50


class RefusalForm(forms.Form):
    """Why not."""

    reason = forms.CharField(label=_("Why"), min_length=4, max_length=200)


@guard.needs(Permission.RISK_AREAS_READ)
@require_GET
def version(request: HttpRequest, pk) -> HttpResponse:
    """One version; while it is proposed, with whom it would newly concern and release."""
    found = selectors.version(pk)
    waits = found.state == found.State.PROPOSED
    before = _before(found)
    context: dict[str, Any] = {
        "version": found, "tone": TONES.get(found.level, "neutral"), "waits": waits, "map": _drawn(found),
        "changes": list(differences(before, found)) if before else [], "before": before,
        "may_decide": waits and bool(may(request.user, Permission.RISK_AREAS_WRITE, found.area_id)),
        "is_mine": request.user.pk in (found.created_by_id, found.changed_by_id), "form": RefusalForm(),
        "where": names_of(set(found.code_list) | ({found.lies_in} if found.lies_in else set())),
        "future": found.from_at > now(),
    }  # fmt: skip
    if waits:
        context |= _preview(request, found)
    return render(request, "risk_areas/version.html", context)


@guard.needs(Permission.RISK_AREAS_WRITE)
@require_POST
def publish(request: HttpRequest, pk) -> HttpResponse:
    """A second officer agrees; the run over everybody begins."""
    found = selectors.version(pk)
    done = guard.attempt(
        request, lambda: services.publish(version=found, by=request.user),
        _("Published. Everybody it may concern is looked at now; the result stands below."),
    )  # fmt: skip
    return redirect(reverse("risk_area", args=[found.risk_area_id]) if done else reverse("risk_version", args=[pk]))


@guard.needs(Permission.RISK_AREAS_WRITE)
@require_POST
def publish_many(request: HttpRequest) -> HttpResponse:
    """Agree to the ticked proposals, such as an imported list; all or none."""
    chosen = [one for one in selectors.proposals() if str(one.pk) in request.POST.getlist("version")]
    guard.attempt(
        request, lambda: services.publish_many(versions=chosen, by=request.user),
        _("%(n)s areas published.") % {"n": len(chosen)},
    )  # fmt: skip
    return redirect(reverse("risk_areas"))


@guard.needs(Permission.RISK_AREAS_WRITE)
@require_http_methods(["POST"])
def refuse(request: HttpRequest, pk) -> HttpResponse:
    """Say no to a proposal, or take one's own back."""
    found, form = selectors.version(pk), RefusalForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        guard.attempt(request, lambda: services.refuse(version=found, by=request.user, reason=reason), _("Refused."))
        return redirect(reverse("risk_areas"))
    context = {
        "version": found,
        "form": form,
        "waits": True,
        "may_decide": True,
        "tone": TONES.get(found.level, "neutral"),
    }
    return render(request, "risk_areas/version.html", context, status=422)


def _before(found: Any) -> Any:
    if found.corrects_id:
        return found.corrects
    counting = [one for one in timeline.standing(selectors.history(found.risk_area_id)) if one.number < found.number]
    return counting[-1] if counting else None


def _drawn(found: Any) -> dict[str, Any]:
    shown = selectors.as_if_published(found)
    return collection([selectors.zone_of([one := timeline.Stretch(shown, shown.from_at, None)], one)])


def _preview(request: HttpRequest, found: Any) -> dict[str, Any]:
    """Counts for whoever may read risk areas; the rows behind them for whoever may read the people, in their scope."""
    seen = preview(found)
    shown: dict[str, Any] = {"seen": seen, "counts": seen.compared.counts, "read": seen.read, "shown": SHOWN}
    if readable(request.user, AFFECTED):
        pairs = [(one, seen.people.get(one.person_id)) for one in seen.compared.new]
        shown["new"] = lines_of_concerns(request.user, pairs, SHOWN)
        shown["changed"] = lines_of_concerns(
            request.user, [(one, row.person) for row, one in seen.compared.changed], SHOWN
        )
        shown["released"] = lines_of_rows(request.user, seen.compared.released, SHOWN)
    return shown
