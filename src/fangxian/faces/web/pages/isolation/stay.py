"""The page of one guest for those who run the site: room, days, temperatures, requests, the way here or elsewhere."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core import scope
from fangxian.core.areas import county_of
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.quarantine import selectors, services

READ, WRITE = Permission.QUARANTINE_READ, Permission.QUARANTINE_WRITE
SITE, HOSPITAL, HOME = "SITE", "HOSPITAL", "HOME"
WHY = "people are brought to whichever site of the county has a room"
CHECKS = 6


class RideForm(forms.Form):
    """Where somebody is to be brought, and why."""

    destination = forms.ChoiceField(
        label=_("Goes to"),
        choices=[(SITE, _("Isolation site")), (HOSPITAL, _("Hospital")), (HOME, _("At home"))],
    )
    to_site = forms.ChoiceField(label=_("Site"), required=False)
    to_name = forms.CharField(
        label=_("Name of the place"), max_length=80, required=False, help_text=_("The hospital, where it is one.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, sites: dict[str, Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sites = sites
        self.fields["to_site"].choices = [("", "–"), *((pk, str(site)) for pk, site in sites.items())]

    def clean(self) -> dict[str, Any]:
        """A site has to be chosen, a hospital named; what belongs to another destination is left out."""
        said = super().clean()
        wanted = said.get("destination")
        site = self.sites.get(said.get("to_site", "")) if wanted == SITE else None
        if wanted == SITE and site is None:
            raise ValidationError({"to_site": _("Name the site the person is brought to.")})
        if wanted == HOSPITAL and not said.get("to_name"):
            raise ValidationError({"to_name": _("Name the hospital.")})
        return {**said, "to_site": site, "to_name": said.get("to_name", "") if wanted == HOSPITAL else ""}


@guard.needs(READ)
@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest, pk) -> HttpResponse:
    """A guest as they stand, and the order of a transfer."""
    found = selectors.stay(pk)
    starts = found.present_area or found.area
    form = RideForm(
        request.POST or None, sites=sites_around(found.area, but=found.room.site_id if found.room else None)
    )
    if request.method == "POST":
        require(request.user, WRITE, starts.pk)
        if form.is_valid() and guard.attempt(
            request,
            lambda: services.order_transfer(
                by=request.user, person=found.person, area=starts, stay=found, **form.cleaned_data
            ),
            _("The transfer is ordered. The receiving side has to accept it."),
        ):
            return redirect("isolation_stay", found.pk)
    context = {
        "stay": found, "form": form, "rides": selectors.rides_of(found), "is_open": found.state in found.OPEN,
        "checks": selectors.checks_of([found.person_id], since=found.starts_on)[found.person_id][-CHECKS:][::-1],
        "requests": selectors.requests_of(found), "restarts": selectors.restarts_of([found.pk])[found.pk],
        "may_write": bool(may(request.user, WRITE, starts.pk)),
    }  # fmt: skip
    return render(request, "isolation/stay.html", context, status=422 if form.errors else 200)


def sites_around(area, *, but=None) -> dict[str, Any]:
    """The sites of the county of an area by id, the one somebody is in left out."""
    with scope.everywhere(WHY):
        found = selectors.sites_in((county_of(area.pk) or area).pk).order_by("kind", "name")
        return {str(site.pk): site for site in found if site.pk != but}
