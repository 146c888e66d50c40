"""The caller: who I am, what I may, my tokens; and the document of the interface."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Path, Router, Schema
from pydantic import Field

from fangxian.core.clock import now
from fangxian.faces.api import models
from fangxian.faces.api.policy import ANY_OFFICER, SIGNED_IN, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import site

router = Router(tags=["account"])


class PostOut(Schema):
    """A role in an area."""

    id: int
    role: str
    area: str
    area_name: str
    permissions: list[str]


class MeOut(Schema):
    """The officer behind the call, and the posts the call may use."""

    username: str
    name: str
    posts: list[PostOut]


class RegisterOut(Schema):
    """A register and what the caller may do there."""

    slug: str
    title: str
    help: str
    actions: list[str]


class TokenOut(Schema):
    """A token of the interface; the token itself is shown only when it is made."""

    id: UUID
    name: str
    role: str
    area: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str | None = None


class NewToken(Strict):
    """For one of my posts, until so many days from now."""

    post: int
    name: Annotated[str, Field(min_length=2, max_length=60)]
    days: Annotated[int, Field(ge=1, le=366)] = 90


@operation(router.get, "/me", policy=ANY_OFFICER, response=MeOut, summary="Who I am")
def me(request: HttpRequest):
    """The officer, and the posts this call may use: all of them in a session, one with a token."""
    posts = [_post(post) for post in request.user.current_posts]
    return {"username": request.user.username, "name": request.user.name, "posts": posts}


@operation(router.get, "/registers", policy=ANY_OFFICER, response=list[RegisterOut], summary="Registers")
def registers(request: HttpRequest):
    """The registers the caller may read, each with what else is permitted."""
    found = [(register, _actions(register, request.user)) for register in site]
    return [{"slug": register.slug, "title": register.title, "help": register.help, "actions": actions}
            for register, actions in found if "read" in actions]  # fmt: skip


@operation(router.get, "/tokens", policy=ANY_OFFICER, response=list[TokenOut], summary="My tokens")
def tokens(request: HttpRequest):
    """All my tokens, ended ones too."""
    return [_token(token) for token in models.mine(request.user)]


@operation(router.post, "/tokens", policy=SIGNED_IN, response=TokenOut, summary="Issue a token")
def issue(request: HttpRequest, body: Body[NewToken]):
    """A token for one of my posts. It needs a session: no token makes another."""
    post = next((post for post in request.user.current_posts if post.pk == body.post), None)
    if post is None:
        raise LookupError(body.post)
    expires = now() + timedelta(days=body.days)
    made, token = models.issue(post, name=body.name, expires_at=expires, by=request.user)
    return {**_token(made), "token": token}


@operation(router.delete, "/tokens/{uuid:pk}", policy=ANY_OFFICER, response=TokenOut, summary="Revoke a token")
def revoke(request: HttpRequest, pk: Path[UUID]):
    """End one of my tokens at once."""
    found = models.mine(request.user).get(pk=pk)
    models.revoke(found, by=request.user)
    return _token(found)


@operation(router.get, "/openapi.json", policy=ANY_OFFICER, response=dict[str, Any], include_in_schema=False)
def document(request: HttpRequest):
    """The document of this interface."""
    from fangxian.faces.api.site import described

    return described()


def _actions(register, officer) -> list[str]:
    return [action for action in ("read", "write", "import", "export") if register.may(officer, action)]


def _post(post) -> dict[str, Any]:
    permissions = sorted(post.role_class.permissions)
    return {
        "id": post.pk,
        "role": post.role,
        "area": post.area_id,
        "area_name": str(post.area),
        "permissions": permissions,
    }


def _token(token) -> dict[str, Any]:
    names = ("id", "name", "created_at", "expires_at", "revoked_at")
    return {**{name: getattr(token, name) for name in names}, "role": token.post.role, "area": token.post.area_id}
