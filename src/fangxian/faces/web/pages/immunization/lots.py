"""Lots in all fridges, and one lot: where what is left of it is, who had it, and its recall."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.immunization import rules, selectors, services
from fangxian.systems.immunization.words import VACCINES

SHOWN = 200


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def lots(request: HttpRequest) -> HttpResponse:
    """All lots, or with `vaccine` and `number` the one."""
    vaccine, number = request.GET.get("vaccine", "")[:20], request.GET.get("number", "").strip()[:40]
    if not vaccine:
        known = [{**row, "name": VACCINES.get(row["vaccine"], row["vaccine"])} for row in selectors.lots_known(number)]
        context = {"lots": known, "q": number, "soon": rules.expiring(), "today": today()}
        return render(request, "immunization/lots.html", context)
    fridges = selectors.lots_called(vaccine, number)
    given = selectors.given_of(vaccine, number)
    context = {
        "vaccine": vaccine, "name": VACCINES.get(vaccine, vaccine), "number": number, "fridges": fridges,
        "given": list(given[:SHOWN]), "count": given.count(), "left": sum(lot.left for lot in fridges),
        "recalled": next((lot for lot in fridges if lot.recalled_at), None), "may_recall": _may_recall(request),
    }  # fmt: skip
    return render(request, "immunization/lot.html", context)


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def recall(request: HttpRequest) -> HttpResponse:
    """Stop a lot at every chair; the work that follows is handed down."""
    require(request.user, Permission.COMMAND_WRITE)
    vaccine, number = request.POST.get("vaccine", "")[:20], request.POST.get("number", "").strip()[:40]
    stop = lambda: services.recall(by=request.user, vaccine=vaccine, number=number,  # noqa: E731
                                   reason=request.POST.get("reason", ""))  # fmt: skip
    guard.attempt(request, stop, _("The lot is stopped at every chair; fridges and people are being looked after."))
    return redirect(f"{reverse('vaccine_lots')}?{urlencode({'vaccine': vaccine, 'number': number})}")


def _may_recall(request: HttpRequest) -> bool:
    rights = (Permission.IMMUNIZATION_WRITE, Permission.COMMAND_WRITE)
    return all(may(request.user, right) for right in rights)
