"""The board of an area: every item, how long it lasts, what expires, what was asked; each figure opens its rows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.supplies.menu import MOVEMENTS, REQUESTS, STORES
from fangxian.faces.web.registers import named
from fangxian.systems.supplies import selectors
from fangxian.systems.supplies.words import SupplyItem, label_of, unit_of
from fangxian.workflows.capacity_reserve import Capacity, capacities
from fangxian.workflows.supply_outlook import outlook, work_planned

SHOWN = 30


@guard.needs(Permission.SUPPLIES_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Items by how long they last, what expires soon, requests under way, the stores."""
    area = area_of(request)
    rows, expiring = outlook(area), selectors.expiring(area.code)
    stores = list(selectors.stores(area.code)[:SHOWN])
    asked = list(selectors.in_area(selectors.open_requests(), area.code)[:SHOWN])
    context = {
        "area": area, "rows": [(row, _opens(area, row.item)) for row in rows], "expiring": expiring[:SHOWN],
        "requests": asked, "stores": stores, "work": work_planned(area), "figures": _figures(area, rows, expiring),
        "capacities": [(one, _rows_of(one, area)) for one in capacities(area, request.user)],  # type: ignore[arg-type]
        "areas": _areas(area), "cost": sum(row.cost_a_day for row in rows),
        "may_write": bool(may(request.user, Permission.SUPPLIES_WRITE)),
    }  # fmt: skip
    return render(request, "supplies/board.html", context)


@guard.needs(Permission.SUPPLIES_READ)
@require_GET
def item(request: HttpRequest, item: str) -> HttpResponse:
    """One item of an area: its lots in every store, what expires first first, and its last movements."""
    area = area_of(request)
    context = {
        "area": area, "item": label_of(item), "unit": unit_of(item), "row": outlook(area, items=[item])[0],
        "lots": selectors.lots_in(area.code, item), "moves": selectors.moves_in(area.code, item)[:SHOWN],
        "all": f"{reverse('register', args=[MOVEMENTS])}?item={item}&area={area.code}",
    }  # fmt: skip
    return render(request, "supplies/item.html", context)


def area_of(request: HttpRequest) -> Area:
    """The area asked for, inside the scope; at first the widest of the officer's posts that read supplies."""
    code = request.GET.get("area")
    inside = scope.areas_in_scope().select_related("parent")
    if code:
        return inside.get(code=code)
    posts = request.user.posts_with(Permission.SUPPLIES_READ)  # type: ignore[union-attr]
    return min((post.area for post in posts), key=lambda area: len(area.code))


def _areas(area: Area) -> list[Area]:
    """The area, the one above it and those below that have stores of their own, for the choice on top."""
    own = {store.area_id for store in selectors.stores(area.code)}
    above = area.parent_id if area.parent_id and scope.current().covers(area.parent_id) else None
    return list(Area.objects.filter(code__in=[*own, area.code, *([above] if above else [])]).order_by("code"))


def _rows_of(one: Capacity, area: Area) -> str:
    """Where the rows of a capacity stand; nowhere for what is no ledger."""
    return f"{reverse('register', args=[one.register])}?area={area.code}" if one.register else ""


def _opens(area: Area, item: str) -> str:
    return f"{reverse('supply_item', args=[item])}?area={area.code}"


def _figures(area: Area, rows: list[Any], expiring: list[Any]) -> list[dict[str, Any]]:
    short, here = sum(row.is_short for row in rows), {"area": area.code}
    open_, late = (named.rows(REQUESTS, key, **here).count() for key in ("open", "overdue"))
    return [
        {"label": _("Items that are short"), "value": short, "url": "#items", "tone": "danger" if short else ""},
        {"label": _("Lots that expire soon or have expired"), "value": len(expiring), "url": "#expiring",
         "tone": "warning" if expiring else ""},
        {"label": _("Open requests"), "value": open_, "url": named.url(REQUESTS, "open", **here)},
        {"label": _("Overdue"), "value": late, "url": named.url(REQUESTS, "overdue", **here),
         "tone": "danger" if late else ""},
        {"label": _("Stores"), "value": named.rows(STORES, "standing", **here).count(),
         "url": named.url(STORES, "standing", **here)},
    ]  # fmt: skip


ITEMS = SupplyItem.values
