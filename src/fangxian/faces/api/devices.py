"""Devices that report visits: a door phone, a gate, a grid worker's phone. A token is shown once."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Path, Router, Schema
from pydantic import Field

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.permissions import Permission, require
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.warehouse import visit_log

router = Router(tags=["devices"])
MANAGE = needs(Permission.SYSTEM_MANAGE)


class NewDevice(Strict):
    """A device, where it stands, and which places it may report; none named means any."""

    name: Annotated[str, Field(min_length=2, max_length=60)]
    area: Annotated[str, Field(min_length=1, max_length=24)]
    places: list[UUID] | None = None


class DeviceOut(Schema):
    """A device; `revoked_at` when its tokens were ended."""

    name: str
    area: str
    places: list[UUID] | None
    issued_at: datetime
    revoked_at: datetime | None


class IssuedOut(Schema):
    """The token, which is shown only now."""

    name: str
    token: str


@operation(router.get, "", policy=MANAGE, response=list[DeviceOut], summary="Devices")
def devices(request: HttpRequest):
    """Every device ever issued a token in the caller's areas."""
    return [_shown(device) for device in visit_log().devices.all() if _covers(request, device.area)]


@operation(router.post, "", policy=MANAGE, response=IssuedOut, summary="Issue a device token")
def issue(request: HttpRequest, body: Body[NewDevice]):
    """A new token for a device."""
    area = Area.objects.filter(code=body.area).first()
    if area is None:
        raise ValidationError({"area": _("There is no area with this code.")})
    require(request.user, Permission.SYSTEM_MANAGE, area.code)
    with audit.act("visits.device.issued", by=request.user, area=area, detail={"device": body.name}):
        token = visit_log().devices.issue(body.name, area=area.code, places=body.places)
    return {"name": body.name, "token": token}


@operation(router.delete, "/{name}", policy=MANAGE, response=list[DeviceOut], summary="Revoke a device")
def revoke(request: HttpRequest, name: Path[str]):
    """End every token of a device; within five seconds nothing it sends is taken."""
    known = [device for device in visit_log().devices.all() if device.name == name and _covers(request, device.area)]
    if not known:
        raise LookupError(name)
    with audit.act("visits.device.revoked", by=request.user, area=known[0].area, detail={"device": name}):
        visit_log().devices.revoke(name)
    return [_shown(device) for device in visit_log().devices.all() if device.name == name]


def _covers(request: HttpRequest, code: str) -> bool:
    return any(post.covers(code) for post in request.user.posts_with(Permission.SYSTEM_MANAGE))


def _shown(device) -> dict[str, Any]:
    ended = datetime.fromtimestamp(device.revoked_at, UTC) if device.revoked_at else None
    places = None if device.places is None else sorted(UUID(bytes=place) for place in device.places)
    return {"name": device.name, "area": device.area, "places": places, "revoked_at": ended,
            "issued_at": datetime.fromtimestamp(device.issued_at, UTC)}  # fmt: skip
