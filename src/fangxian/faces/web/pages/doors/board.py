"""Who has not been reached today: a row a cell, the cell in full, handing it over, what phones could not deliver."""

from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import audit, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.reasons import stated
from fangxian.faces.field.models import EditClash, Submission
from fangxian.faces.web.pages import guard
from fangxian.workflows.doors import watching

WATCH = Permission.DOORS_WATCH
SHOWN = 50


@guard.needs(WATCH)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The cells of a township, what is furthest behind first; for a county its townships."""
    area = _area(request, request.GET)
    rows = watching.board(area)
    total = {name: sum(getattr(row.calls, name) for row in rows) for name in ("households", "today", "in_vain", "open")}
    missing = sum(sum(row.missing.values()) for row in rows)
    context = {"area": area, "rows": rows, "total": total, "missing": missing, "by_township": len(area.code) < 9,
               "clashes": _clashes(), "unsent": _unsent()}  # fmt: skip
    return render(request, "doors/board.html", context)


@guard.needs(WATCH)
@require_GET
def cell(request: HttpRequest) -> HttpResponse:
    """One cell: the doors nobody reached, the people nobody looked at, who walks there."""
    return render(request, "doors/cell.html", {"cell": watching.cell(_area(request, request.GET))})


@guard.needs(WATCH)
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """A colleague walks the cell for some days."""
    area = _area(request, request.POST)

    def act() -> None:
        officer = Officer.objects.filter(pk=_number(request.POST.get("officer"))).first()
        watching.hand_over(by=request.user, area=area, officer=officer, until=_day(request.POST.get("until")),
                           reason=request.POST.get("reason", ""))  # fmt: skip

    guard.attempt(request, act, _("The cell is handed over. It stands in the colleague’s list from now on."))
    return redirect(f"{reverse('doors_cell')}?area={area.code}")


@guard.needs(WATCH)
@require_POST
def settle(request: HttpRequest, clash_pk: int) -> HttpResponse:
    """Somebody looked at a clash and says what came of it."""
    clash = get_object_or_404(_inside(EditClash.objects.filter(settled_at__isnull=True)), pk=clash_pk)

    def act() -> None:
        note = stated(request.POST.get("note", ""))
        with audit.act("field.clash.settled", by=request.user, area=clash.area_code, detail={"clash": clash.pk}):
            clash.settled_at, clash.settled_by, clash.note = now(), request.user, note[:200]
            clash.save(update_fields=["settled_at", "settled_by", "note"])

    guard.attempt(request, act, _("Settled."))
    return redirect("doors")


def _area(request: HttpRequest, asked) -> Area:
    """The area asked for, inside the scope; that of the officer's first post where none is."""
    return watching.area_in_scope(asked.get("area") or request.user.posts_with(WATCH)[0].area_id)


def _clashes() -> list[EditClash]:
    waiting = _inside(EditClash.objects.filter(settled_at__isnull=True))
    return list(waiting.select_related("officer").order_by("-at")[:SHOWN])


def _unsent() -> list[Submission]:
    """Entries a phone could not deliver and nobody has mended yet, of officers who walk here."""
    codes = scope.areas_in_scope().filter(kind="grid_cell").values("code")
    refused = Submission.objects.filter(state=Submission.State.REFUSED, officer__posts__area__in=codes)
    return list(refused.select_related("officer").distinct().order_by("-received_at")[:SHOWN])


def _inside(rows):
    """Only rows of areas in the scope in force."""
    reach = scope.current().ranges
    condition = Q() if reach is None else Q(pk__in=[])
    for low, high in reach or ():
        condition |= Q(area_code__gte=low, area_code__lt=high)
    return rows.filter(condition)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return date.min
