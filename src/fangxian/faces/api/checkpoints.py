"""Checkpoints for programs: passages in lists, what is remembered of a plate, and a whole manifest in one call."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Body, Path, Router, Schema
from pydantic import Field

from fangxian.core.permissions import Permission, require
from fangxian.core.records import Source
from fangxian.faces.api import schemas
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.registers import site
from fangxian.systems.checkpoints import manifests, selectors, services
from fangxian.systems.checkpoints.words import CodeState, Decision, Direction, PlateKind, Purpose, Stop
from fangxian.workflows import passage as story

router = Router(tags=["checkpoints"])
READ, WRITE = needs(Permission.CHECKPOINTS_READ), needs(Permission.CHECKPOINTS_WRITE)
PASSAGE = "checkpoints.passage"
Text = Annotated[str, Field(max_length=60)]
Code = Annotated[str, Field(max_length=12)]


def words(choices: Any) -> Any:
    """The values of an enumeration, as a type."""
    return Literal[tuple(choices.values)]  # type: ignore[misc]


class Person(Strict):
    """Somebody in a vehicle."""

    name: Text = ""
    id_number: Annotated[str, Field(max_length=30)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""
    code_state: words(CodeState) = CodeState.UNSEEN
    temperature: Decimal | None = None
    test_hours: int | None = None


class NewPassage(Person):
    """A vehicle with its driver, or somebody on foot. `id` is made by the sender, so that sending again is harmless."""

    id: UUID
    point: UUID
    passed_at: datetime
    direction: words(Direction) = Direction.IN
    plate: Annotated[str, Field(max_length=20)] = ""
    plate_kind: words(PlateKind) = PlateKind.CIVIL
    people: Annotated[int, Field(ge=1, le=200)] = 1
    purpose: Annotated[str, Field(pattern=f"^({'|'.join(Purpose.values)})?$")] = ""
    from_code: Code = ""
    from_name: Text = ""
    decision: words(Decision) = Decision.LET_THROUGH
    why: Annotated[str, Field(max_length=200)] = ""
    travellers: Annotated[list[Person], Field(max_length=60)] = []


class Passages(Strict):
    """Up to 500 passages."""

    rows: Annotated[list[NewPassage], Field(min_length=1, max_length=500)]


class PassageSaid(Schema):
    """What became of one: accepted, known, or refused with field and reason; why it stands out and what is advised."""

    row: int
    id: UUID
    state: Literal["accepted", "known", "refused"]
    field: str = ""
    reason: str = ""
    reasons: list[str] = []
    advised: str = ""


class PassagesOut(Schema):
    """One answer a row, in their order."""

    rows: list[PassageSaid]


class Asked(Strict):
    """A plate at a point."""

    point: UUID
    plate: Annotated[str, Field(min_length=5, max_length=20)]
    plate_kind: words(PlateKind) = PlateKind.CIVIL


class Remembered(Schema):
    """What is remembered of a vehicle, names masked; `sought` says why somebody looks for it."""

    known: bool
    times: int = 0
    last_at: datetime | None = None
    purpose: str = ""
    from_code: str = ""
    from_name: str = ""
    people: int = 1
    driver: str = ""
    sought: list[str] = []


class Settled(Strict):
    """What became of an exception."""

    outcome: Annotated[str, Field(min_length=2, max_length=200)]


class Aboard(Strict):
    """Somebody aboard a run."""

    seat: Annotated[str, Field(min_length=1, max_length=12)]
    name: Text
    id_number: Annotated[str, Field(max_length=30)] = ""
    phone: Annotated[str, Field(max_length=20)] = ""
    stop: words(Stop) = Stop.ALIGHT
    from_code: Code = ""


class Loaded(Strict):
    """Goods aboard a run."""

    waybill: Annotated[str, Field(min_length=1, max_length=40)]
    goods: Annotated[str, Field(min_length=1, max_length=80)]
    from_code: Code = ""
    pieces: Annotated[int, Field(ge=0)] = 1
    weight_kg: Decimal | None = None
    is_cold: bool = False
    is_unloaded: bool = True
    is_proven: bool = False


class WholeManifest(Strict):
    """Everybody and everything aboard one run."""

    people: Annotated[list[Aboard], Field(max_length=2000)] = []
    goods: Annotated[list[Loaded], Field(max_length=2000)] = []


class ManifestOut(Schema):
    """How many stand for this run now, and how many of them stand out."""

    people: int
    goods: int
    striking: int


@operation(router.post, "/passages", policy=WRITE, response=PassagesOut, summary="Enter passages")
def passages(request: HttpRequest, body: Body[Passages]):
    """Each row is stored or refused by itself; the lists are asked at once, and what they know is in the answer."""
    points = selectors.points_by_id({one.point for one in body.rows})
    return {"rows": [_entered(request, row, one, points) for row, one in enumerate(body.rows)]}


@operation(router.post, "/vehicles/lookup", policy=READ, response=Remembered, summary="What is known of a plate")
def lookup(request: HttpRequest, body: Body[Asked]):
    """Offered instead of being asked again. The plate travels in the body: addresses end in logs."""
    point = selectors.point(body.point)
    found = selectors.known_vehicle(point, body.plate, body.plate_kind)
    sought = [one.reason for rows in selectors.sought([body.plate], [point.area_id]).values() for one in rows]
    if found is None:
        return {"known": False, "sought": sought}
    return {
        "known": True, "times": found.times, "last_at": found.last_at, "purpose": found.purpose,
        "from_code": found.from_code, "from_name": found.from_name, "people": found.people, "driver": str(found.name),
        "sought": sought,
    }  # fmt: skip


@operation(router.post, "/passages/{uuid:pk}/settle", policy=WRITE, response=schemas.row_out(site.get(PASSAGE)),
           summary="Settle an exception")  # fmt: skip
def settle(request: HttpRequest, pk: Path[UUID], body: Body[Settled]):
    """Say what became of an exception."""
    found = selectors.passage(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    services.settle(passage=found, by=request.user, outcome=body.outcome)
    register = site.get(PASSAGE)
    return schemas.shown_row(register, register.get(pk))


@operation(router.post, "/manifests/{uuid:pk}/load", policy=WRITE, response=ManifestOut, summary="Load a manifest")
def load(request: HttpRequest, pk: Path[UUID], body: Body[WholeManifest]):
    """People by seat, goods by waybill, entered or brought up to date in one transaction; then the lists are asked."""
    found = selectors.manifest(pk)
    require(request.user, Permission.CHECKPOINTS_WRITE, found.area_id)
    manifests.load(
        manifest=found, by=request.user, people=[one.model_dump() for one in body.people],
        goods=[one.model_dump() for one in body.goods],
    )  # fmt: skip
    striking = story.match_manifest(found)
    people, goods = selectors.passengers(found.pk, 5000), selectors.consignments(found.pk, 5000)
    return {"people": len(people), "goods": len(goods), "striking": striking}


def _entered(request: HttpRequest, row: int, one: NewPassage, points: dict[UUID, Any]) -> dict[str, Any]:
    values = one.model_dump(exclude={"travellers"})
    said = {"row": row, "id": one.id}
    try:
        if one.point not in points:
            raise ValidationError({"point": _("There is no such point of entry in your posts.")})
        others = [person.model_dump() for person in one.travellers]
        entry = services.entry({**values, "point": points[one.point]}, others)
        require(request.user, Permission.CHECKPOINTS_WRITE, entry.passage.area_id)
        done = story.record(by=request.user, entries=[entry], source=Source.API)
    except ValidationError as error:
        field, reasons = next(iter(error.message_dict.items()))
        return {**said, "state": "refused", "field": field, "reason": " ".join(reasons)}
    stored = (done.new or done.known)[0]
    state = "accepted" if done.new else "known"
    return {**said, "state": state, "reasons": stored.reasons, "advised": stored.advised}
