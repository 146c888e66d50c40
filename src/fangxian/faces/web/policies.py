"""Who may open a page. Every view says it with one decorator; a view that says nothing never runs.

    @policies.needs(Permission.CASES_READ)      signed in, holds the right; runs in the scope of the posts that carry it
    @policies.signed_in                         any officer; runs in the scope of all their posts
    @policies.public                            nobody need be signed in (login, set-up, health)

Each sets `view.policy`, which `check authz` and the tests read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from fangxian.core import scope
from fangxian.core.permissions import Permission, require

View = Callable[..., HttpResponse]
UNAUTHORISED = 401


@dataclass(frozen=True)
class Policy:
    """What a view asks of the visitor."""

    public: bool = False
    permission: Permission | None = None

    def __str__(self) -> str:
        if self.public:
            return "public"
        return str(self.permission) if self.permission else "signed in"


PUBLIC, SIGNED_IN = Policy(public=True), Policy()


def to_login(request: HttpRequest) -> HttpResponse:
    """Send to the login page and back afterwards.

    A call for a part of a page or for data is answered with 401, since nobody would read a login page there; htmx then
    sends the whole page.
    """
    if getattr(request, "htmx", False):
        answer = HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
        answer.status_code = UNAUTHORISED
        return answer
    if not request.accepts("text/html"):
        return JsonResponse({"detail": str(_("Log in first."))}, status=UNAUTHORISED)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _in_scope(view: View, policy: Policy) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        if policy.permission:
            require(request.user, policy.permission)
        with scope.of(request.user, policy.permission):
            response = view(request, *args, **kwargs)
            if callable(getattr(response, "render", None)):
                response = response.render()  # a lazy template would read rows after the scope has ended
            return response

    guarded.policy = policy
    return guarded


def needs(permission: Permission) -> Callable[[View], View]:
    """The view needs a right and reads in the scope of the posts that carry it."""
    return lambda view: _in_scope(view, Policy(permission=permission))


def signed_in(view: View) -> View:
    """The view needs any officer and reads in the scope of all their posts."""
    return _in_scope(view, SIGNED_IN)


def declared(policy: Policy, view: View) -> View:
    """A view of another package that checks its visitor itself: only says what it asks for."""
    view.policy = policy
    return view


def public(view: View) -> View:
    """The view is open to everybody and reads no records."""

    @wraps(view)
    def opened(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return view(request, *args, **kwargs)

    opened.policy = PUBLIC
    return opened
