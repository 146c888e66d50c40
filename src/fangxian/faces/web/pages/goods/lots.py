"""The page of a lot, up and down; and what is done with it: sampled, reported, released, recalled."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.environment import entering
from fangxian.faces.web.pages.goods import moving
from fangxian.systems.goods import selectors, services
from fangxian.systems.goods.words import Surface
from fangxian.workflows import contaminated_goods
from fangxian.workflows.recalls import people
from fangxian.workflows.recalls.graph import drawing


@guard.needs(Permission.GOODS_READ)
@require_GET
def lot(request: HttpRequest, pk) -> HttpResponse:
    """One lot: red or green with every reason; its way up and down and whoever handled it, on tabs of their own."""
    return _page(request, selectors.lot(pk))


@guard.needs(Permission.GOODS_WRITE)
@require_POST
def move(request: HttpRequest, pk) -> HttpResponse:
    """Pieces move, are sold, become a new lot; what is refused is said at its field, and nothing typed is lost."""
    form = moving.MoveForm(selectors.lot(pk), request.POST)
    reached = moving.done(form, by=request.user)
    if reached is None:
        return _page(request, form.lot, form)
    messages.success(request, _("Written down."))
    return redirect("goods_lot", pk=reached.pk)


@guard.needs(Permission.GOODS_WRITE)
@require_POST
def sample(request: HttpRequest, pk) -> HttpResponse:
    """Write down that pieces were sampled."""
    about = _mine(request, pk)
    surface = request.POST.get("surface", "")
    numbers = {name: int(text) for name in ("first_piece", "last_piece", "samples")
               if (text := request.POST.get(name, "")).isdecimal()}  # fmt: skip
    given = {"surface": surface if surface in Surface.values else Surface.OUTER, **numbers}
    guard.attempt(
        request, lambda: services.sample(by=request.user, lot=about, **given), _("The samples are written down.")
    )
    return redirect("goods_lot", pk=pk)


@guard.needs(Permission.GOODS_TESTS_REPORT)
@require_POST
def report(request: HttpRequest, pk) -> HttpResponse:
    """Report a test: the number of positive samples, and the pieces they were; with a reason it is taken back."""
    test = selectors.test(pk)
    require(request.user, Permission.GOODS_TESTS_REPORT, test.area_id)
    reason = request.POST.get("reason")
    if reason is not None:
        undo = lambda: services.withdraw_test(test=test, by=request.user, reason=reason)  # noqa: E731
        guard.attempt(request, undo, _("The result is taken back, with what followed from it alone."))
        return _back(request, test)
    text = request.POST.get("positives", "")
    positives = int(text) if text.isdecimal() else -1
    pieces = request.POST.get("positive_pieces", "")[:400]
    act = lambda: services.report(test=test, by=request.user, positives=positives, positive_pieces=pieces)  # noqa: E731
    guard.attempt(request, act, _("The result is written down; the lot was judged anew."))
    return _back(request, test)


@guard.needs(Permission.GOODS_WRITE)
@require_POST
def release(request: HttpRequest, pk) -> HttpResponse:
    """Release a green lot; a red one says what it lacks."""
    about = _mine(request, pk)
    done = _("Released, with its outbound certificate.")
    guard.attempt(request, lambda: services.release(lot=about, by=request.user), done)
    return redirect("goods_lot", pk=pk)


@guard.needs(Permission.GOODS_WRITE)
@require_POST
def recall(request: HttpRequest, pk) -> HttpResponse:
    """Start the recall of a lot, or search again: one click."""
    about = _mine(request, pk)
    test = selectors.positive_test(about)
    reason = request.POST.get("reason", "").strip()[:200]
    if test is None and not reason:
        messages.error(request, _("Say why this lot is recalled: no test of it is positive."))
        return redirect("goods_lot", pk=pk)
    made: list[contaminated_goods.Recalled] = []
    act = lambda: made.append(  # noqa: E731
        contaminated_goods.recall(lot=about, by=request.user, test=test, reason=reason)
    )
    guard.attempt(request, act, _("Recalled: every holder stands on this list, tasks and tests are handed down."))
    return redirect("goods_recall", pk=made[0].recall.pk) if made else redirect("goods_lot", pk=pk)


def _page(request: HttpRequest, shown, form: moving.MoveForm | None = None) -> HttpResponse:
    tab = request.GET.get("tab", "")
    may_write = bool(may(request.user, Permission.GOODS_WRITE, shown.area_id))
    context = {
        "lot": shown, "tab": tab, "may_write": may_write, "recalls": selectors.recalls_of(shown),
        "sample_url": entering.url(request.user, shown),
        "may_report": bool(may(request.user, Permission.GOODS_TESTS_REPORT, shown.area_id)),
    }  # fmt: skip
    if tab in ("way", "people"):
        found = contaminated_goods.reach(shown)
        held = {row.key: row.pieces for row in found.holders}
        context |= {"reach": found, "drawing": drawing(found.movements, shown, held=held)}
        if tab == "people":
            context["seen"] = people.handlers(found.handlers, by=request.user, about=shown)
    else:
        context |= _evidence(shown) | {"move": form or (moving.blank(shown) if may_write else None)}
    return render(request, "goods/lot.html", context, status=422 if form and form.errors else 200)


def _back(request: HttpRequest, test) -> HttpResponse:
    """To the lot, or to the test for a laboratory that sees no more than that."""
    if may(request.user, Permission.GOODS_READ, test.area_id):
        return redirect("goods_lot", pk=test.lot_id)
    return redirect("register_record", "goods.goodstest", test.pk)


def _mine(request: HttpRequest, pk):
    about = selectors.lot(pk)
    require(request.user, Permission.GOODS_WRITE, about.area_id)
    return about


def _evidence(shown) -> dict:
    return {
        "evidence": selectors.evidence(shown), "papers": selectors.papers_of(shown), "tests": selectors.tests_of(shown),
        "stock": selectors.stock_of(shown), "movements": selectors.movements_of(shown),
        "kinds": selectors.paper_choices(), "surfaces": Surface.choices, "today": today(),
    }  # fmt: skip
