"""Tasks: my ledger, and the verbs of those who hold, gave or command them."""

from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Path, Router, Schema
from pydantic import Field

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused
from fangxian.faces.api import schemas
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import listing, site
from fangxian.systems.command import selectors, services
from fangxian.systems.command.transitions import is_leader, verbs

router = Router(tags=["tasks"])
READ, WRITE = needs(Permission.COMMAND_READ), needs(Permission.COMMAND_WRITE)
REGISTER, MOST = "command.task", 500
TaskRow = schemas.row_out(site.get(REGISTER))
Reason = Annotated[str, Field(min_length=2, max_length=500)]


class TaskOut(Schema):
    """A task in the caller's language, and what the caller may do with it now."""

    task: TaskRow
    title: str
    instructions: str
    verbs: list[str]


class Said(Strict):
    """What came of it."""

    outcome: Annotated[str, Field(max_length=500)] = ""


class Why(Strict):
    """Why."""

    reason: Reason


class Whom(Strict):
    """User name of the officer who takes over; none for whoever holds the role."""

    officer: Annotated[str, Field(max_length=40)] | None = None


@operation(router.get, "", policy=READ, response=list[TaskOut], summary="My open tasks")
def ledger(request: HttpRequest):
    """Mine by name, and those of my roles and areas that name nobody; what is due first first."""
    ids = [task.pk for task in selectors.ledger(request.user)[:MOST]]
    return [_shown(task, request.user) for task in listing.fetch(site.get(REGISTER), ids)]


@operation(router.get, "/{uuid:pk}", policy=READ, response=TaskOut, summary="One task")
def task(request: HttpRequest, pk: Path[UUID]):
    """One task with what may be done with it."""
    return _shown(selectors.task(pk), request.user)


@operation(router.post, "/{uuid:pk}/receive", policy=READ, response=TaskOut, summary="Receive")
def receive(request: HttpRequest, pk: Path[UUID]):
    """The holder has seen it."""
    return _done(request, services.receive(task=selectors.task(pk), by=request.user))


@operation(router.post, "/{uuid:pk}/finish", policy=READ, response=TaskOut, summary="Finish")
def finish(request: HttpRequest, pk: Path[UUID], body: Body[Said]):
    """The holder has done it."""
    return _done(request, services.finish(task=selectors.task(pk), by=request.user, outcome=body.outcome))


@operation(router.post, "/{uuid:pk}/cannot", policy=READ, response=TaskOut, summary="Cannot be done")
def cannot(request: HttpRequest, pk: Path[UUID], body: Body[Why]):
    """The holder says that and why it cannot be done."""
    return _done(request, services.cannot(task=selectors.task(pk), by=request.user, reason=body.reason))


@operation(router.post, "/{uuid:pk}/check", policy=WRITE, response=TaskOut, summary="Check")
def check(request: HttpRequest, pk: Path[UUID]):
    """Whoever handed it down has looked and agrees."""
    return _done(request, services.check(task=selectors.task(pk), by=request.user))


@operation(router.post, "/{uuid:pk}/send-back", policy=WRITE, response=TaskOut, summary="Send back")
def send_back(request: HttpRequest, pk: Path[UUID], body: Body[Why]):
    """Whoever handed it down has looked and does not agree."""
    return _done(request, services.send_back(task=selectors.task(pk), by=request.user, reason=body.reason))


@operation(router.post, "/{uuid:pk}/withdraw", policy=WRITE, response=TaskOut, summary="Withdraw")
def withdraw(request: HttpRequest, pk: Path[UUID], body: Body[Why]):
    """Take it back."""
    return _done(request, services.withdraw(task=selectors.task(pk), by=request.user, reason=body.reason))


@operation(router.post, "/{uuid:pk}/reassign", policy=WRITE, response=TaskOut, summary="Give to somebody else")
def reassign(request: HttpRequest, pk: Path[UUID], body: Body[Whom]):
    """It starts anew with another officer of the task's area, or with whoever holds the role there."""
    found = selectors.task(pk)
    if not is_leader(found, request.user):
        raise Refused(_("Only the command of the task's area may do this."))
    services.reassign(tasks=[found], officer=_officer(body.officer, found), by=request.user)
    return _done(request, found)


def _officer(username: str | None, found) -> Officer | None:
    if username is None:
        return None
    officer = Officer.objects.filter(username=username, is_active=True).first()
    if officer is None or not any(post.covers(found.area_id) for post in officer.current_posts):
        raise ValidationError({"officer": _("Nobody of this name holds a post for the task's area.")})
    return officer


def _done(request: HttpRequest, changed) -> dict[str, Any]:
    return _shown(selectors.task(changed.pk), request.user)


def _shown(found, officer: Officer) -> dict[str, Any]:
    return {
        "task": schemas.shown_row(site.get(REGISTER), found),
        "title": found.title_text,
        "instructions": found.instructions_text,
        "verbs": [verb.value for verb in verbs(found, officer)],
    }
