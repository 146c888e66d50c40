"""The live board, in the copy of a drill alone: what is to come, what was played in, which reaction has how long."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import drilling
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.drills.lines import line
from fangxian.systems.drills import scenarios, selectors
from fangxian.systems.drills.words import LineKind, LineOutcome
from fangxian.workflows import drill as story


@guard.needs(Permission.DRILLS_WRITE)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The whole board."""
    found = _this_drill(request)
    return render(request, "drills/board.html", {"drill": found, **_standing(found)})


@guard.needs(Permission.DRILLS_WRITE)
@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """The part that renews itself."""
    found = _this_drill(request)
    return render(request, "drills/board_lines.html", {"drill": found, **_standing(found)})


@guard.needs(Permission.DRILLS_WRITE)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Let the clock run."""
    _this_drill(request)
    guard.attempt(request, lambda: story.begin(by=request.user), _("The clock runs."))
    return redirect("drill_board")


@guard.needs(Permission.DRILLS_WRITE)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the drill before its time."""
    _this_drill(request)
    guard.attempt(request, lambda: story.end(by=request.user), _("The drill has ended."))
    return redirect("drill_board")


def _this_drill(request: HttpRequest) -> Any:
    marker = drilling.current()
    if marker is None:
        raise Http404
    found = selectors.drill(marker.drill)
    require(request.user, Permission.DRILLS_WRITE, found.area_id)
    return found


def _standing(found: Any) -> dict[str, Any]:
    at = now()
    scenario = scenarios.get(found.scenario)
    over = found.begun_at + timedelta(minutes=scenario.minutes) if found.begun_at else None
    observed = story.watch(at)
    shown = [line(one.step, one.outcome, one.observed_at, found, over or at) for one in observed]
    expected = [one for one in shown if not one.is_inject]
    return {
        "scenario": scenario, "at": at, "over_at": over,
        "injects": [(one, _minutes_to(one, found, at)) for one in shown if one.is_inject],
        "reactions": [(one, _left(one, at)) for one in expected],
        "kept": sum(one.outcome == LineOutcome.IN_TIME for one in expected),
        "running": found.begun_at is not None and found.ended_at is None, "marker": drilling.current(),
    }  # fmt: skip


def _minutes_to(one: Any, found: Any, at: Any) -> int | None:
    if found.begun_at is None or one.step.kind != LineKind.INJECT or one.outcome != LineOutcome.WAITING:
        return None
    return max(0, round((found.begun_at + timedelta(minutes=one.step.minute or 0) - at).total_seconds() / 60))


def _left(one: Any, at: Any) -> int | None:
    """Whole minutes until its time is over, for a reaction that is waited for."""
    if one.step.due_at is None or one.outcome != LineOutcome.WAITING:
        return None
    return max(0, int((one.step.due_at - at).total_seconds() // 60))
