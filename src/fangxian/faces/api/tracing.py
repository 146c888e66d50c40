"""Tracing people: only for a case that is being pursued, for a purpose from the list, inside the case's own window.

More than fifty persons are never handed out by one person's call; the response to the case, whose every contact is a
record with its evidence, is the way to them.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Body, Router, Schema
from pydantic import Field

from fangxian.core import audit, policy
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, Refused, require
from fangxian.faces.api.policy import needs, operation
from fangxian.faces.api.schemas import Strict
from fangxian.systems.cases import selectors
from fangxian.warehouse.tracing import Tracer, Window
from fangxian.workflows.response import window

router = Router(tags=["trace"])
MOST_PERSONS = 50
CLOSED = ("NO_CASE",)


class Purpose(StrEnum):
    """What tracing may be done for."""

    FIND_CONTACTS = "FIND_CONTACTS"
    FIND_SOURCE = "FIND_SOURCE"
    VERIFY_STATEMENT = "VERIFY_STATEMENT"
    REVIEW_CONTACT = "REVIEW_CONTACT"


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
    require(request.user, Permission.TRACE_RUN, case.area_id)
    if case.classification in CLOSED or case.investigation == "DISCARDED":
        raise Refused(_("This case is closed: its contacts are not traced any more."))
    pack = policy.pack(disease=case.disease, area_code=case.area_id, on=timezone.localdate(now()))
    span = window.infectious(case, pack, at=now())
    windows = [Window(str(case.pk), case.person_id, span.t0, span.t1)] if span.t0 < span.t1 else []
    found = Tracer().trace(windows, lag=body.lag, min_overlap=body.min_overlap)
    _note(request, case, body, len(found))
    if len(found) > MOST_PERSONS:
        raise Refused(_("The case met %(count)s persons. More than %(most)s are not handed out to one person: run the "
                        "response to the case, or ask for a longer time together.")
                      % {"count": len(found), "most": MOST_PERSONS})  # fmt: skip
    persons = [{name: getattr(met, name) for name in Met.model_fields} for met in found]
    shown = {"case": case.pk, "pack": pack.version, "persons": persons}
    return {**shown, "window_from": span.t0, "window_until": span.t1}


def _note(request: HttpRequest, case, body: Question, persons: int) -> None:
    detail = {"purpose": body.purpose.value, "note": body.note, "persons": persons, "given": persons <= MOST_PERSONS}
    with audit.act("trace.run", by=request.user, area=case.area, target=case, detail=detail):
        pass
