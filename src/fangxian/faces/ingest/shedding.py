"""Scans come first: while many rows wait for the disk, what can wait is asked to come again in a few seconds.

The list says which pages and calls can wait, and from which share of the queue on. Nothing of it is lost by waiting,
and none of it is needed at a door: no route on which somebody is admitted, sampled, isolated or released is in it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from fangxian.warehouse import visit_log_load

DASHBOARD = EXPORT = 0.25
TRACE = 0.5  # a second degree reads a share of all visits; an investigator waits longer than a door does

OPTIONAL: dict[str, float] = {
    "situation": DASHBOARD,
    "register_export": EXPORT,
    "trace_export": EXPORT,
    "api:export": EXPORT,
    "tracing": TRACE,
    "api:trace": TRACE,
}
"""View name → share of the waiting room for scans from which on the view is shed."""

RETRY_AFTER_S = 5


class SheddingMiddleware:
    """Answers 503 with `Retry-After` to what can wait, before anything of it is done; stands before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        load = visit_log_load()
        if load < min(OPTIONAL.values()) or load < OPTIONAL.get(_view(request), 1.1):
            return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):  # nobody has chosen one yet
            answer = _page() if request.accepts("text/html") else _data()
        answer["Retry-After"] = str(RETRY_AFTER_S)
        answer["Cache-Control"] = "no-store"
        return answer


def _view(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def _page() -> HttpResponse:
    return render(None, "503.html", {"seconds": RETRY_AFTER_S}, status=503)


def _data() -> JsonResponse:
    return JsonResponse({"detail": _("Scans at the doors come first. Try again in a few seconds.")}, status=503)
