"""The board: what lies with me, what waits for my look, what I handed down, and where it stands."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.directives.lists import cells, lasting
from fangxian.systems.directives import selectors
from fangxian.systems.directives.transitions import verbs
from fangxian.systems.directives.words import DirectiveState

SHOWN, LATELY = 30, timedelta(days=3)
BOARD = ("not_received", "late", "not_answered", "to_check", "done")


@guard.needs(Permission.DIRECTIVES_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Mine first, then what to check, then my directives with how far each has come."""
    mine = list(selectors.mine(request.user)[:SHOWN])
    context = {
        "mine": [_card(request, row) for row in mine],
        "answered": list(selectors.answered_by_mine(request.user, now() - LATELY)[:SHOWN]),
        "to_check": list(selectors.to_check(request.user)[:SHOWN]), "handed": _handed(),
        "resolved": selectors.directives([DirectiveState.RESOLVED]), "ended": selectors.ended(),
        "meetings": selectors.meetings(8), "now": now(),
        "may_write": bool(may(request.user, Permission.DIRECTIVES_WRITE)),
        "may_read_more": bool(may(request.user, Permission.SITUATION_READ)),
    }  # fmt: skip
    return render(request, "directives/board.html", context)


def _card(request: HttpRequest, row: Any) -> dict[str, Any]:
    """What lies with me, with what I can do about it now."""
    left = row.due_at - now()
    return {"handing": row, "verbs": [str(verb) for verb in verbs(row, request.user)], "left": lasting(left)}


def _handed() -> list[dict[str, Any]]:
    """Directives in execution with their figures; two queries for all of them."""
    rows = selectors.directives([DirectiveState.ISSUED])
    figures = selectors.counts_by_directive([row.pk for row in rows])
    return [
        {"directive": row, "figures": figures[row.pk], "cells": cells(figures[row.pk], BOARD, row.pk),
         "left": lasting(row.due_at - now()), "goal_left": lasting(row.left)}
        for row in rows
    ]  # fmt: skip
