"""A few addresses for tests of middleware and policies."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from fangxian.core import scope
from fangxian.core.permissions import Permission
from fangxian.faces.web import policies

handler400 = "fangxian.faces.web.errors.bad_request"
handler403 = "fangxian.faces.web.errors.refused"
handler404 = "fangxian.faces.web.errors.not_found"
handler500 = "fangxian.faces.web.errors.server_error"


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("undeclared")


@policies.public
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("public")


@policies.signed_in
def everyone(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(scope.current().covers("410883001")))


@policies.needs(Permission.CASES_READ)
def cases(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(scope.current().ranges))


@policies.public
def too_large(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


@policies.public
def odd(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


@policies.public
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("", include("fangxian.faces.web.urls")),
    path("undeclared/", undeclared),
    path("public/", public),
    path("everyone/", everyone),
    path("cases/", cases),
    path("too-large/", too_large),
    path("odd/", odd),
    path("broken/", broken),
]
