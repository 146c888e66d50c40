"""Isolation sites beyond their rows: a site's figures, who may leave, and the steps of a transfer."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Path, Router
from pydantic import Field

from fangxian.core.permissions import Permission
from fangxian.faces.api import schemas
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import site
from fangxian.systems.quarantine import day, selectors, services
from fangxian.workflows import isolation_release

router = Router(tags=["isolation"])
READ, WRITE = needs(Permission.QUARANTINE_READ), needs(Permission.QUARANTINE_WRITE)
REGISTER = "quarantine.transfer"
TransferOut = schemas.row_out(site.get(REGISTER))


class Vehicle(Strict):
    """What brings the person."""

    vehicle: Annotated[str, Field(max_length=20)] = ""
    team: Annotated[str, Field(max_length=60)] = ""


class Reason(Strict):
    """Why."""

    reason: Annotated[str, Field(min_length=2, max_length=200)]


class Condition(Strict):
    """One condition of leaving: met or not, by which rule, in words."""

    key: str
    ok: bool
    rule: str
    text: str


class Leaving(Strict):
    """One guest of the release list."""

    stay: UUID
    room: str
    until: date
    may_leave: bool
    conditions: list[Condition]


@operation(router.get, "/sites/{uuid:pk}/report", policy=READ, response=dict[str, Any], summary="Figures of a site now")
def report(request: HttpRequest, pk: Path[UUID]):
    """The figures of the daily report, derived at this moment from what was recorded."""
    return day.figures(selectors.site(pk))


@operation(router.get, "/sites/{uuid:pk}/release-list", policy=READ, response=list[Leaving], summary="Who may leave")
def release_list(request: HttpRequest, pk: Path[UUID]):
    """Everybody in a site, with every condition of leaving and whether it is met."""
    lines = isolation_release.release_list(selectors.guests_of([selectors.site(pk).pk]))
    return [
        {
            "stay": line.stay.pk, "room": line.stay.room.number, "until": line.stay.ends_on, "may_leave": line.ok,
            "conditions": [
                {"key": one.key, "ok": one.ok, "rule": one.rule, "text": one.text} for one in line.findings
            ],
        }
        for line in lines
    ]  # fmt: skip


@operation(router.post, "/transfers/{uuid:pk}/accept", policy=WRITE, response=TransferOut, summary="Accept a transfer")
def accept(request: HttpRequest, pk: Path[UUID]):
    """The receiver agrees."""
    return _shown(services.accept(transfer=selectors.transfer(pk), by=request.user))


@operation(router.post, "/transfers/{uuid:pk}/refuse", policy=WRITE, response=TransferOut, summary="Refuse a transfer")
def refuse(request: HttpRequest, pk: Path[UUID], body: Body[Reason]):
    """The receiver cannot take the person."""
    return _shown(services.refuse(transfer=selectors.transfer(pk), by=request.user, reason=body.reason))


@operation(router.post, "/transfers/{uuid:pk}/depart", policy=WRITE, response=TransferOut, summary="Has departed")
def depart(request: HttpRequest, pk: Path[UUID], body: Body[Vehicle]):
    """The person is in the vehicle."""
    said = body.dict()
    return _shown(services.depart(transfer=selectors.transfer(pk), by=request.user, **said))


@operation(router.post, "/transfers/{uuid:pk}/receive", policy=WRITE, response=TransferOut, summary="Received")
def receive(request: HttpRequest, pk: Path[UUID]):
    """The person has come; a booked stay begins with it."""
    return _shown(services.receive(transfer=selectors.transfer(pk), by=request.user))


def _shown(transfer) -> dict:
    register = site.get(REGISTER)
    return schemas.shown_row(register, register.get(transfer.pk))
