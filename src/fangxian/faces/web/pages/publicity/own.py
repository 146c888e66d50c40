"""For which area an officer publishes."""

from django.http import HttpRequest

from fangxian.core.areas import Area
from fangxian.core.permissions import Permission


def own_area(request: HttpRequest) -> Area:
    """The area of the officer's first post that carries the right to read messages."""
    return request.user.posts_with(Permission.PUBLICITY_READ)[0].area
