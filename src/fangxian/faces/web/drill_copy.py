"""What leaves the copy of a drill by the browser says so: every answer in its head, every file in its name."""

import re
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from fangxian.core import drilling

HEADER, PREFIX = "X-Fangxian-Drill", "DRILL-"
PLAIN = re.compile(r'(filename=")(?!DRILL-)')
CODED = re.compile(r"(filename\*=utf-8'')(?!DRILL-)", re.IGNORECASE)


class DrillMiddleware:
    """Marks the answers of a copy; a real installation does without it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.IS_DRILL:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        marker = drilling.current()
        if marker is not None:
            response[HEADER] = quote(marker.name)
        if response.has_header("Content-Disposition"):
            response["Content-Disposition"] = marked(response["Content-Disposition"])
        return response


def marked(disposition: str) -> str:
    """The same with the names of the file beginning with the mark."""
    for pattern in (PLAIN, CODED):
        disposition = pattern.sub(rf"\g<1>{PREFIX}", disposition)
    return disposition
