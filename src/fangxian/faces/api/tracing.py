"""Tracing people: for cases that are being pursued, for a purpose from the list with a reason, in their windows.

More persons than the policy pack allows one officer to see are counted and not named until a second person has agreed.
"""

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Router, Schema
from pydantic import Field

from fangxian.core.permissions import Permission, may
from fangxian.core.records import Source
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.systems.cases import selectors, traces
from fangxian.workflows import trace_for_purpose as workflow

router = Router(tags=["trace"])
Purpose = StrEnum("Purpose", [(value, value) for value in workflow.Purpose.values])
MOST_SECONDS = 86400


class Question(Strict):
    """About which case and what for, and why in words; more cases with `also`. Seconds; left out: as the rules say."""

    case: UUID
    also: list[UUID] = []
    purpose: Purpose
    reason: Annotated[str, Field(min_length=2, max_length=200)]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    lag: Annotated[int | None, Field(ge=0, le=MOST_SECONDS)] = None
    min_overlap: Annotated[int, Field(ge=0, le=MOST_SECONDS)] = 0
    only: list[UUID] = []
    without: list[UUID] = []


class Decision(Strict):
    """Why it is released or refused."""

    reason: Annotated[str, Field(max_length=200)] = ""


class Met(Schema):
    """A person the cases met; who it is, is in the register of people, for those who may read it there."""

    person: UUID
    ring: str
    meetings: int
    overlap_s: int
    lag_meetings: int
    first_at: datetime
    last_at: datetime
    places: int
    top_place: UUID | None


class Asked(Schema):
    """The stretch of one case that was asked about."""

    case: UUID
    window_from: datetime
    window_until: datetime


class TraceOut(Schema):
    """One trace: how it stands, how many persons came out, and who they are once that may be shown."""

    id: UUID
    state: str
    case: UUID
    pack: str
    windows: list[Asked]
    found: int | None = Field(description="How many persons came out.")
    most_alone: int = Field(description="More persons than this wait for a second person.")
    persons: list[Met] = Field(description="Nobody while the trace waits, was refused or has expired.")


@operation(router.post, "", policy=needs(Permission.TRACE_RUN), response=TraceOut, summary="Trace cases")
def trace(request: HttpRequest, body: Body[Question]):
    """Who met the cases by the visits on record. Every call is written down with its purpose, refused ones too."""
    cases = tuple(selectors.case(pk) for pk in dict.fromkeys([body.case, *body.also]))
    question = workflow.Question(
        cases, body.purpose.value, body.reason, {case.pk: (body.starts_at, body.ends_at) for case in cases},
        lag=body.lag, least=body.min_overlap, without=tuple(body.without), only=tuple(body.only),
    )  # fmt: skip
    asked = workflow.ask(question, by=request.user, source=Source.API, queue=False)
    return _shown(workflow.answer(asked, by=request.user), request.user)


@operation(router.get, "/{uuid:pk}", policy=needs(Permission.TRACE_READ), response=TraceOut, summary="Look at a trace")
def look(request: HttpRequest, pk: UUID):
    """How a trace stands; the persons are named for investigators once it is released, and that is written down."""
    return _shown(traces.trace_request(pk), request.user)


@operation(
    router.post, "/{uuid:pk}/release", policy=needs(Permission.TRACE_CONFIRM), response=TraceOut,
    summary="Agree to a trace as the second person",
)  # fmt: skip
def release(request: HttpRequest, pk: UUID, body: Body[Decision]):
    """The second person agrees; never who asked."""
    return _shown(workflow.release(traces.trace_request(pk), by=request.user, reason=body.reason), request.user)


@operation(
    router.post, "/{uuid:pk}/refuse", policy=needs(Permission.TRACE_CONFIRM), response=TraceOut,
    summary="Refuse a trace as the second person",
)  # fmt: skip
def refuse(request: HttpRequest, pk: UUID, body: Body[Decision]):
    """The second person says no, and why; what was found is deleted."""
    return _shown(workflow.refuse(traces.trace_request(pk), by=request.user, reason=body.reason), request.user)


def _shown(found, officer) -> dict[str, Any]:
    windows = [
        {"case": one["case"], "window_from": one["from"], "window_until": one["until"]}
        for one in found.question["windows"]
    ]
    named = found.state == "RELEASED" and may(officer, Permission.TRACE_RUN, found.area_id)
    return {"id": found.pk, "state": found.state, "case": found.case_id, "pack": found.pack, "windows": windows,
            "found": found.persons, "most_alone": found.most_alone,
            "persons": _persons(workflow.read(found, by=officer)) if named else []}  # fmt: skip


def _persons(result: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted((_met(row, result["places"]) for row in result["people"]), key=lambda met: met["person"])


def _met(row: dict[str, Any], places: list[str]) -> dict[str, Any]:
    """One person's meetings in sum; a meeting begins when the later of the two has come."""
    begins = [max(case_from, entered) for _case, _place, case_from, _until, entered, _left, _overlap in row["meetings"]]
    at_place = Counter[str]()
    for meeting in row["meetings"]:
        at_place[places[meeting[1]]] += meeting[6]
    return {
        "person": row["person"],
        "ring": row["ring"],
        "meetings": len(row["meetings"]),
        "overlap_s": row["seconds"],
        "lag_meetings": sum(not meeting[6] for meeting in row["meetings"]),
        "first_at": min(begins),
        "last_at": max(begins),
        "places": len(at_place),
        "top_place": at_place.most_common(1)[0][0],
    }
