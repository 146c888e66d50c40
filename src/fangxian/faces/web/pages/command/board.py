"""The command of an area on one page: mode, duty, streak, groups, and the areas below it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fangxian.core import scope
from fangxian.core.areas import Area, path
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.command.standing import shown
from fangxian.systems.command import group_selectors, mode_selectors

HISTORY = 10


@guard.needs(Permission.COMMAND_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """One area; the areas below it are its rows."""
    area = area_of(request, Permission.COMMAND_READ)
    below = list(scope.areas_in_scope().filter(parent=area).order_by("code"))
    here, *rows = shown(request.user, [area, *below], area)
    context = {
        "area": area, "here": here, "rows": rows, "duty": mode_selectors.duty(area.code),
        "groups": group_selectors.groups_in(area.code), "history": mode_selectors.history(area.code)[:HISTORY],
        "waiting": mode_selectors.waiting(), "apart": mode_selectors.apart(area.code),
        "above": [up for up in path(area)[:-1] if scope.current().covers(up.code)],
        "may_write": bool(may(request.user, Permission.COMMAND_WRITE, area.code)),
    }  # fmt: skip
    return render(request, "command/board.html", context)


def area_of(request: HttpRequest, permission: Permission) -> Area:
    """The area asked for, inside the scope; at first that of the officer's own post."""
    code = request.GET.get("area")
    inside = scope.areas_in_scope().select_related("parent")
    return inside.get(code=code) if code else request.user.posts_with(permission)[0].area
