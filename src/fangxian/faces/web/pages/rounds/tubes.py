"""One tube: who is in it, where it is, what was found; noted as lost with the reason, or as found again."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.testing import selectors, services
from fangxian.workflows import testing_round

LOST = _("Noted as lost: its people are missing again and are called anew.")


@guard.needs(Permission.TESTING_READ)
@require_GET
def tube(request: HttpRequest, pk) -> HttpResponse:
    """The tube with its samples and results."""
    found = selectors.tube_by_id(pk)
    context = {
        "tube": found, "samples": selectors.samples_in(found), "results": selectors.results_of([found]),
        "may_write": bool(may(request.user, Permission.TESTING_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "rounds/tube.html", context)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def lose(request: HttpRequest, pk) -> HttpResponse:
    """The tube is lost, with the reason."""
    found = _tube(request, pk)
    reason = request.POST.get("reason", "").strip()[:200]
    guard.attempt(request, lambda: testing_round.lost(by=request.user, tubes=[found], reason=reason), LOST)
    return redirect("tube", found.pk)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def find(request: HttpRequest, pk) -> HttpResponse:
    """The tube turned up."""
    found = _tube(request, pk)
    done = _("Found again: its people stand where its samples put them.")
    guard.attempt(request, lambda: services.find_tube(by=request.user, tube=found), done)
    return redirect("tube", found.pk)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def lose_some(request: HttpRequest, pk) -> HttpResponse:
    """The chosen tubes of a box are lost."""
    box = selectors.batch(pk)
    require(request.user, Permission.TESTING_WRITE, box.area_id)
    guard.attempt(request, lambda: _lose(request, box), LOST)
    return redirect("tube_batch", box.pk)


def _lose(request: HttpRequest, box) -> None:
    chosen = set(request.POST.getlist("tube"))
    tubes = [one for one in selectors.tubes_in(box) if str(one.pk) in chosen]
    if not tubes:
        raise ValidationError(_("Choose the tubes first."))
    testing_round.lost(by=request.user, tubes=tubes, reason=request.POST.get("reason", "").strip()[:200])


def _tube(request: HttpRequest, pk: UUID):
    found = selectors.tube_by_id(pk)
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    return found
