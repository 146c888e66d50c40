"""Risk areas for programs: what is in force, what a code falls into, proposing, what would change, agreeing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, require
from fangxian.faces.api.policy import needs, operation
from fangxian.systems.risk_areas import matching, selectors, services
from fangxian.systems.risk_areas.matching import Zone
from fangxian.systems.risk_areas.words import Level
from fangxian.workflows.risk_area_arrival import preview

router = Router(tags=["risk areas"])
READ, WRITE = needs(Permission.RISK_AREAS_READ), needs(Permission.RISK_AREAS_WRITE)


class ZoneOut(Schema):
    """A zone in force: what it covers, its level, from when until when (null: until changed)."""

    area: UUID
    version: UUID
    name: str
    disease: str
    level: str
    label: str
    codes: list[str]
    lies_in: str
    building: str
    drawn: bool
    starts_at: datetime
    ends_at: datetime | None
    declared_at: datetime
    counts_from: datetime
    pack: str


class MatchOut(Schema):
    """The gravest zone a code or point falls into, how, and the zones it may have touched."""

    zone: ZoneOut | None
    how: str
    possible: list[ZoneOut]


class ProposalIn(Schema):
    """A publication to be agreed to by a second officer. `id` (UUIDv7) made by the caller makes repeating harmless."""

    area: str
    name: str = Field(min_length=2, max_length=120)
    disease: str
    level: Level
    from_at: datetime
    until_at: datetime | None = None
    codes: str = ""
    lies_in: str = ""
    building: str = ""
    shape: dict[str, Any] | None = None
    issuer: str = ""
    document: str = ""
    reason: str = Field(default="", max_length=300)


class VersionOut(Schema):
    """One version of a risk area."""

    id: UUID
    area: UUID
    number: int
    name: str
    level: str
    state: str
    from_at: datetime
    until_at: datetime | None
    published_at: datetime | None


class PreviewOut(Schema):
    """How many people a proposal would newly concern, judge differently, keep and release; and what was read for it."""

    new: int
    changed: int
    kept: int
    released: int
    read: dict[str, Any]


@operation(router.get, "", policy=READ, response=list[ZoneOut], summary="Risk areas in force")
def in_force(request: HttpRequest, at: datetime | None = None, known_at: datetime | None = None, disease: str = ""):
    """Everywhere, the gravest first; at a moment (now), as known at a moment (now)."""
    return [_shown(zone) for zone in selectors.in_force(at, disease=disease, known_at=known_at)]


@operation(router.get, "/match", policy=READ, response=MatchOut, summary="What a place falls into")
def match(
    request: HttpRequest, code: str = "", at: datetime | None = None, latitude: float | None = None,
    longitude: float | None = None, disease: str = "",
):  # fmt: skip
    """The gravest zone of a national area code, or of a point, at a moment; and the zones it may have touched."""
    moment = at or now()
    zones = selectors.in_force(moment, disease=disease)
    point = None if latitude is None or longitude is None else (latitude, longitude)
    found = matching.level_of(zones, code, moment, point=point)
    maybe = [_shown(zone) for zone in matching.possible(zones, code, moment)]
    return {"zone": _shown(found.zone) if found else None, "how": found.how if found else "", "possible": maybe}


@operation(router.post, "", policy=WRITE, response=VersionOut, summary="Propose a risk area")
def propose(request: HttpRequest, values: ProposalIn):
    """Enter a publication; where the pack asks for a second officer it waits for one."""
    given = values.dict()
    area = Area.objects.filter(code=given.pop("area")).first()
    require(request.user, Permission.RISK_AREAS_WRITE, area.code if area else "-")
    return _version(services.propose(by=request.user, area=area, source="api", **given))


@operation(router.get, "/{uuid:pk}/preview", policy=READ, response=PreviewOut, summary="What a version would change")
def preview_(request: HttpRequest, pk: Path[UUID]):
    """Counted now, over everybody it may concern; nothing is written, nobody is named."""
    seen = preview(selectors.own_version(pk))
    return {**seen.compared.counts, "read": {name: n for name, n in seen.read.items() if isinstance(n, int)}}


@operation(router.post, "/{uuid:pk}/publish", policy=WRITE, response=VersionOut, summary="Agree to a proposal")
def publish(request: HttpRequest, pk: Path[UUID]):
    """Publish it; everybody it may concern is looked at anew. Whoever proposed it cannot."""
    found = selectors.own_version(pk)
    return _version(services.publish(version=found, by=request.user))


def _shown(zone: Zone) -> dict[str, Any]:
    return {
        "area": zone.area_id, "version": zone.version_id, "name": zone.name, "disease": zone.disease,
        "level": zone.level, "label": str(Level(zone.level).label), "codes": list(zone.codes),
        "lies_in": zone.lies_in, "building": zone.building, "drawn": zone.shape is not None,
        "starts_at": zone.starts_at, "ends_at": zone.ends_at, "declared_at": zone.declared_at,
        "counts_from": zone.counts_from, "pack": zone.pack,
    }  # fmt: skip


def _version(found: Any) -> dict[str, Any]:
    return {
        "id": found.pk, "area": found.risk_area_id, "number": found.number, "name": found.name,
        "level": found.level, "state": found.state, "from_at": found.from_at, "until_at": found.until_at,
        "published_at": found.published_at,
    }  # fmt: skip
