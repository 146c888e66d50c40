"""The keeper's page: what comes, what is held and why, what is ready; a scan leads to the lot."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.environment import entering, here
from fangxian.faces.web.pages.goods.lists import RECALLS
from fangxian.faces.web.registers import named
from fangxian.systems.goods import selectors, services
from fangxian.systems.goods.services import LotIn
from fangxian.workflows.recalls import people
from fangxian.workflows.recalls.workers import roster

SHOWN = 30


@guard.needs(Permission.GOODS_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What somebody in a store needs on one page. A number that is one lot's opens it."""
    text = request.GET.get("q", "").strip()
    found = selectors.find_lots(text)
    if len(found) == 1:
        return redirect("goods_lot", pk=found[0].pk)
    context = {
        "q": text, "found": found, "figures": _figures(selectors.counts()), "now": now(),
        "expected": selectors.expected()[:SHOWN], "held": selectors.held_lots()[:SHOWN],
        "recalls": selectors.open_recalls()[:SHOWN], "may_write": bool(may(request.user, Permission.GOODS_WRITE)),
    }  # fmt: skip
    return render(request, "goods/board.html", context)


@guard.needs(Permission.GOODS_READ)
@require_GET
def consignment(request: HttpRequest, pk) -> HttpResponse:
    """One consignment: taken in here, its papers put to it here."""
    return _consignment(request, selectors.consignment(pk), "", [])


@guard.needs(Permission.GOODS_WRITE)
@require_POST
def accept(request: HttpRequest, pk) -> HttpResponse:
    """Take goods in; what is refused is said on the page, and nothing typed is lost."""
    coming = selectors.consignment(pk)
    require(request.user, Permission.GOODS_WRITE, coming.area_id)
    text = request.POST.get("lots", "")
    try:
        lots = services.accept(
            consignment=coming, by=request.user, lots=_lots(text),
            container_seen=request.POST.get("container", ""), seal_seen=request.POST.get("seal", ""),
        )  # fmt: skip
    except ValidationError as error:
        return _consignment(request, coming, text, error.messages)
    guard.attempt(request, lambda: None, _("Taken in. The lots are held until everything is there."))
    return redirect("goods_lot", pk=lots[0].pk) if len(lots) == 1 else redirect("goods_consignment", pk=pk)


@guard.needs(Permission.GOODS_WRITE)
@require_http_methods(["POST"])
def paper(request: HttpRequest, pk) -> HttpResponse:
    """Put a paper to a consignment; it holds for all its lots."""
    about = selectors.consignment(pk)
    require(request.user, Permission.GOODS_WRITE, about.area_id)
    given = {name: request.POST.get(name, "").strip() for name in ("kind", "number", "issuer", "agent")}
    act = lambda: services.attach_paper(by=request.user, consignment=about, issued_on=_issued(request), **given)  # noqa: E731
    guard.attempt(request, act, _("The paper is put to all lots."))
    lot = request.POST.get("lot", "")
    return redirect("goods_lot", pk=lot) if lot else redirect("goods_consignment", pk=pk)


@guard.needs(Permission.GOODS_READ)
@require_GET
def place(request: HttpRequest, pk) -> HttpResponse:
    """One place: what lies there, who works there and how they stand."""
    shown = selectors.place(pk)
    context = {
        "place": shown, "stock": selectors.stock_at(shown)[:300],
        "seen": people.roster(roster(shown), by=request.user, place=shown),
        "here": here.shown(request.user, [shown.pk]), "sample_url": entering.url(request.user, shown),
    }  # fmt: skip
    return render(request, "goods/place.html", context)


def _consignment(request: HttpRequest, shown, lots: str, errors: list[str]) -> HttpResponse:
    context = {
        "consignment": shown, "lots": selectors.lots_of(shown), "papers": shown.papers.order_by("kind"),
        "kinds": selectors.paper_choices(), "today": today(), "held_until": selectors.held_until(shown), "now": now(),
        "typed": lots or f"{shown.number[-8:]} {shown.pieces}", "given": request.POST, "errors": errors,
        "may_write": bool(may(request.user, Permission.GOODS_WRITE, shown.area_id)),
    }  # fmt: skip
    return render(request, "goods/consignment.html", context, status=422 if errors else 200)


def _lots(text: str) -> list[LotIn]:
    """Lots as typed, a line each: number, then pieces."""
    lots = []
    for line in text.splitlines():
        number, _space, pieces = line.strip().rpartition(" ")
        if line.strip() and not (number and pieces.isdecimal() and int(pieces) > 0):
            raise ValidationError(_("Write one lot a line: its number, a space, its pieces."))
        if line.strip():
            lots.append(LotIn(number.strip(), int(pieces)))
    return lots


def _issued(request: HttpRequest):
    from django.utils.dateparse import parse_date

    try:
        issued = parse_date(request.POST.get("issued_on", ""))
    except ValueError:
        issued = None
    if issued is None or not request.POST.get("number", "").strip():
        raise ValidationError(_("Write the number of the paper and the day it was issued."))
    return issued


def _figures(counted: dict[str, int]) -> list[dict[str, Any]]:
    lots, tests = (reverse("register", args=[f"goods.{name}"]) for name in ("lot", "goodstest"))
    return [
        {"label": _("Lots held"), "value": counted["held"], "url": f"{lots}?is_held=true",
         "tone": "warning" if counted["held"] else ""},
        {"label": _("Positive lots"), "value": counted["positive"], "url": f"{lots}?is_positive=true",
         "tone": "danger" if counted["positive"] else ""},
        {"label": _("Green lots"), "value": counted["green"], "url": f"{lots}?is_held=false"},
        {"label": _("Tests without a result"), "value": counted["pending"], "url": f"{tests}?finding=PENDING"},
        {"label": _("Recalls under way"), "value": counted["recalls"], "url": named.url(RECALLS, "under_way")},
    ]  # fmt: skip
