"""The list of a register: searched, filtered, sorted and turned on one page; every state has an address."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from fangxian.faces.web.registers import access, asking, named, tables
from fangxian.registers import listing

ROWS = "rows"  # the element htmx replaces


@access.requires("read")
@require_GET
def register(request: HttpRequest, register) -> HttpResponse:
    """The whole page, or its rows alone when htmx asks for them."""
    errors, shown = [], {}
    try:
        register = named.narrow(register, request.GET.get("list", ""), request.GET.get("value", ""))
        shown = _page(request, register)
    except ValidationError as error:
        errors = error.messages
    context = {"register": register, "errors": errors, **shown, **_rights(request, register)}
    status = 422 if errors else 200
    if request.htmx and request.htmx.target == ROWS:
        response = render(request, "registers/rows.html", context, status=status)
        return push_url(response, f"{request.path}?{asking.clean_address(request.GET)}")
    return render(request, "registers/list.html", {**context, **_controls(request, register)}, status=status)


def _page(request: HttpRequest, register) -> dict:
    query = asking.query_of(register, request.GET)
    page = listing.page(register, query)
    return {
        "headings": [(heading, tables.address(request, order=heading.order, page="1"))
                     for heading in tables.headings(register, query.order)],
        "rows": tables.rows(register, page.rows, request.user),
        "page": tables.Pager(page),
        "export_query": asking.clean_address(request.GET),
        "is_narrowed": bool(query.search or query.area or query.filters or request.GET.get("list")),
    }  # fmt: skip


def _controls(request: HttpRequest, register) -> dict:
    try:
        shown = asking.controls(register, request.GET)
    except ValidationError:
        shown = []
    area = request.GET.get("area", "")
    return {
        "controls": shown,
        "controls_set": sum(control.is_set for control in shown),
        "search_text": request.GET.get("q", ""),
        "area": area,
        "area_text": asking.area_text(area),
        "list_title": register.named.title(register.value) if isinstance(register, named.Narrowed) else "",
    }


def _rights(request: HttpRequest, register) -> dict:
    return {f"may_{action}": bool(register.may(request.user, action)) for action in ("write", "import", "export")}
