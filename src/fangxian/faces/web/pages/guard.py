"""Guards of the pages: a right and its scope; a row outside it is a 404; a refused act says why on the page."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse

from fangxian.core.permissions import Permission, Refused
from fangxian.faces.web import policies


def needs(permission: Permission) -> Callable[[policies.View], policies.View]:
    """The view needs a right and reads in its scope; what is not there is a 404."""
    return lambda view: policies.needs(permission)(_found(view))


def signed_in(view: policies.View) -> policies.View:
    """The view needs any officer; what is not in the scope of their posts is a 404."""
    return policies.signed_in(_found(view))


def attempt(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Do something a service may refuse; the reason is shown on the next page. Whether it was done."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if done:
            messages.success(request, done)
        return True
    return False


def _found(view: policies.View) -> policies.View:
    @wraps(view)
    def finding(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404 from error

    return finding
