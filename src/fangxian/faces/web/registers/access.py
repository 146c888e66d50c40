"""Who may open a page of a register: the register itself says so, and its rows are read in the scope of that right."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse

from fangxian.core.permissions import Refused
from fangxian.faces.web import policies
from fangxian.registers import site


@dataclass(frozen=True)
class RegisterPolicy(policies.Policy):
    """The register named in the address decides, for one action: read, write, import, export.

    `behaviour`: the mixin its model must have; for other registers there is no such page.
    """

    action: str = "read"
    behaviour: type = object

    def is_for(self, register) -> bool:
        """Whether the register has such a page."""
        return issubclass(register.model, self.behaviour)

    def __str__(self) -> str:
        return f"register.{self.action}"


def find(slug: str):
    """The register with this key, or 404."""
    try:
        return site.get(slug)
    except LookupError as error:
        raise Http404(str(error)) from error


def requires(action: str, *, behaviour: type = object) -> Callable[[policies.View], policies.View]:
    """The view gets the register in place of its slug and runs in the scope of the posts that carry the action's right.

    A row outside the scope is a 404, like a row that never was.
    """

    policy = RegisterPolicy(action=action, behaviour=behaviour)

    def decorate(view: policies.View) -> policies.View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return policies.to_login(request)
            register = find(slug)
            if not policy.is_for(register):
                raise Http404
            decision = register.may(request.user, action)
            if not decision:
                raise Refused(str(decision.reason))
            with register.scope(request.user, action):
                return _answer(view, request, register, *args, **kwargs)

        guarded.policy = policy
        return guarded

    return decorate


def _answer(view: policies.View, request: HttpRequest, register, *args, **kwargs) -> HttpResponse:
    try:
        return view(request, register, *args, **kwargs)
    except ObjectDoesNotExist as error:
        raise Http404 from error
