"""What the platform does around a sign-in: the officer's language, the name a failed try is counted under."""

from allauth.account.views import password_change
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language as django_set_language

from fangxian.core.officers import Officer
from fangxian.core.permissions import Refused
from fangxian.faces.web import policies

CODES = {code for code, _name in settings.LANGUAGES}


def typed_username(request: HttpRequest | None, credentials: dict | None) -> str:
    """The name a try is counted under (setting AXES_USERNAME_CALLABLE): what was typed, whichever form sent it."""
    typed = (credentials or {}).get("username") or (request.POST.get("login", "") if request else "")
    return typed.strip().lower()


@policies.public
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's language switch; a signed-in officer's choice stays with the account."""
    response = django_set_language(request)
    if request.method == "POST" and request.user.is_authenticated and request.POST.get("language") in CODES:
        Officer.objects.filter(pk=request.user.pk).update(language=request.POST["language"])
    return response


@policies.signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password of one's own. Who has none yet gets the first from an administrator, never from a bare session."""
    if not request.user.has_usable_password():
        raise Refused(_("This account has no password. Ask the administrator of your area to give you one."))
    return password_change(request)


def carry_language(request: HttpRequest, response: HttpResponse, officer: Officer) -> None:
    """After a login: the language chosen in this browser wins, else the one of the account."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in CODES:
        Officer.objects.filter(pk=officer.pk).exclude(language=chosen).update(language=chosen)
    else:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            officer.language,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.SESSION_COOKIE_SECURE,
        )
