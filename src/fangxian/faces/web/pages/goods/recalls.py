"""The page of a recall: every holder with its pieces, the way of the goods drawn, the report."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.environment import here
from fangxian.systems.goods import selectors, services
from fangxian.workflows import contaminated_goods
from fangxian.workflows.recalls import people
from fangxian.workflows.recalls.graph import drawing

COUNTS = ("sealed", "returned", "destroyed", "used")


@guard.needs(Permission.GOODS_READ)
@require_GET
def recall(request: HttpRequest, pk) -> HttpResponse:
    """One recall; the drawing is searched anew, so that it shows what came since."""
    shown = selectors.recall(pk)
    lines = selectors.lines_of(shown)
    found = contaminated_goods.reach(shown.lot, until=None if shown.closed_at is None else shown.closed_at)
    held = {row.key: row.pieces for row in found.holders}
    context = {
        "recall": shown, "lines": lines, "figures": _figures(shown, selectors.totals(lines)), "reach": found,
        "drawing": drawing(found.movements, shown.lot, held=held),
        "here": here.shown(request.user, [shown.pk, *found.places], shown.started_at),
        "seen": people.handlers(found.handlers, by=request.user, about=shown),
        "report": contaminated_goods.report_text(shown, lines),
        "may_write": shown.closed_at is None and bool(may(request.user, Permission.GOODS_WRITE)),
    }  # fmt: skip
    return render(request, "goods/recall.html", context)


@guard.needs(Permission.GOODS_WRITE)
@require_POST
def line(request: HttpRequest, pk) -> HttpResponse:
    """One step of a holder: told, stopped, or its pieces counted."""
    row = selectors.recall_line(pk)
    if not may(request.user, Permission.GOODS_WRITE, row.area_id):
        require(request.user, Permission.GOODS_WRITE, row.recall_area_id)
    verbs: dict[str, Callable] = {"tell": services.tell, "stop": services.stop, "account": _account(request)}
    verb = verbs.get(request.POST.get("act", ""), services.tell)
    guard.attempt(request, lambda: verb(line=row, by=request.user), _("Written down."))
    return redirect("goods_recall", pk=row.recall_id)


def _figures(shown, counted: dict[str, int]) -> list[tuple[Any, int]]:
    """What adds up: pieces to account for are those sealed, sent back, destroyed, used up and open."""
    return [
        (_("Lots"), shown.lots), (_("Places"), shown.places), (_("Handlers"), shown.handlers),
        (_("Pieces to account for"), counted["pieces"]), (_("Pieces sealed"), counted["sealed"]),
        (_("Sent back or destroyed"), counted["returned"] + counted["destroyed"]),
        (_("Pieces used up or not to be found"), counted["used"]), (_("Open pieces"), counted["open_pieces"]),
    ]  # fmt: skip


def _account(request: HttpRequest) -> Callable:
    def account(**named):
        given = {name: request.POST.get(name, "").strip() or "0" for name in COUNTS}
        if not all(text.isdecimal() for text in given.values()):
            raise ValidationError(_("Pieces are counted from 0 on."))
        return services.account(**named, **{name: int(text) for name, text in given.items()})

    return account
