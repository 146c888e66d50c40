"""What every page of the shell shows: the menu, the officer's posts, the languages, whether the clock is a drill's."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info

from fangxian.core import clock, drilling
from fangxian.faces.web import navigation
from fangxian.faces.web.pages.command.standing import badge


def languages() -> list[tuple[str, str]]:
    """Codes and their own names (简体中文, English), not translated ones: a reader looks for their own."""
    return [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def _officers_part(request: HttpRequest) -> dict[str, object]:
    found = navigation.mark_active(navigation.entries(request.user), request.path)
    return {
        "navigation": navigation.grouped(found),
        "bottom_entries": navigation.bottom(found),
        "posts": request.user.current_posts,
        "mode_badge": badge(request.user),
    }


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor. Parts of a page (htmx) draw no menu, so they do not pay for one."""
    shown = {
        "languages_offered": languages(),
        "clock_is_shifted": clock.is_shifted(),
        "clock_now": clock.now(),
        "drill_copy": drilling.current(),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and not getattr(request, "htmx", False):
        shown |= _officers_part(request)
    return shown
