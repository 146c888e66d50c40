"""Volunteers: who waits for their village, the calls, who fits, who comes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.systems.community import selectors, services
from fangxian.systems.community.transitions import SHIFT, VOLUNTEER, allowed
from fangxian.systems.community.words import CallState, VolunteerShiftState
from fangxian.systems.people import selectors as people
from fangxian.workflows import volunteering

SHOWN = 100
LABELS = {
    "accept": _("Will come"), "decline": _("Cannot come"), "came": _("Came"), "missed": _("Did not come"),
    "take_back": _("Take back"),
}  # fmt: skip


@guard.needs(Permission.COMMUNITY_READ)
@require_GET
def volunteers(request: HttpRequest) -> HttpResponse:
    """Who waits to be confirmed, calls that look for people, the volunteers."""
    calls = list(selectors.open_calls()[:SHOWN])
    shifts = selectors.shifts_of(call.pk for call in calls)
    rows = list(selectors.volunteers()[:SHOWN])
    minutes = selectors.minutes_of(row.pk for row in rows)
    context = {
        "waiting": selectors.waiting_volunteers()[:SHOWN],
        "calls": [(call, *_counts(shifts[call.pk])) for call in calls],
        "rows": [(row, minutes.get(row.pk, 0)) for row in rows], "now": now(),
        "may_write": bool(may(request.user, Permission.COMMUNITY_WRITE)),
    }  # fmt: skip
    return render(request, "community/volunteers.html", context)


@guard.needs(Permission.COMMUNITY_READ)
@require_GET
def volunteer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One volunteer: who they may be on record, what they were asked for."""
    found = selectors.volunteer(pk)
    writes = bool(may(request.user, Permission.COMMUNITY_WRITE, found.area_id))
    steps = allowed(VOLUNTEER, found) if writes else []
    context = {
        "volunteer": found, "steps": steps, "possible": volunteering.possible(found) if "confirm" in steps else [],
        "minutes": selectors.minutes_of([found.pk]).get(found.pk, 0), "offers": selectors.offers_to(found),
    }  # fmt: skip
    return render(request, "community/volunteer.html", context)


@guard.needs(Permission.COMMUNITY_WRITE)
@require_POST
def decide(request: HttpRequest, pk: UUID, helper_deed: str) -> HttpResponse:
    """Confirm, refuse, or end it."""
    found = selectors.volunteer(pk)
    require(request.user, Permission.COMMUNITY_WRITE, found.area_id)
    guard.attempt(request, lambda: DEEDS[helper_deed](request, found), str(_("Entered.")))
    return redirect("volunteer", pk)


@guard.needs(Permission.COMMUNITY_READ)
@require_GET
def call(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One call: who was asked and comes, who else fits."""
    found = selectors.call(pk)
    writes = bool(may(request.user, Permission.COMMUNITY_WRITE, found.area_id))
    shifts = selectors.shifts_of([found.pk])[found.pk]
    asked, coming = _counts(shifts)
    asks = writes and found.state == CallState.OPEN and found.ends_at > now()
    context = {
        "call": found, "asked": asked, "coming": coming, "may_write": writes, "now": now(),
        "shifts": [(shift, [(step, LABELS[step]) for step in _steps(shift)] if writes else []) for shift in shifts],
        "candidates": selectors.candidates(found, found.area_id[:6])[:SHOWN] if asks else [],
    }  # fmt: skip
    return render(request, "community/call.html", context)


@guard.needs(Permission.COMMUNITY_WRITE)
@require_POST
def offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask those who were chosen; nobody who may not be among people is asked, and nobody is told who that is."""
    found = _writable_call(request, pk)
    chosen = {value for value in request.POST.getlist("volunteer") if value}
    rows = [row for row in selectors.candidates(found, found.area_id[:6]) if str(row.pk) in chosen]

    def ask() -> None:
        if not rows:
            raise ValidationError(_("Choose at least one volunteer."))
        _say(request, volunteering.offer(called=found, volunteers=rows, by=request.user))

    guard.attempt(request, ask)
    return redirect("volunteer_call", pk)


@guard.needs(Permission.COMMUNITY_WRITE)
@require_POST
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody else is asked; or it is called off with a reason."""
    found = _writable_call(request, pk)
    reason = request.POST.get("reason", "").strip()

    def act() -> None:
        if "off" in request.POST:
            services.cancel_call(called=found, by=request.user, reason=reason)
        else:
            services.settle_call(called=found, by=request.user)

    guard.attempt(request, act, str(_("Entered.")))
    return redirect("volunteer_call", pk)


@guard.needs(Permission.COMMUNITY_WRITE)
@require_POST
def shift(request: HttpRequest, pk: UUID, shift_deed: str) -> HttpResponse:
    """What became of one offer."""
    found = selectors.shift(pk)
    require(request.user, Permission.COMMUNITY_WRITE, found.area_id)
    guard.attempt(request, lambda: SHIFTS[shift_deed](request, found), str(_("Entered.")))
    return redirect("volunteer_call", found.call_id)


def _confirm(request: HttpRequest, found: Any) -> Any:
    if not (chosen := request.POST.get("person")):
        raise ValidationError(_("Say who on record it is."))
    return services.confirm_volunteer(volunteer=found, by=request.user, person=_person(chosen))


def _person(text: str) -> Any:
    """A person chosen from those with the phone, or typed as an identity number."""
    try:
        return people.person(UUID(text))
    except ValueError:
        person = people.find_by_id_number(text)
        if person is None:
            raise ValidationError(_("Nobody in your area has this identity number. Enter the person first.")) from None
        return person


DEEDS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "confirm": _confirm,
    "refuse": lambda request, found: services.refuse_volunteer(
        volunteer=found, by=request.user, reason=request.POST.get("reason", "")
    ),
    "leave": lambda request, found: services.leave(
        volunteer=found, by=request.user, reason=request.POST.get("reason", "")
    ),
}
SHIFTS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "accept": lambda request, found: volunteering.accept(shift=found, by=request.user),
    "decline": lambda request, found: services.decline(shift=found, by=request.user),
    "came": lambda request, found: services.came(shift=found, by=request.user),
    "missed": lambda request, found: services.missed(shift=found, by=request.user),
    "take_back": lambda request, found: services.take_back(
        shift=found, by=request.user, reason=gettext("Taken back by the command")
    ),
}


def _steps(shift: Any) -> list[str]:
    """What may be entered now: coming before it begins, having come once it has."""
    begun = shift.call.starts_at <= now()
    return [step for step in allowed(SHIFT, shift) if (step in ("came", "missed")) == begun]


def _counts(shifts: list[Any]) -> tuple[int, int]:
    """How many were asked, how many come."""
    return len(shifts), sum(row.state in (VolunteerShiftState.ACCEPTED, VolunteerShiftState.CAME) for row in shifts)


def _say(request: HttpRequest, offered: volunteering.Offered) -> None:
    count = len(offered.shifts)
    text = ngettext("%(count)s volunteer was asked.", "%(count)s volunteers were asked.", count)
    messages.success(request, text % {"count": count})
    if offered.held_back:
        messages.info(request, _("Some cannot be put on shift at present and were not asked."))


def _writable_call(request: HttpRequest, pk: UUID) -> Any:
    found = selectors.call(pk)
    require(request.user, Permission.COMMUNITY_WRITE, found.area_id)
    return found
