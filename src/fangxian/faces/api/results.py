"""Results from a laboratory: a finding on a registered tube, opinions on contradictions, withdrawals, corrections."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Path, Router
from pydantic import Field

from fangxian.core.permissions import Permission, require
from fangxian.core.records import Source
from fangxian.faces.api import schemas
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import site
from fangxian.systems.testing import selectors, services

router = Router(tags=["results"])
ENTER, RESOLVE = needs(Permission.TESTING_WRITE), needs(Permission.TESTING_RESOLVE)
Reason = Annotated[str, Field(min_length=2, max_length=200)]
REGISTER = "testing.labresult"


def choices(name: str):
    """The values of a field of a result, as a type."""
    field = site.get(REGISTER).model._meta.get_field(name)
    return Literal[tuple(value for value, _label in field.choices)]  # type: ignore[misc]


class NewResult(Strict):
    """What a laboratory found in a tube."""

    barcode: Annotated[str, Field(min_length=1, max_length=40)]
    disease: Annotated[str, Field(min_length=1, max_length=40)]
    value: choices("value")
    tested_at: datetime
    laboratory: Annotated[str, Field(min_length=1, max_length=80)]


class Opinion(Strict):
    """One person's opinion on a held result."""

    opinion: Literal["IN_FORCE", "REJECTED"]
    reason: Annotated[str, Field(max_length=200)] = ""


class Withdrawal(Strict):
    """Why a result is taken back."""

    reason: Reason


class Correction(Strict):
    """What the result should have said, and why."""

    value: choices("value")
    reason: Reason
    tested_at: datetime | None = None


ResultOut = schemas.row_out(site.get(REGISTER))


@operation(router.post, "", policy=ENTER, response=ResultOut, summary="Enter a result")
def enter(request: HttpRequest, body: Body[NewResult]):
    """A finding on a registered tube. The same finding again gets the stored result; another one is held for two
    persons. A positive in force opens its case and starts the response by itself."""
    made = services.enter_result(by=request.user, source=Source.API, **body.model_dump())
    return _shown(made)


@operation(router.post, "/{uuid:pk}/decide", policy=RESOLVE, response=ResultOut, summary="Decide")
def decide(request: HttpRequest, pk: Path[UUID], body: Body[Opinion]):
    """An opinion on a held result; two different persons who agree decide it."""
    return _shown(services.decide(selectors.result(pk), by=request.user, opinion=body.opinion, reason=body.reason))


@operation(router.post, "/{uuid:pk}/withdraw", policy=ENTER, response=ResultOut, summary="Withdraw")
def withdraw(request: HttpRequest, pk: Path[UUID], body: Body[Withdrawal]):
    """Take a result back; it stays readable, and what followed from it is planned anew."""
    found = selectors.result(pk)
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    return _shown(services.withdraw(found, by=request.user, reason=body.reason))


@operation(router.post, "/{uuid:pk}/correct", policy=ENTER, response=ResultOut, summary="Correct")
def correct(request: HttpRequest, pk: Path[UUID], body: Body[Correction]):
    """Withdraw a result and enter what it should have said, in one act."""
    found = selectors.result(pk)
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    given = body.model_dump()
    return _shown(services.correct(found, by=request.user, **given))


def _shown(result) -> dict:
    register = site.get(REGISTER)
    return schemas.shown_row(register, register.get(result.pk))
