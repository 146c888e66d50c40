"""The load board of an area, and the shifts behind one person's figures; my own shifts and statements."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.areas import Area, code_range
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.workforce.common import area_of, own_area, parts_of
from fangxian.systems.workforce import rules, selectors
from fangxian.systems.workforce.load import Breach, Span
from fangxian.systems.workforce.words import FrontlineWork
from fangxian.workflows import frontline_care
from fangxian.workflows.frontline_care import Board, Row

SHOWN = 200


@guard.needs(Permission.WORKFORCE_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Everybody who works in the area, over a limit first; each figure opens its rows."""
    here = area_of(request)
    found = frontline_care.loads(here.code)
    shown = request.GET.get("show", "")
    rows = {"over": found.over, "soon": found.soon, "resting": found.resting}.get(shown, found.rows)
    areas = Area.objects.in_bulk({row.area for row in rows[:SHOWN]})
    context = {
        "area": here, "parts": parts_of(here), "figures": _figures(found, here), "shown": shown,
        "rows": [(row, areas.get(row.area), *said(row)) for row in rows[:SHOWN]],
        "more": max(0, len(rows) - SHOWN), "unknown": found.unknown[:20], "limits": rules.limits(_pack(here)),
        "may_write": bool(may(request.user, Permission.WORKFORCE_WRITE, here.code)),
    }  # fmt: skip
    return render(request, "workforce/board.html", context)


@guard.needs(Permission.WORKFORCE_READ)
@require_GET
def worker(request: HttpRequest, worker: str) -> HttpResponse:
    """The shifts behind one person's figures; for whoever leads an area where they work, else there is no such page."""
    row = frontline_care.mine(worker)
    if row is None or not any(may(request.user, Permission.WORKFORCE_READ, span.area) for span in row.spans):
        raise Http404
    context = {"row": row, "whole": _shifts(row, request.user), "limits": rules.limits(rules.pack_of(row.area))}
    context |= _said(row)
    return render(request, "workforce/worker.html", context)


@guard.signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My shifts, my rest, my statements, my results: mine only."""
    row = frontline_care.mine(f"officer:{request.user.pk}")
    here = own_area(request.user)
    context = {
        "row": row, "whole": _shifts(row, None), "statements": selectors.own_statements(request.user),
        "results": selectors.own_results(request.user), "area": here, "limits": rules.limits(_pack(here)),
    } | _said(row)  # fmt: skip
    return render(request, "workforce/mine.html", context)


def said(row: Row) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What a row is over now and will be, in words."""
    return [_breach(one) for one in row.over], [_breach(one) for one in row.soon]


def _said(row: Row | None) -> dict[str, Any]:
    over, soon = said(row) if row else ([], [])
    return {"over": over, "soon": soon}


def _breach(one: Breach) -> dict[str, Any]:
    return {"label": one.limit.label, "value": round(one.value, 1), "allowed": round(one.allowed, 1),
            "rule": frontline_care.RULE_OF[one.limit]}  # fmt: skip


def _pack(here: Area | None) -> Any:
    return rules.pack_of(here.code if here else "")


def _shifts(row: Row | None, reader: Any) -> list[dict[str, Any]]:
    """The shifts, latest first; of one in another's area a leader sees the hours only, its own worker all."""
    found = []
    for span in sorted(row.spans if row else (), reverse=True):
        near = reader is None or bool(may(reader, Permission.WORKFORCE_READ, span.area))
        found.append({"span": span, "kind": FrontlineWork(span.kind).label, "near": near,
                      "url": row_url(span) if near and reader is not None else ""})  # fmt: skip
    return found


def row_url(span: Span) -> str:
    """The row a shift was read from."""
    return reverse("register_record", args=[span.slug, span.pk]) if span.pk else ""


def _figures(found: Board, here: Area) -> list[dict[str, Any]]:
    base = f"{reverse('workforce')}?area={here.code}"
    low, high = code_range(here.code)
    week = sum(span.hours for row in found.rows for span in row.spans
               if low <= span.area < high and span.ends_at > found.at - frontline_care.WEEK
               and span.starts_at < found.at)  # fmt: skip
    return [
        {"label": _("Over a limit now"), "value": len(found.over), "url": f"{base}&show=over",
         "tone": "danger" if found.over else ""},
        {"label": _("Over a limit tomorrow"), "value": len(found.soon), "url": f"{base}&show=soon",
         "tone": "warning" if found.soon else ""},
        {"label": _("Resting"), "value": len(found.resting), "url": f"{base}&show=resting"},
        {"label": _("On the front line"), "value": len(found.rows), "url": base,
         "note": _("%(hours)s hours in seven days") % {"hours": f"{week:.0f}"}},
    ]  # fmt: skip
