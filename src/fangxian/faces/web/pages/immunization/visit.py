"""One visit on one page: what the schedule says, who agrees, the dose, the observation, a reaction."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.engines.schedules import Condition, birthday
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.immunization import common
from fangxian.systems.immunization import judging, rules, selectors, services
from fangxian.systems.immunization.services import Agreed
from fangxian.systems.immunization.words import OUTCOMES, REASONS, BodySite, Consent
from fangxian.systems.immunization.words import Condition as Said

DATED = (Said.OTHER_VACCINE, Said.IMMUNOGLOBULIN, Said.INFECTED)
"""Conditions of which it matters since when."""


@guard.needs(Permission.IMMUNIZATION_READ)
@require_GET
def visit(request: HttpRequest, pk) -> HttpResponse:
    """The page of the next act: registration, chair, or observation; afterwards what was done."""
    found = selectors.visit(pk)
    pack = rules.pack_of(found.disease, found.site.area_id)
    context = {
        "visit": found, "person": found.person, "given": selectors.dose_of_visit(found),
        "doses": selectors.doses_of(found.person_id, found.disease),
        "now": now(), "events": selectors.events_of([found.pk])[found.pk], "body_sites": BodySite.choices,
        "may_write": bool(may(request.user, Permission.IMMUNIZATION_WRITE, found.area_id)),
        **(_desk(request, found, pack) if found.state == "HERE" and not found.registered_at else {}),
        "lots": selectors.usable(found.site, found.vaccine, found.disease), "serious": services.SERIOUS.choices,
        "reason": REASONS.get(found.reason, ""), "condition": dict(Said.choices).get(found.condition, found.condition),
    }  # fmt: skip
    return render(request, "immunization/visit.html", context)


@guard.needs(Permission.IMMUNIZATION_WRITE)
@require_POST
def act(request: HttpRequest, pk, station: str) -> HttpResponse:
    """One step; what is refused is said on the page, and nothing is lost."""
    found = selectors.visit(pk)
    require(request.user, Permission.IMMUNIZATION_WRITE, found.area_id)
    done = guard.attempt(request, lambda: STEPS[station](request, found), DONE[station])
    if done and station in ("leave", "turn-away"):
        return redirect("vaccination_site", pk=found.site_id)
    return redirect("vaccination_visit", pk=pk)


def _desk(request: HttpRequest, found, pack) -> dict[str, Any]:
    """What the registration desk shows: the answer for each vaccine in the fridge, and what to ask."""
    names = dict(common.vaccine_names(found.disease, found.site.area_id))
    there = selectors.vaccines_at(found.site, found.disease)
    answers = [(key, names[key], _answer(found, pack, key)) for key in names]
    answers.sort(key=lambda row: (row[2]["outcome"] != "ELIGIBLE", row[0] not in there))
    years = int(pack.number("vaccination.guardian_under"))
    born = found.person.birth_date
    return {
        "answers": answers, "there": there, "conditions": [(key, label, key in DATED) for key, label in Said.choices],
        "is_child": born is not None and today() < birthday(born, years), "consents": Consent.choices,
    }  # fmt: skip


def _answer(found, pack, vaccine: str) -> dict[str, Any]:
    said = judging.verdict(found.person, found.disease, pack, vaccine=vaccine)
    return {
        "outcome": said.outcome, "label": OUTCOMES[said.outcome], "why": REASONS[said.reason], "from_on": said.from_on,
        "number": said.number, "condition": dict(Said.choices).get(said.condition, said.condition),
        "until_on": said.until_on,
    }  # fmt: skip


def _register(request: HttpRequest, found) -> None:
    post = request.POST
    agreed = Agreed(post["consent"], post.get("guardian", "").strip()[:60]) if post.get("consent") else None
    services.register(visit=found, by=request.user, vaccine=post.get("vaccine", ""), agreed=agreed,
                      conditions=[Condition(key, _since(post, key)) for key in post.getlist("condition")])  # fmt: skip


def _since(post: Any, key: str) -> date | None:
    try:
        return parse_date(post.get(f"since-{key}", ""))
    except ValueError as error:
        raise ValidationError(_("Enter the day as YYYY-MM-DD.")) from error


def _turn_away(request: HttpRequest, found) -> None:
    services.turn_away(visit=found, by=request.user, reason=request.POST.get("reason", ""))


def _vaccinate(request: HttpRequest, found) -> None:
    lots = {str(lot.pk): lot for lot in selectors.lots_of(found.site)}
    lot = lots.get(request.POST.get("lot", ""))
    if lot is None:
        raise ValidationError(_("Choose the lot on the vial."))
    body_site = request.POST.get("body_site", "")
    services.vaccinate(visit=found, by=request.user, lot=lot,
                       body_site=body_site if body_site in BodySite.values else BodySite.LEFT_ARM)  # fmt: skip


def _leave(request: HttpRequest, found) -> None:
    services.leave(visit=found, by=request.user, reason=request.POST.get("reason", ""))


def _report(request: HttpRequest, found) -> None:
    dose = next((one for one in selectors.doses_of(found.person_id) if one.visit_id == found.pk), None)
    if dose is None:
        raise ValidationError(_("An adverse event follows a dose: none was given at this visit."))
    reason = request.POST.get("serious_reason", "")
    services.report(by=request.user, dose=dose, symptoms=request.POST.get("symptoms", ""),
                    severity="SERIOUS" if reason else "NON_SERIOUS", serious_reason=reason,
                    treatment=request.POST.get("treatment", "")[:200])  # fmt: skip


STEPS: dict[str, Callable[[HttpRequest, Any], None]] = {
    "register": _register, "turn-away": _turn_away, "vaccinate": _vaccinate, "leave": _leave, "report": _report,
}  # fmt: skip
DONE = {
    "register": _("The schedule has answered."), "turn-away": _("The visit has ended."),
    "vaccinate": _("The dose is given; the observation has begun."), "leave": _("The observation has ended."),
    "report": _("The event is reported; its clocks run."),
}  # fmt: skip
