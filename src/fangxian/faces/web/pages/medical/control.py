"""A round of infection control: every item on one page, three buttons an item."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.systems.medical import rules, selectors, services
from fangxian.systems.medical.services import Answer
from fangxian.systems.medical.words import Answered, Item


@guard.needs(Permission.MEDICAL_WRITE)
@require_http_methods(["GET", "POST"])
def control_round(request: HttpRequest, pk) -> HttpResponse:
    """Answer a round; what is missing is said by item, and nothing typed is lost."""
    facility = selectors.facility(pk)
    require(request.user, Permission.MEDICAL_WRITE, facility.area_id)
    asked = rules.items(rules.pack_of(facility.area_id))
    given = {item: Answer(request.POST.get(item, ""), request.POST.get(f"{item}-seen", "").strip()) for item in asked}
    errors: list[str] = []
    if request.method == "POST":
        try:
            services.record_round(by=request.user, facility=facility, answers=given)
        except ValidationError as error:
            errors = error.messages
        else:
            guard.attempt(request, lambda: None, _("The round is kept; what was not fulfilled has become a finding."))
            return redirect("facility", pk=facility.pk)
    names = dict(Item.choices)
    rows = [(item, names.get(item, item), given[item]) for item in asked]
    context = {"facility": facility, "rows": rows, "values": Answered.choices, "errors": errors}
    return render(request, "medical/round.html", context, status=422 if errors else 200)
