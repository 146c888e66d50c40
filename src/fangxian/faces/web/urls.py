"""Addresses of the shell: first start, sign-in, second factor, language.

Of allauth's addresses only these exist: no sign-up, nothing by e-mail (an administrator gives a new password).
"""

from allauth.account import views as account
from django.urls import include, path

from fangxian.faces.web import accounts, views

urlpatterns = [
    path("", views.home, name="home"),
    path("setup/", views.set_up, name="set_up"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
    path("language/", accounts.set_language, name="set_language"),
]
