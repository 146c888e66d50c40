"""Suggestions while somebody types an area or a record into a field."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.faces.web import policies
from fangxian.faces.web.registers import access, asking
from fangxian.registers import listing
from fangxian.registers.listing import Query
from fangxian.workflows.letters import regions

SHOWN = 12


@dataclass(frozen=True)
class Option:
    """One suggestion: what the form sends, what the field shows, what tells it from its namesakes."""

    value: str
    text: str
    note: str = ""


@policies.signed_in
@require_GET
def areas(request: HttpRequest) -> HttpResponse:
    """Areas by the beginning of name or code: inside the officer's posts, or anywhere with `anywhere=1`.

    With `nation=1` also the divisions of the nation that are not in the tree.
    """
    typed = _typed(request)
    everywhere = request.GET.get("anywhere") or request.GET.get("nation")
    found = Area.objects.all() if everywhere else scope.areas_in_scope()
    if typed:
        found = found.filter(Q(name__startswith=typed) | Q(name_en__istartswith=typed) | Q(code__startswith=typed))
    options = [_area_option(area) for area in found.select_related("parent").order_by("code")[:SHOWN]]
    if request.GET.get("nation"):
        known = {option.value for option in options}
        options += [Option(row.code, row.name, row.code) for row in regions.starting(typed) if row.code not in known]
    return _render(request, options[:SHOWN])


@access.requires("read")
@require_GET
def records(request: HttpRequest, register) -> HttpResponse:
    """Records of a register by whatever its list is searched by."""
    found = listing.select(register, Query(search=_typed(request))).order_by(*register.ordering)
    found = found.select_related(*register.fetched)
    return _render(request, [Option(str(row.pk), f"{row} · {row.area}", row.area_id) for row in found[:SHOWN]])


def _area_option(area: Area) -> Option:
    return Option(area.code, f"{area} · {area.parent}" if area.parent else str(area), area.code)


def _typed(request: HttpRequest) -> str:
    """The field's own name is in the address; only its end is known."""
    given = (value for name, value in request.GET.items() if name.endswith(asking.TEXT))
    return next(given, request.GET.get("q", "")).split(" · ")[0].strip()


def _render(request: HttpRequest, options: list[Option]) -> HttpResponse:
    return render(request, "registers/options.html", {"options": options})
