"""Which area and month a page of the workforce shows."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.permissions import Permission, require


def area_of(request: HttpRequest, permission: Permission = Permission.WORKFORCE_READ) -> Area:
    """The area asked for (`?area=`), where the officer may; else the widest the officer has the right in."""
    asked = request.GET.get("area") or request.POST.get("area")
    if asked:
        require(request.user, permission, asked)
        return Area.objects.get(pk=asked)
    posts = request.user.posts_with(permission)
    return min((post.area for post in posts), key=lambda area: (len(area.code), area.code))


def month_of(request: HttpRequest) -> date:
    """The month asked for (`2022-02`), else the last that is over."""
    text = request.GET.get("month") or request.POST.get("month") or ""
    asked = parse_date(f"{text[:7]}-01") if text else None
    return asked or (today().replace(day=1) - timedelta(days=1)).replace(day=1)


def parts_of(area: Area) -> list[Area]:
    """The parts of an area, to look at one of them."""
    return list(Area.objects.filter(parent=area).exclude(kind=Area.Kind.GRID_CELL).order_by("code"))


def own_area(officer: Any) -> Area | None:
    """Where an officer is asked and answered for: the area of the first post held."""
    return min(
        (post.area for post in officer.current_posts), key=lambda area: (len(area.code), area.code), default=None
    )
