"""How allauth behaves here: nobody signs up alone, nothing goes by e-mail, secrets of second factors are encrypted."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from fangxian.core import cipher
from fangxian.core.officers import Officer
from fangxian.faces.web.accounts import carry_language
from fangxian.faces.web.signins import logged_out

SECRET_FIELD = "mfa.authenticator.secret"


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; a failed login never says which half was wrong."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("User name or password is wrong. After ten wrong tries there is a pause."),
        "too_many_login_attempts": _("Too many wrong tries. Wait a few minutes, or ask an administrator."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whether to ask for the password again before a change to the account: not right after a login."""
        records = get_authentication_records(self.request, self.request.user)
        latest = max((record["at"] for record in records), default=0)
        return time.time() - latest > app_settings.REAUTHENTICATION_TIMEOUT

    def post_login(self, request: HttpRequest, user: Officer, **kwargs) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        carry_language(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            logged_out(request.user, idle=False)
        super().logout(request)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """The platform sends no e-mail: officers have none on file."""

    def send_notification_mail(self, *args, **kwargs) -> None:
        """Neither about changes to the account."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the shared secret of an authenticator app encrypted with the installation's key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong or has run out. Wait for the next one in the app and type it again."),
    }

    def encrypt(self, text: str) -> str:
        return cipher.encrypt(text, aad=SECRET_FIELD)

    def decrypt(self, encrypted_text: str) -> str:
        return cipher.decrypt(encrypted_text, aad=SECRET_FIELD)
