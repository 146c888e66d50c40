"""Tracing by hand: for a case that is being pursued, for a purpose from the list, inside the case's own window.

More than fifty persons are never handed out to one person; the response to the case, whose every contact is a record
with its evidence, is the way to them. Every question is written down with its purpose, a refused one too.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, policy
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, Refused, require
from fangxian.warehouse.tracing import Meeting, Tracer, Window
from fangxian.workflows.response import window

MOST_PERSONS = 50
CLOSED = "NO_CASE"


class Purpose(models.TextChoices):
    """What tracing may be done for."""

    FIND_CONTACTS = "FIND_CONTACTS", _("Find contacts")
    FIND_SOURCE = "FIND_SOURCE", _("Find the source")
    VERIFY_STATEMENT = "VERIFY_STATEMENT", _("Verify what the case told")
    REVIEW_CONTACT = "REVIEW_CONTACT", _("Review one contact")


@dataclass(frozen=True)
class Question:
    """What is asked. Times narrow the case's window and never widen it; `lag` and `least` are seconds."""

    case: object
    purpose: str
    note: str = ""
    place: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    lag: int = 0
    least: int = 0


@dataclass(frozen=True)
class Answer:
    """Who met the case: the meetings of each person, inside [starts_at, ends_at) by the rules of a pack."""

    met: dict[UUID, list[Meeting]]
    starts_at: datetime
    ends_at: datetime
    pack: str


def ask(question: Question, *, by) -> Answer:
    """Trace, and write down who asked for what; raises `Refused` with the reason."""
    case = question.case
    require(by, Permission.TRACE_RUN, case.area_id)
    if case.classification == CLOSED or case.investigation == "DISCARDED":
        _note(question, 0, given=False, by=by)
        raise Refused(gettext("This case is closed: its contacts are not traced any more."))
    pack = policy.pack(disease=case.disease, area_code=case.area_id, on=timezone.localdate(now()))
    start, end = _span(question, pack)
    met = _meetings(question, start, end)
    _note(question, len(met), given=len(met) <= MOST_PERSONS, by=by)
    if len(met) > MOST_PERSONS:
        reason = gettext(
            "The case met %(count)s persons. More than %(most)s are not handed out to one person: run the response to "
            "the case, or narrow the question."
        )
        raise Refused(reason % {"count": len(met), "most": MOST_PERSONS})
    return Answer(met, start, end, pack.version)


def _span(question: Question, pack: policy.Pack) -> tuple[datetime, datetime]:
    """The case's infectious window, narrowed by what was asked."""
    rule = window.infectious(question.case, pack, at=now())
    start = max(rule.t0, question.starts_at or rule.t0)
    return start, max(start, min(rule.t1, question.ends_at or rule.t1))


def _meetings(question: Question, start: datetime, end: datetime) -> dict[UUID, list[Meeting]]:
    met: dict[UUID, list[Meeting]] = defaultdict(list)
    if start >= end:
        return met
    windows = [Window(str(question.case.pk), question.case.person_id, start, end)]
    for meeting in Tracer().evidence(windows, lag=question.lag, min_overlap=question.least):
        if question.place in (None, meeting.place):
            met[meeting.person].append(meeting)
    return dict(met)


def _note(question: Question, persons: int, *, given: bool, by) -> None:
    detail = {"purpose": question.purpose, "note": question.note, "persons": persons, "given": given,
              "place": str(question.place or "")}  # fmt: skip
    with audit.act("trace.run", by=by, area=question.case.area_id, target=question.case, detail=detail):
        pass
