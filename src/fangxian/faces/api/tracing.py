"""Tracing people: only for a case that is being pursued, for a purpose from the list, inside the case's own window.

More than fifty persons are never handed out by one person's call; the response to the case, whose every contact is a
record with its evidence, is the way to them.
"""

from collections import Counter
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Body, Router, Schema
from pydantic import Field

from fangxian.core.permissions import Permission
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.systems.cases import selectors
from fangxian.warehouse.tracing import Meeting
from fangxian.workflows import trace_for_purpose as workflow

router = Router(tags=["trace"])
Purpose = StrEnum("Purpose", [(value, value) for value in workflow.Purpose.values])


class Question(Strict):
    """For which case and what for; seconds."""

    case: UUID
    purpose: Purpose
    note: Annotated[str, Field(max_length=200)] = ""
    lag: Annotated[int, Field(ge=0, le=86400)] = 0
    min_overlap: Annotated[int, Field(ge=0, le=86400)] = 0


class Met(Schema):
    """A person the case met; who it is, is in the register of people, for those who may read it there."""

    person: UUID
    meetings: int
    overlap_s: int
    lag_meetings: int
    first_at: datetime
    last_at: datetime
    places: int
    top_place: UUID | None


class TraceOut(Schema):
    """Everybody the case met in its window, and by which pack the window was set."""

    case: UUID
    pack: str
    window_from: datetime
    window_until: datetime
    persons: list[Met]


@operation(router.post, "", policy=needs(Permission.TRACE_RUN), response=TraceOut, summary="Trace a case")
def trace(request: HttpRequest, body: Body[Question]):
    """Who met the case by the visits on record. Every call is written down with its purpose, refused ones too."""
    case = selectors.case(body.case)
    question = workflow.Question(case, body.purpose.value, body.note, lag=body.lag, least=body.min_overlap)
    answer = workflow.ask(question, by=request.user)
    persons = [_met(person, meetings) for person, meetings in answer.met.items()]
    shown = {"case": case.pk, "pack": answer.pack, "persons": sorted(persons, key=lambda met: str(met["person"]))}
    return {**shown, "window_from": answer.starts_at, "window_until": answer.ends_at}


def _met(person: UUID, meetings: list[Meeting]) -> dict[str, Any]:
    """One person's meetings in sum; a meeting begins when the later of the two has come."""
    begins = [max(meeting.entered_at, meeting.case_from) for meeting in meetings]
    at_place = Counter[UUID]()
    for meeting in meetings:
        at_place[meeting.place] += meeting.overlap_s
    return {
        "person": person,
        "meetings": len(meetings),
        "overlap_s": at_place.total(),
        "lag_meetings": sum(not meeting.overlap_s for meeting in meetings),
        "first_at": min(begins),
        "last_at": max(begins),
        "places": len(at_place),
        "top_place": at_place.most_common(1)[0][0],
    }
