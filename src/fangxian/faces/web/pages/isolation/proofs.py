"""A proof of release to print, and the page where anybody may check one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard, verifying
from fangxian.faces.web.pages.venue_codes import drawn
from fangxian.faces.web.policies import public
from fangxian.systems.quarantine import proofs, selectors
from fangxian.workflows.isolation.conditions import from_json

WHY = "whoever holds a proof may know whether it holds; nothing else of the person is said"


@guard.needs(Permission.QUARANTINE_READ)
@require_GET
def proof(request: HttpRequest, pk) -> HttpResponse:
    """One proof with what was found in place."""
    found = selectors.proof(pk)
    url = request.build_absolute_uri(reverse("proof_verify"))
    context = {"proof": found, "findings": from_json(found.evidence), "code": drawn(found.code), "url": url}
    return render(request, "isolation/proof.html", context)


@public
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a code is a proof of this installation that still holds; says number and day, never the name."""
    return verifying.asked(request, "isolation/verify.html", why=WHY, answer=lambda text: {"proof": _known(text)})


def _known(text: str):
    try:
        proven = proofs.read(text)
        found = selectors.proof(proven.proof_id)
    except (proofs.NotOurs, LookupError, selectors.NO_PROOF):
        return None
    return found if found.released_on == proven.released_on else None
