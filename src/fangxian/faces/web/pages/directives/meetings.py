"""One meeting: whose words it passes on, what it resolved, and where that stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.directives.lists import cells
from fangxian.faces.web.registers import attachments
from fangxian.registers import site
from fangxian.systems.directives import selectors

ROW = ("handed", "not_received", "late", "done")


@guard.needs(Permission.DIRECTIVES_READ)
@require_GET
def meeting(request: HttpRequest, pk) -> HttpResponse:
    """The meeting with its chain up and down, and every resolution with its figures."""
    found, register = selectors.meeting(pk), site.get("directives.meeting")
    resolved = selectors.resolutions(found)
    figures = selectors.counts_by_directive([row.pk for row in resolved])
    context = {
        "register": register, **attachments.tab(request, register, found), "meeting": found,
        "chain": selectors.chain(found), "passed_on_by": selectors.passed_on_by(found),
        "resolved": [{"directive": row, "cells": cells(figures[row.pk], ROW, row.pk)} for row in resolved],
        "may_write": bool(may(request.user, Permission.DIRECTIVES_WRITE, found.area_id)),
    }  # fmt: skip
    return render(request, "directives/meeting.html", context)
