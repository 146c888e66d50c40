"""Addresses of the shell: first start, sign-in, second factor, language.

Of allauth's addresses only these exist: no sign-up, nothing by e-mail (an administrator gives a new password).
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from fangxian.faces.web import accounts, views
from fangxian.faces.web.policies import PUBLIC, SIGNED_IN, declared

ACCOUNT, FACTOR = "accounts/", "accounts/second-factor/"

urlpatterns = [
    path("", views.home, name="home"),
    path("setup/", views.set_up, name="set_up"),
    path("language/", accounts.set_language, name="set_language"),
    path(ACCOUNT + "login/", declared(PUBLIC, account.login), name="account_login"),
    path(ACCOUNT + "logout/", declared(PUBLIC, account.logout), name="account_logout"),
    path(ACCOUNT + "inactive/", declared(PUBLIC, account.account_inactive), name="account_inactive"),
    path(ACCOUNT + "confirm/", declared(SIGNED_IN, account.reauthenticate), name="account_reauthenticate"),
    path(ACCOUNT + "password/", accounts.change_password, name="account_change_password"),
    path(FACTOR, declared(SIGNED_IN, mfa.index), name="mfa_index"),
    path(FACTOR + "authenticate/", declared(PUBLIC, mfa.authenticate), name="mfa_authenticate"),
    path(FACTOR + "confirm/", declared(SIGNED_IN, mfa.reauthenticate), name="mfa_reauthenticate"),
    path(FACTOR + "activate/", declared(SIGNED_IN, totp.activate_totp), name="mfa_activate_totp"),
    path(FACTOR + "deactivate/", declared(SIGNED_IN, totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(FACTOR + "codes/", declared(SIGNED_IN, codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(FACTOR + "codes/new/", declared(SIGNED_IN, codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(
        FACTOR + "codes/file/", declared(SIGNED_IN, codes.download_recovery_codes), name="mfa_download_recovery_codes"
    ),
]
