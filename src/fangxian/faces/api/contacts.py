"""Contacts beyond their row: what one officer proposes, and the second officer's word on it."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Path, Router
from pydantic import Field

from fangxian.core.permissions import Permission
from fangxian.faces.api import schemas
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import site
from fangxian.systems.cases import selectors, services

router = Router(tags=["contacts"])
WRITE = needs(Permission.CASES_WRITE)
REGISTER = "cases.contact"
ContactOut = schemas.row_out(site.get(REGISTER))
ENDINGS = {"NO_CONTACT": services.not_a_contact, "DROPPED": services.drop_contact}


class Reasoned(Strict):
    """Why."""

    reason: Annotated[str, Field(min_length=2, max_length=200)]


class Ending(Reasoned):
    """There was no contact, or the contact is not followed any more; and why."""

    kind: Literal["NO_CONTACT", "DROPPED"]


@operation(router.post, "/{uuid:pk}/confirm", policy=WRITE, response=ContactOut, summary="Agree to a proposal")
def confirm(request: HttpRequest, pk: Path[UUID]):
    """The second officer's agreement; whoever entered or proposed it is refused. The response runs again."""
    return _shown(services.confirm_contact(by=request.user, contact=selectors.contact(pk)))


@operation(router.post, "/{uuid:pk}/refuse", policy=WRITE, response=ContactOut, summary="Refuse a proposal")
def refuse(request: HttpRequest, pk: Path[UUID], body: Body[Reasoned]):
    """Say no to a proposal, or take one's own back. What was in force stays."""
    return _shown(services.refuse_proposal(by=request.user, contact=selectors.contact(pk), reason=body.reason))


@operation(router.post, "/{uuid:pk}/end", policy=WRITE, response=ContactOut, summary="Propose to end a contact")
def end(request: HttpRequest, pk: Path[UUID], body: Body[Ending]):
    """Propose that there was no contact, or not to follow it any more. A second officer has to agree."""
    propose = ENDINGS[body.kind]
    return _shown(propose(by=request.user, contact=selectors.contact(pk), reason=body.reason))


@operation(router.post, "/{uuid:pk}/restore", policy=WRITE, response=ContactOut, summary="Propose to follow again")
def restore(request: HttpRequest, pk: Path[UUID], body: Body[Reasoned]):
    """Propose to follow somebody again who was dropped. A second officer has to agree."""
    return _shown(services.restore_contact(by=request.user, contact=selectors.contact(pk), reason=body.reason))


def _shown(contact) -> dict:
    register = site.get(REGISTER)
    return schemas.shown_row(register, register.get(contact.pk))
