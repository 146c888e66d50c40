"""What happens around every page: idle and absolute session limits, the second factor, the sign-in, safe headers."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from fangxian.core.clock import now
from fangxian.faces.web import policies

Next = Callable[[HttpRequest], HttpResponse]

STARTED, SEEN = "signed_in_at", "seen_at"
WRITE_EVERY_SECONDS = 60  # a session row is written once a minute of work, not on every request

# Views of other packages that work before the sign-in is complete, or check who calls in their own way.
OPEN_VIEWS = {"account_login", "account_logout", "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate",
              "account_signup", "set_language", "javascript-catalog"}  # fmt: skip
OWN_GUARD = ("ninja.", "django.contrib.admin", "django.contrib.staticfiles")
WITHOUT_SECOND_FACTOR = {"mfa_activate_totp", "mfa_reauthenticate", "account_reauthenticate", "account_logout",
                         "set_language", "javascript-catalog"}  # fmt: skip
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


class SessionClockMiddleware:
    """Ends a session after 30 idle minutes (15 for administrators) or 12 hours, by the platform's own clock."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if _is_over(request):
            return _end(request)
        _mark_seen(request)
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"  # what an officer read must not lie in the browser's cache
        return response


def _seconds() -> int:
    return int(now().timestamp())


def _is_over(request: HttpRequest) -> bool:
    moment = _seconds()
    started, seen = request.session.get(STARTED, moment), request.session.get(SEEN, moment)
    idle = settings.SESSION_IDLE_SECONDS_ADMIN if request.user.is_administrator else settings.SESSION_IDLE_SECONDS
    return moment - started > settings.SESSION_COOKIE_AGE or moment - seen > idle


def _mark_seen(request: HttpRequest) -> None:
    moment = _seconds()
    request.session.setdefault(STARTED, moment)
    if moment - request.session.get(SEEN, 0) >= WRITE_EVERY_SECONDS:
        request.session[SEEN] = moment


def _end(request: HttpRequest) -> HttpResponse:
    response = policies.to_login(request)
    logout(request)
    messages.info(request, _("You were away for a while, so the session was closed. Log in to go on."))
    return response


class SecondFactorMiddleware:
    """Leads an officer whose role needs a second factor, and who has none, to set it up before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Next, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.resolver_match.url_name in WITHOUT_SECOND_FACTOR or not lacks_second_factor(request.user):
            return None
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(resolve_url("mfa_activate_totp"))
        messages.warning(request, _("Your role needs a second factor. Set it up once; then your work opens."))
        return redirect("mfa_activate_totp")


def lacks_second_factor(user) -> bool:
    """Whether a role of this officer asks for a second factor and none is set up."""
    if not user.is_authenticated or not user.needs_second_factor:
        return False
    return not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


class PolicyMiddleware:
    """Nothing opens without a sign-in unless it says so itself; every answer carries the closing headers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    def process_view(self, request: HttpRequest, view: Next, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.user.is_authenticated or is_open(view, request.resolver_match.url_name):
            return None
        return policies.to_login(request)


def is_open(view: Next, url_name: str | None) -> bool:
    """Whether a view may run for a visitor who is not signed in."""
    policy = getattr(view, "policy", None)
    if policy is not None:
        return policy.public
    return url_name in OPEN_VIEWS or view.__module__.startswith(OWN_GUARD)
