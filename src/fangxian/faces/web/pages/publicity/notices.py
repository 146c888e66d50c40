"""Notices to officers: what is said to one's role and area, and that one has taken note."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.faces.web.pages import guard
from fangxian.systems.publicity import selectors, services


@guard.signed_in
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Everything said to the officer that is in force, what is new first."""
    said = selectors.notices_for(request.user)
    seen = selectors.seen_by(request.user, said)
    rows = sorted(((one, one.pk in seen) for one in said), key=lambda row: row[1])
    return render(request, "publicity/notices.html", {"rows": rows})


@guard.signed_in
@require_POST
def seen(request: HttpRequest, pk) -> HttpResponse:
    """The officer has taken note. A message not said to them does not exist for them."""
    said = {str(one.pk): one for one in selectors.notices_for(request.user)}
    if str(pk) not in said:
        raise Http404
    found = said[str(pk)]
    guard.attempt(request, lambda: services.acknowledge(message=found, by=request.user), _("Taken note of."))
    return redirect("notices")
