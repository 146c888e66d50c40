"""What happens around every page: idle and absolute session limits, the second factor, the sign-in, safe headers."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from fangxian.core import drilling, modes
from fangxian.core.clock import now
from fangxian.faces.web import policies
from fangxian.faces.web.signins import logged_out

Next = Callable[[HttpRequest], HttpResponse]

STARTED, SEEN = "signed_in_at", "seen_at"
WRITE_EVERY_SECONDS = 60  # a session row is written once a minute of work, not on every request

# Packages whose views check who calls in their own way: the API by its tokens, the back office by its own login.
OWN_GUARD = ("ninja.", "django.contrib.admin", "django.contrib.staticfiles")
ALWAYS = {"mfa_reauthenticate", "account_reauthenticate", "account_logout", "set_language"}
API = "/api/"
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


class SessionClockMiddleware:
    """Ends a session after 30 idle minutes (15 for administrators) or 12 hours, by the platform's own clock."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if _is_over(request):
            return self._without(request) if request.path.startswith(API) else _end(request)
        _mark_seen(request)
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"  # what an officer read must not lie in the browser's cache
        return response

    def _without(self, request: HttpRequest) -> HttpResponse:
        """The interface answers 401 by itself; it leads nobody to a page."""
        logged_out(request.user, idle=True)
        logout(request)
        return self.get_response(request)


def _seconds() -> int:
    return int(now().timestamp())


def _is_over(request: HttpRequest) -> bool:
    moment = _seconds()
    started, seen = request.session.get(STARTED, moment), request.session.get(SEEN, moment)
    idle = settings.SESSION_IDLE_SECONDS_ADMIN if request.user.is_administrator else settings.SESSION_IDLE_SECONDS
    pace = max(drilling.factor(), 1.0)  # half an hour of a person, however fast the clock of a drill runs
    return moment - started > settings.SESSION_COOKIE_AGE * pace or moment - seen > idle * pace


def _mark_seen(request: HttpRequest) -> None:
    moment = _seconds()
    request.session.setdefault(STARTED, moment)
    # a drill's clock jumps back when the server starts again, hence the absolute value
    if abs(moment - request.session.get(SEEN, 0)) >= WRITE_EVERY_SECONDS:
        request.session[SEEN] = moment


def _end(request: HttpRequest) -> HttpResponse:
    response = policies.to_login(request)
    logged_out(request.user, idle=True)
    logout(request)
    messages.info(request, _("You were away for a while, so the session was closed. Log in to go on."))
    return response


class SecondFactorMiddleware:
    """Leads an officer to what the account still needs before anything else opens.

    That is an own password in place of one given out, then the second factor where a role asks for one.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Next, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not request.user.is_authenticated or request.path.startswith(API):
            return None  # the interface refuses with the same reasons in its own words
        if request.resolver_match.url_name in ALWAYS:
            return None
        for lacks, target, text in FIRST_STEPS:
            if lacks(request.user):
                return None if request.resolver_match.url_name == target else _lead(request, target, text)
        return None


def _lead(request: HttpRequest, target: str, text: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url(target))
    messages.warning(request, text)
    return redirect(target)


def lacks_second_factor(user) -> bool:
    """Whether a role of this officer asks for a second factor and none is set up."""
    return user.needs_second_factor and not Authenticator.objects.filter(user=user, type="totp").exists()


FIRST_STEPS = (
    (lambda user: user.must_change_password, "account_change_password",
     _("This password was given to you. Choose your own; then your work opens.")),
    (lacks_second_factor, "mfa_activate_totp",
     _("Your role needs a second factor. Set it up once; then your work opens.")),
)  # fmt: skip


class ModesMiddleware:
    """A page goes by one state of the operating modes, read once and only if it is asked for."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with modes.remembered():
            return self.get_response(request)


class PolicyMiddleware:
    """A view without a policy never runs, one that is not public needs a sign-in; answers carry the closing headers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def process_view(self, request: HttpRequest, view: Next, args: tuple, kwargs: dict) -> HttpResponse | None:
        if is_open(view) or request.user.is_authenticated:
            return None
        return policies.to_login(request)


def is_open(view: Next) -> bool:
    """Whether a view may run for a visitor who is not signed in. One that does not say who may open it never runs."""
    policy = getattr(view, "policy", None)
    if policy is not None:
        return policy.public
    if view.__module__.startswith(OWN_GUARD):
        return True
    raise ImproperlyConfigured(f"{view.__module__}.{view.__name__} does not say who may open it (policies.py)")
