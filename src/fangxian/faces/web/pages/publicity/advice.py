"""Travel advice on the board: whether what is published still holds, and one click to publish it anew."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fangxian.core import diseases
from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.publicity.own import own_area
from fangxian.systems.publicity import selectors
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.workflows import travel_advice
from fangxian.workflows.publicity import wording
from fangxian.workflows.travel_advice import DEFAULT_DISEASE, Standing


@dataclass(frozen=True)
class Shown:
    """The advice about one disease: what is published and whether it holds, what is on its way, what it would say."""

    disease: str
    name: str
    published: Any
    standing: Standing | None
    open: Any
    lines: list[str]


def standings(home: Area) -> list[Shown]:
    """One row a disease with risk areas in force or with advice published."""
    return [_shown(home, disease) for disease in diseases_of_note()]


def diseases_of_note() -> list[str]:
    """Diseases with risk areas in force or with advice published, else the usual one."""
    told = {zone.disease for zone in risk_areas.in_force()} | {one.disease for one in selectors.all_advice()}
    return sorted(told) or [DEFAULT_DISEASE]


@guard.needs(Permission.PUBLICITY_WRITE)
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """The next version from what holds now; two others approve it."""
    home = own_area(request)
    require(request.user, Permission.PUBLICITY_WRITE, home.code)
    disease = request.POST.get("disease", "")
    if disease not in diseases.KEYS:
        return redirect("publicity")
    made: list[Any] = []
    done = guard.attempt(
        request, lambda: made.append(travel_advice.renew(area=home, disease=disease, by=request.user)),
        _("The new version is made and waits for its two approvals."),
    )  # fmt: skip
    return redirect("message", made[0].pk) if done else redirect("publicity")


def _shown(home: Area, disease: str) -> Shown:
    versions = selectors.advice_of(home.code, disease)
    published = next((one for one in versions if one.state == one.State.PUBLISHED), None)
    open_ = next((one for one in versions if one.state != one.State.PUBLISHED), None)
    told = travel_advice.derive(home, disease).as_json()
    lines = wording.leaving(told["leaving"])
    lines += [line for group in told["groups"] for line in wording.group_lines(group)]
    return Shown(
        disease, wording.disease_name(disease), published, travel_advice.standing(published) if published else None,
        open_, lines,
    )  # fmt: skip
