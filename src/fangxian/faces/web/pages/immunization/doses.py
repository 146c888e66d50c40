"""Taking a dose back that was entered for the wrong person or day: with the reason, and what follows from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.registers import tables
from fangxian.systems.immunization import selectors, services

tables.WAYS["immunization.dose"].append(
    tables.way(Permission.IMMUNIZATION_WRITE, "dose_void", _("Take this dose back"), "arrow-back-up")
)


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk) -> HttpResponse:
    """The dose and what follows from taking it back; posted, it is taken back and the visit or the page shows it."""
    dose = selectors.dose(pk)
    require(request.user, Permission.IMMUNIZATION_WRITE, dose.area_id)
    if request.method == "GET":
        return render(request, "immunization/void.html", {"dose": dose})
    reason = request.POST.get("reason", "")
    done = _("Taken back. Its certificate holds no more; places in the course, stock and coverage follow.")
    taken = guard.attempt(request, lambda: services.void(dose=dose, by=request.user, reason=reason), done)
    if taken and dose.visit_id:
        return redirect("vaccination_visit", pk=dose.visit_id)
    return redirect("dose_void", pk=pk)
