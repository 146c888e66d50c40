"""A certificate of vaccination to print, and the page where anybody may check one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core import diseases, policy, scope
from fangxian.core.masking import mask
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.venue_codes import drawn
from fangxian.faces.web.policies import public
from fangxian.systems.arrivals import throttle
from fangxian.systems.immunization import certificates, selectors

WHY = "whoever holds a certificate may know whether it holds; of the person only how the name begins"
DOOR = "verify"


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
               "disease": _name(dose.disease, request)}  # fmt: skip
    return render(request, "immunization/certificate.html", context)


@public
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a code is a certificate of this installation that still holds.

    The code is sent in the body, so that it stands in no address and no log.
    """
    text = request.POST.get("code", "").strip().upper()
    context: dict = {"asked": bool(text)}
    if text:
        try:
            throttle.knock(DOOR, throttle.sender_of(request.META.get("REMOTE_ADDR", "")), most=_most())
        except throttle.TooMany:
            return render(request, "resident/too_many.html", status=429)
        with scope.everywhere(WHY):
            dose = certificates.holding(text)
        if dose:
            context |= {"dose": dose, "holder": mask("name", dose.person.name), "disease": _name(dose.disease, request)}
    return render(request, "immunization/verify.html", context)


def _most() -> int:
    return int(policy.pack(disease="unknown").number("resident.knocks_per_hour"))


def _name(disease: str, request: HttpRequest) -> str:
    return diseases.get(disease).name(request.LANGUAGE_CODE) if disease in diseases.KEYS else disease
