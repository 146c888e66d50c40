"""The page where anybody may ask whether a signed code holds: one door for every kind of code."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fangxian.core import policy, scope
from fangxian.systems.arrivals import throttle

DOOR = "verify"


def asked(request: HttpRequest, template: str, *, why: str, answer: Callable[[str], dict[str, Any]]) -> HttpResponse:
    """The page of one kind of code; `answer` says, in everybody's scope, what the page may know of a text.

    The code is sent in the body, so that it stands in no address and no log. Who asks too often is told to wait.
    """
    text = request.POST.get("code", "").strip().upper()
    context: dict[str, Any] = {"asked": bool(text)}
    if text:
        try:
            throttle.knock(DOOR, throttle.sender_of(request.META.get("REMOTE_ADDR", "")), most=_most())
        except throttle.TooMany:
            return render(request, "resident/too_many.html", status=429)
        with scope.everywhere(why):
            context |= answer(text)
    return render(request, template, context)


def _most() -> int:
    return int(policy.pack(disease="unknown").number("resident.knocks_per_hour"))
