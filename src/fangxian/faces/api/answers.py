"""How the interface answers when it cannot do what was asked. Nothing a caller sent is ever part of an answer."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled
from ninja.errors import ValidationError as NinjaValidationError

from fangxian.core.records import Conflict
from fangxian.core.scope import ScopeMissing


class Fault(Schema):
    """One reason, and the field it is about ("" for the whole)."""

    field: str = ""
    reason: str


class Error(Schema):
    """An answer that is not the one asked for."""

    error: str
    reasons: list[Fault] = []


class Clash(Schema):
    """A field that somebody else changed meanwhile: what is stored, what was wanted, who stored it when."""

    field: str
    stored: str
    wanted: str
    by: str
    at: str


class ConflictError(Error):
    """The record was changed meanwhile in the same fields; nothing was written."""

    version: int | None = None
    clashes: list[Clash] = []


ERRORS: dict[int, Any] = {401: Error, 403: Error, 404: Error, 409: ConflictError, 422: Error, 429: Error}


class Unknown(Exception):
    """Nobody we know, or somebody whose time is up."""


class Repeated(Exception):
    """An idempotency key that was used for another call."""


def install(api: NinjaAPI) -> None:
    """Teach the interface its refusals."""

    def handler(exception: type[Exception], status: int, word: str, reasons: Any) -> None:
        @api.exception_handler(exception)
        def answer(request: HttpRequest, error: Exception) -> HttpResponse:
            return _answer(api, request, status, word, reasons(error))

    handler(Unknown, 401, "unknown_caller", lambda _error: [])
    handler(PermissionDenied, 403, "refused", lambda error: [("", str(error))])
    handler(Http404, 404, "not_found", lambda _error: [])
    handler(ObjectDoesNotExist, 404, "not_found", lambda _error: [])
    handler(LookupError, 404, "not_found", lambda _error: [])
    handler(Repeated, 409, "key_used", lambda _error: [("", _("This idempotency key was used for another call."))])
    handler(DjangoValidationError, 422, "invalid", of_django)
    handler(NinjaValidationError, 422, "invalid", _of_ninja)
    handler(Throttled, 429, "too_many_calls", lambda _error: [])
    handler(HttpError, 422, "invalid", lambda _error: [("", _("The call cannot be read."))])
    handler(ScopeMissing, 500, "fault", lambda _error: [])
    api.add_exception_handler(Conflict, lambda request, error: _conflict(api, request, error))


def _answer(
    api: NinjaAPI, request: HttpRequest, status: int, word: str, reasons: list[tuple[str, str]]
) -> HttpResponse:
    content = {"error": word, "reasons": [{"field": field, "reason": reason} for field, reason in reasons]}
    response = api.create_response(request, content, status=status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response["Retry-After"] = "60"
    return response


def _conflict(api: NinjaAPI, request: HttpRequest, error: Conflict) -> HttpResponse:
    clashes = [vars(clash) for clash in error.clashes]
    content = {"error": "changed_meanwhile", "reasons": [], "version": error.record.version, "clashes": clashes}
    return api.create_response(request, content, status=409)


def of_django(error: DjangoValidationError) -> list[tuple[str, str]]:
    """Field and reason of everything a form or a service refused."""
    if hasattr(error, "error_dict"):
        return [
            ("" if name == "__all__" else name, message)
            for name, found in error.error_dict.items()
            for one in found
            for message in one.messages
        ]
    return [("", message) for message in error.messages]


def _of_ninja(error: NinjaValidationError) -> list[tuple[str, str]]:
    """The last part of the place is the field; the value itself is left out."""
    return [(_place(one["loc"]), one["msg"]) for one in error.errors]


def _place(location: Any) -> str:
    parts = [str(part) for part in location if part not in ("body", "query", "path", "header", "data")]
    return ".".join(parts)
