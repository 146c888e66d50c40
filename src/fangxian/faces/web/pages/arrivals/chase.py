"""The township's chase list: what is open and late, village by village; one tap reminds or gives to somebody else."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.roles import GridWorker
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.arrivals.listing import area_of
from fangxian.systems.command import selectors as command
from fangxian.systems.command import services
from fangxian.workflows.loop import chasing

SHOWN, VILLAGE = 300, 12


@guard.needs(Permission.COMMAND_READ)
@require_GET
def chase(request: HttpRequest) -> HttpResponse:
    """Open tasks about arrivals and loops by village, what is overdue first."""
    found = command.open_in(area_of(request.user)).filter(subject_kind__in=[chasing.ARRIVAL, chasing.LOOP])
    tasks = list(found.select_related("area", "officer", "person")[:SHOWN])
    names = {area.pk: area for area in Area.objects.filter(code__in={_village(task) for task in tasks})}
    tasks.sort(key=lambda task: (_village(task), task.due_at is None, task.due_at))
    villages = [(names.get(code), rows, _late(rows), _workers(rows)) for code, rows in _by_village(tasks)]
    villages.sort(key=lambda one: -one[2])
    context = {"villages": villages, "count": len(tasks), "late": sum(one[2] for one in villages), "now": now()}
    return render(request, "arrivals/chase.html", context)


@guard.needs(Permission.COMMAND_WRITE)
@require_POST
def remind(request: HttpRequest, pk) -> HttpResponse:
    """Put a task on top of its holder's list, marked as reminded."""
    found = command.task(pk)
    guard.attempt(request, lambda: chasing.remind(found, by=request.user), _("Reminded."))
    return redirect("arrivals_chase")


@guard.needs(Permission.COMMAND_WRITE)
@require_POST
def hand_on(request: HttpRequest, pk) -> HttpResponse:
    """Give a task to another officer of the village, or to whoever holds the role."""
    found = command.task(pk)
    named = Officer.objects.filter(pk=request.POST.get("officer") or None, is_active=True).first()
    guard.attempt(
        request, lambda: services.reassign(tasks=[found], officer=named, by=request.user), _("Given to somebody else.")
    )
    return redirect("arrivals_chase")


def _village(task: Any) -> str:
    return task.area_id[:VILLAGE]


def _by_village(tasks: list[Any]) -> list[tuple[str, list[Any]]]:
    return [(code, list(rows)) for code, rows in groupby(tasks, _village)]


def _late(rows: list[Any]) -> int:
    return sum(task.due_at is not None and task.due_at < now() for task in rows)


def _workers(rows: list[Any]) -> list[Officer]:
    """Who else could go: the grid workers of the village."""
    code = _village(rows[0])
    here = Officer.objects.filter(posts__role=GridWorker.key, posts__area__code__startswith=code, is_active=True)
    return list(here.distinct().order_by("name")[:20])
