"""Who may call an operation, said with the operation and nowhere else.

    @operation(router.post, "/cases/{uuid:pk}/respond", policy=needs(Permission.RESPOND_RUN))

`operation` is the only way an operation gets in: it checks who calls (401) and whether they may (403) before a single
value of the call is looked at, and runs it in the scope of the posts that carry the right. A test walks all operations
and fails for one without a policy.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.throttling import AuthRateThrottle
from ninja.utils import check_csrf, contribute_operation_callback

from fangxian.core import scope
from fangxian.core.officers import Officer
from fangxian.core.permissions import Decision, Permission, Refused, may
from fangxian.faces.api import models
from fangxian.faces.api.answers import ERRORS, Unknown
from fangxian.faces.web.middleware import FIRST_STEPS

SAFE = ("GET", "HEAD", "OPTIONS")
RATE = AuthRateThrottle("1200/m")
SESSION, TOKEN = "session", "token"


@dataclass(frozen=True)
class Policy:
    """What an operation asks of the caller: a right, or a right of a register, or any officer. `by`: how they came."""

    permission: Permission | None = None
    register: Any = None
    action: str = ""
    by: tuple[str, ...] = (SESSION, TOKEN)

    def __str__(self) -> str:
        right = self.register.right(self.action) if self.register else self.permission
        return (str(right) if right else "any officer") + ("" if TOKEN in self.by else ", signed in")

    def decide(self, officer: Officer) -> Decision:
        """Whether the officer may, before any row is looked at."""
        if self.register is not None:
            return self.register.may(officer, self.action)
        return may(officer, self.permission) if self.permission else Decision(True)

    def scope(self, officer: Officer) -> AbstractContextManager:
        """The rows the operation may touch."""
        if self.register is not None:
            return self.register.scope(officer, self.action)
        return scope.of(officer, self.permission)


def needs(permission: Permission) -> Policy:
    """The right, and the scope of the posts that carry it."""
    return Policy(permission=permission)


def of_register(register: Any, action: str) -> Policy:
    """What the register says of read, write, import or export."""
    return Policy(register=register, action=action)


ANY_OFFICER = Policy()
SIGNED_IN = Policy(by=(SESSION,))


class Guard:
    """Ninja's idea of authentication: called before the values of a call are read."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __call__(self, request: HttpRequest) -> Officer:
        officer, came_by = _who(request)
        if came_by not in self.policy.by:
            raise Refused(_("This needs a session, not a token."))
        decision = self.policy.decide(officer)
        if not decision:
            raise Refused(str(decision.reason))
        request.user = officer
        return officer


def operation(method: Callable, path: str, *, policy: Policy, **options: Any) -> Callable[[Callable], Callable]:
    """Declare an operation: `method` is `router.get`, `router.post` …; every known refusal is among its answers."""

    def declare(view: Callable) -> Callable:
        answers = {200: options.pop("response", None), **ERRORS}
        extra = {"x-policy": str(policy), **options.pop("openapi_extra", {})}
        made = method(path, auth=Guard(policy), throttle=RATE, openapi_extra=extra, **options)
        guarded = _in_scope(view, policy)
        contribute_operation_callback(guarded, lambda one: one.response_models.update(_checked_by(answers)))
        return made(guarded)

    return declare


def _checked_by(answers: dict[int, Any]) -> dict[int, type[Schema] | None]:
    return {status: kind and _answer_model(kind) for status, kind in answers.items()}


@cache
def _answer_model(kind: Any) -> type[Schema]:
    """What checks an answer of this kind, once a kind: Ninja makes six thousand for nine hundred operations."""
    return type("Answer", (Schema,), {"__annotations__": {"response": kind}})


def policies(router: Router) -> dict[tuple[str, str], Policy | None]:
    """Method and path of every operation of a router, and its policy; None is a fault."""
    return {
        (method, path): next((auth.policy for auth in one.auth_callbacks if isinstance(auth, Guard)), None)
        for path, view in router.path_operations.items()
        for one in view.operations
        for method in one.methods
    }


def _in_scope(view: Callable, policy: Policy) -> Callable:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with policy.scope(request.user):
            return view(request, *args, **kwargs)

    return guarded


def _who(request: HttpRequest) -> tuple[Officer, str]:
    """The caller and how they came; `Unknown` (401) for everybody else."""
    scheme, _sep, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        officer = models.holder(token.strip()) if scheme.lower() == "bearer" else None
        if officer is None:
            raise Unknown
        return officer, TOKEN
    if not request.user.is_authenticated:
        raise Unknown
    _check_session(request)
    return request.user, SESSION


def _check_session(request: HttpRequest) -> None:
    """A browser's session proves that the page sent the call, and that the account is complete."""
    if request.method not in SAFE and check_csrf(request):
        raise Refused(_("The call carries no CSRF token."))
    for lacks, _target, text in FIRST_STEPS:
        if lacks(request.user):
            raise Refused(str(text))
