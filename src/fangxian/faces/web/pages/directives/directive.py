"""One directive: its tree by area, who is missing, how long each hand-over took; correct, remind, take back."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.directives.lists import cells, lasting
from fangxian.registers.forms import MomentInput
from fangxian.systems.command import group_selectors
from fangxian.systems.command import selectors as tasks
from fangxian.systems.directives import selectors, services
from fangxian.systems.directives.definitions import FIGURES
from fangxian.systems.directives.words import DirectiveState

SHOWN = 60
ALL = ("handed", "not_received", "receive_late", "not_answered", "late", "to_check", "returned", "not_done", "done")
ROW = ("handed", "not_received", "late", "not_answered", "answered", "done")
OPEN = (DirectiveState.RESOLVED, DirectiveState.ISSUED)
MISSING = ("not_received", "late", "not_answered", "to_check", "returned", "not_done")


class CorrectForm(django_forms.Form):
    """The wording, the goal and the time, and why they change."""

    title = django_forms.CharField(label=_("Title"), max_length=160)
    text = django_forms.CharField(label=_("What has to be done"), widget=django_forms.Textarea(attrs={"rows": 4}))
    due_at = django_forms.DateTimeField(
        label=_("Answer due"),
        widget=MomentInput,
    )
    goal = django_forms.CharField(label=_("Goal"), max_length=200, required=False)
    goal_at = django_forms.DateTimeField(
        label=_("Goal reached by"), required=False,
        widget=MomentInput,
    )  # fmt: skip
    reason = django_forms.CharField(label=_("What was corrected"), max_length=300)


@guard.needs(Permission.DIRECTIVES_READ)
@require_GET
def directive(request: HttpRequest, pk) -> HttpResponse:
    """The whole picture of one directive."""
    found = selectors.directive(pk)
    missing = request.GET.get("show", "")
    missing = missing if missing in MISSING else ""
    context = {
        "directive": found, "now": now(), "goal_left": lasting(found.left), "branches": _branches(found),
        "missing_key": missing,
        "missing": _missing(found, missing, request.GET.get("area", "")), "area": request.GET.get("area", ""),
        "choices": [(key, FIGURES[key].label) for key in MISSING],
        "figures": cells(selectors.counts(selectors.of_directive(found)), ALL, found.pk),
        "times": _times(found), "may_write": bool(may(request.user, Permission.DIRECTIVES_WRITE, found.area_id)),
        "correct": CorrectForm(initial=_initial(found)), "is_open": found.state in OPEN, **_takers(request, found),
    }  # fmt: skip
    return render(request, "directives/directive.html", context)


@guard.needs(Permission.DIRECTIVES_WRITE)
@require_POST
def act(request: HttpRequest, pk, directive_deed: str) -> HttpResponse:
    """Hand down, correct, remind, take back; the reason it is refused for stands on the page."""
    found = selectors.directive(pk)
    guard.attempt(request, lambda: DEEDS[directive_deed](request, found), DONE.get(directive_deed, ""))
    return redirect("directive", pk=pk)


def _hand_down(request: HttpRequest, found: Any) -> Any:
    return services.hand_down(directive=found, by=request.user)


def _correct(request: HttpRequest, found: Any) -> Any:
    form = CorrectForm(request.POST)
    form.full_clean()
    changes = {name: value for name, value in form.cleaned_data.items() if name != "reason" and name in request.POST}
    return services.correct(directive=found, by=request.user, reason=request.POST.get("reason", ""), **changes)


def _add_units(request: HttpRequest, found: Any) -> Any:
    takers = _takers(request, found)
    to = [unit for unit in takers.get("takers", []) if unit.code in request.POST.getlist("units")]
    groups = [group for group in takers.get("bodies", []) if str(group.pk) in request.POST.getlist("groups")]
    return services.add_units(directive=found, by=request.user, to=to, groups=groups)


def _takers(request: HttpRequest, found: Any) -> dict[str, Any]:
    """Before it is handed down, whom it is meant for; in execution, units and groups that do not have it yet."""
    if found.state == DirectiveState.RESOLVED:
        units, groups = services.meant_for(found)
        return {"meant_units": units, "meant_groups": groups}
    if found.state != DirectiveState.ISSUED or not may(request.user, Permission.DIRECTIVES_WRITE, found.area_id):
        return {}
    there = set(services.standing(found).values_list("area_id", "group_id"))
    known = {group for _area, group in there}
    groups = [one.group for one in group_selectors.groups_in(found.area_id)]
    return {
        "takers": [unit for unit in services.units_below(found.area) if (unit.code, None) not in there],
        "bodies": [group for group in groups if group.pk not in known],
    }


def _remind(request: HttpRequest, found: Any) -> None:
    figure = request.POST.get("figure", "")
    figure = figure if figure in FIGURES else "not_answered"
    count = services.remind(directive=found, by=request.user, figure=figure, area_code=request.POST.get("area", ""))
    told = ngettext("%(count)s unit was reminded.", "%(count)s units were reminded.", count) % {"count": count}
    messages.success(request, told)


def _withdraw(request: HttpRequest, found: Any) -> Any:
    return services.withdraw(directive=found, by=request.user, reason=request.POST.get("reason", ""))


DEEDS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "hand-down": _hand_down, "correct": _correct, "remind": _remind, "withdraw": _withdraw,
    "add-units": _add_units,
}  # fmt: skip
DONE = {"hand-down": _("Handed down."), "add-units": _("Handed down to them too."),
        "correct": _("Corrected; units that had read it are asked to read it again."),
        "withdraw": _("Taken back from every unit that had not answered.")}  # fmt: skip


def _branches(found: Any) -> list[dict[str, Any]]:
    return [{"branch": branch, "cells": cells(branch.below, ROW, found.pk, branch.handing.area_id)}
            for branch in selectors.tree(found)]  # fmt: skip


def _missing(found: Any, key: str, area: str) -> dict[str, Any]:
    """The units behind a figure, with since when their task lies a level up."""
    if not key:
        return {}
    rows = selectors.figure(key, selectors.of_directive(found, area))
    units = list(rows.select_related("area", "from_area", "group").order_by("area_id")[: SHOWN + 1])
    there = tasks.for_subjects("directives.handing", [row.pk for row in units])
    up = {pk: max((task.escalated_at for task in mine if task.escalated_at), default=None)
          for pk, mine in there.items()}  # fmt: skip
    shown = [{"handing": row, "escalated_at": up[row.pk]} for row in units[:SHOWN]]
    return {"label": FIGURES[key].label, "rows": shown, "more": len(units) > SHOWN}


def _times(found: Any) -> list[dict[str, Any]]:
    levels = {6: _("Counties"), 9: _("Townships"), 12: _("Villages")}
    return [
        {"label": levels.get(row["level"], row["level"]),
         "steps": [{"median": lasting(step["median"]), "longest": lasting(step["longest"]), "units": step["units"]}
                   for step in row["steps"]]}
        for row in selectors.hand_over_times(found)
    ]  # fmt: skip


def _initial(found: Any) -> dict[str, Any]:
    due = timezone.localtime(found.due_at) if found.due_at else None
    goal_at = timezone.localtime(found.goal_at) if found.goal_at else None
    return {"title": found.title, "text": found.text, "due_at": due, "goal": found.goal, "goal_at": goal_at}
