"""A certificate of vaccination to print, and the page where anybody may check one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core import diseases
from fangxian.core.masking import mask
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard, verifying
from fangxian.faces.web.pages.venue_codes import drawn
from fangxian.faces.web.policies import public
from fangxian.systems.immunization import certificates, selectors

WHY = "whoever holds a certificate may know whether it holds; of the person only how the name begins"


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def certificate(request: HttpRequest, pk) -> HttpResponse:
    """One dose that counts, with its code."""
    dose = selectors.dose(pk)
    if not dose.number:
        raise Http404
    url = request.build_absolute_uri(reverse("vaccination_verify"))
    doses = [
        one for one in selectors.doses_of(dose.person_id, dose.disease) if one.number and one.number <= dose.number
    ]
    context = {"dose": dose, "doses": doses, "code": drawn(certificates.sign(dose)), "url": url,
               "disease": _name(dose.disease, request.LANGUAGE_CODE)}  # fmt: skip
    return render(request, "immunization/certificate.html", context)


@public
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a code is a certificate of this installation that still holds."""
    return verifying.asked(
        request, "immunization/verify.html", why=WHY, answer=lambda text: _known(text, request.LANGUAGE_CODE)
    )


def _known(text: str, language: str) -> dict[str, Any]:
    dose = certificates.holding(text)
    if dose is None:
        return {}
    return {"dose": dose, "holder": mask("name", dose.person.name), "disease": _name(dose.disease, language)}


def _name(disease: str, language: str) -> str:
    return diseases.get(disease).name(language) if disease in diseases.KEYS else disease
