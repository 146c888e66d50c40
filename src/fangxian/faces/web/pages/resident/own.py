"""The resident's own page, behind a personal link and its digits."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fangxian.core import policy, scope
from fangxian.core.clock import day_of, now
from fangxian.faces.web import policies
from fangxian.faces.web.pages.resident.forms import AppealForm, CodeForm, TemperatureForm
from fangxian.systems.arrivals import residents, throttle
from fangxian.workflows.loop import own_page

WHY = "a personal link opens what is about its holder alone"
OPENED = "own_page"
DOOR = "own"
Own = Callable[..., HttpResponse]


@policies.public
@never_cache
def own(request: HttpRequest, token: str) -> HttpResponse:
    """The plan; first the digits that open it."""
    link = _opened(request, token)
    if link is None:
        return _ask(request, token)
    plans = own_page.overview(link)
    drawn = {str(one.loop.pk): _drawn(one.proof.code) for one in plans if one.proof}
    context = {
        "link": link, "plans": plans, "token": token, "drawn": drawn, "temperature": TemperatureForm(),
        "appeal": AppealForm(),
    }  # fmt: skip
    return _private(render(request, "resident/own.html", context))


def _for_holder(view: Own) -> policies.View:
    """The view is for whoever has opened this link; everybody else is asked for the digits."""

    @policies.public
    @never_cache
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        link = _opened(request, token)
        if link is None:
            return redirect("own", token)
        try:
            view(request, link)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("own", token)

    return guarded


@_for_holder
def temperature(request: HttpRequest, link: Any) -> None:
    """The holder's own temperature."""
    form = TemperatureForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("A temperature lies between 34 and 43 °C, for example 36.6."))
    check = own_page.report(link, **form.cleaned_data)
    if check.fever:
        messages.warning(request, _("That is a fever. Stay where you are; somebody will call you. In need call 120."))
    else:
        messages.success(request, _("Thank you, it is entered."))


@_for_holder
def appeal(request: HttpRequest, link: Any) -> None:
    """An appeal against the plan."""
    form = AppealForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Say in a few words what is wrong."))
    made = own_page.appeal(link, loop_id=form.cleaned_data["loop"], text=form.cleaned_data["text"])
    messages.success(
        request, _("Your appeal was sent. The answer comes here by %(day)s.") % {"day": day_of(made.due_at)}
    )


@_for_holder
def leave(request: HttpRequest, link: Any) -> None:
    """Close the page on this phone."""
    request.session.pop(OPENED, None)


def _opened(request: HttpRequest, token: str) -> Any:
    """The link, when this phone has opened it a short while ago and it still stands."""
    kept = request.session.get(OPENED) or {}
    try:
        with scope.everywhere(WHY):
            link = residents.find(token)
    except residents.Shut:
        return None
    is_fresh = kept.get("link") == str(link.pk) and kept.get("until", 0) > now().timestamp()
    return link if is_fresh else None


def _ask(request: HttpRequest, token: str) -> HttpResponse:
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            throttle.knock(DOOR, throttle.sender_of(request.META.get("REMOTE_ADDR", "")), most=_most())
            with scope.everywhere(WHY):
                link = residents.unlock(token=token, code=form.cleaned_data["code"])
        except throttle.TooMany:
            return render(request, "resident/too_many.html", status=429)
        except residents.Shut as shut:
            form.add_error("code", _shut(shut))
            status = 422
        else:
            request.session.cycle_key()
            until = (now() + residents.session_length()).timestamp()
            request.session[OPENED] = {"link": str(link.pk), "until": until}
            return redirect("own", token)
    return _private(render(request, "resident/unlock.html", {"form": form}, status=status))


def _shut(shut: residents.Shut) -> str:
    if shut.locked:
        return _("Too many wrong tries. Wait a while, or ask your grid worker for a new link.")
    return _("This does not open. Check the digits; a link that is over has to be given anew.")


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a key: no other site may learn it, no search engine list it."""
    response["Referrer-Policy"] = "same-origin"  # “no-referrer” would send the form with the origin “null”
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _drawn(code: str) -> str:
    drawing = segno.make(code, error="l").svg_inline(scale=3, border=2, omitsize=True)
    return mark_safe(drawing)  # noqa: S308  (segno's own drawing)


def _most() -> int:
    return int(policy.pack(disease="unknown").number("resident.knocks_per_hour"))
