"""Trace requests: which verb is allowed in which state, who may, and how long the result is kept.

    verb      from               to          who
    begin     ASKED RUNNING      RUNNING     the worker
    keep      RUNNING            RELEASED    the worker: so few persons that one officer may see them
                                 WAITING     the worker: more
    release   WAITING            RELEASED    a second person: holds the right, and is not who asked
    refuse    WAITING            REFUSED     a second person
    withdraw  ASKED RUNNING      WITHDRAWN   who asked
              WAITING
    fail      ASKED RUNNING      FAILED      the worker
    expire    any but the ends   EXPIRED     the clock

REFUSED, WITHDRAWN, FAILED and EXPIRED are ends: nothing that was found is kept there.
"""

import base64
import json
import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Decision, Permission, Refused, may
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.cases.models import TraceRequest, TraceResult

S = TraceRequest.State
ENDS = (S.REFUSED, S.WITHDRAWN, S.FAILED, S.EXPIRED)
OPEN = (S.ASKED, S.RUNNING)
FROM: dict[str, tuple[str, ...]] = {
    "begin": (S.ASKED, S.RUNNING),
    "keep": (S.RUNNING,),
    "release": (S.WAITING,),
    "refuse": (S.WAITING,),
    "withdraw": (S.ASKED, S.RUNNING, S.WAITING),
    "fail": (S.ASKED, S.RUNNING),
    "expire": (S.ASKED, S.RUNNING, S.WAITING, S.RELEASED),
}
SECOND = ("release", "refuse")


def allowed(request: TraceRequest, verb: str, officer: Officer | None) -> Decision:
    """Whether an officer may do this now, with the reason if not; None is the system itself."""
    if request.state not in FROM[verb]:
        reason = _("A trace that is “%(state)s” does not allow this.") % {"state": request.get_state_display()}
        return Decision(False, reason)
    if officer is None:
        return Decision(True)
    if verb in SECOND and request.asked_by_id == officer.pk:
        return Decision(False, _("Somebody else has to decide what you have asked for."))
    if verb in SECOND:
        return may(officer, Permission.TRACE_CONFIRM, request.area_id)
    if verb == "withdraw" and request.asked_by_id != officer.pk:
        return Decision(False, _("Only who asked may withdraw it."))
    return Decision(True)


def ask(*, by: Officer, source: str = Source.WEB, **values: Any) -> TraceRequest:
    """Write a question down."""
    values |= {"asked_by": by, "asked_at": now()}
    return records.create(TraceRequest, by=by, action="cases.trace.asked", source=source, **values)


def begin(request: TraceRequest, *, by: Officer | None) -> TraceRequest:
    """The work starts, or starts again after a worker died; raises `Refused` when nobody wants it any more."""
    return _move(request, "begin", by=by, to=S.RUNNING)


def keep(
    request: TraceRequest, *, by: Officer | None, found: dict[str, Any], persons: int, summary: dict[str, Any]
) -> TraceRequest:
    """Keep what was found. More persons than one officer may see wait for a second one."""
    to = S.WAITING if persons > request.most_alone else S.RELEASED
    with transaction.atomic():
        kept = _move(request, "keep", by=by, to=to, persons=persons, summary=summary)
        TraceResult.objects.update_or_create(request=kept, defaults={"found": pack(found)})
    return kept


def release(request: TraceRequest, *, by: Officer, reason: str = "") -> TraceRequest:
    """The second person agrees: the names may be shown."""
    return _move(request, "release", by=by, to=S.RELEASED, decided_by=by, decided_at=now(), decision=reason.strip())


def refuse(request: TraceRequest, *, by: Officer, reason: str) -> TraceRequest:
    """The second person does not agree; what was found is deleted."""
    return _end(request, "refuse", by=by, to=S.REFUSED, decided_by=by, decided_at=now(), decision=stated(reason))


def withdraw(request: TraceRequest, *, by: Officer) -> TraceRequest:
    """Who asked does not want it any more."""
    return _end(request, "withdraw", by=by, to=S.WITHDRAWN)


def fail(request: TraceRequest, *, by: Officer | None, reason: str) -> TraceRequest:
    """It cannot be answered; the reason is shown."""
    return _end(request, "fail", by=by, to=S.FAILED, summary={"failed": reason})


def expire(at: datetime) -> list[TraceRequest]:
    """Delete the results whose time is up; returns the requests that expired."""
    due = list(TraceRequest.objects.filter(state__in=FROM["expire"], expires_at__lte=at))
    with transaction.atomic():
        TraceResult.objects.filter(request__in=due).delete()
        records.change_many(due, by=None, action="cases.traces.expired", state=S.EXPIRED)
    return due


def read(request: TraceRequest, *, by: Officer) -> dict[str, Any]:
    """What was found, for somebody who may trace there; written down every time. Raises `Refused` with the reason."""
    decision = may(by, Permission.TRACE_RUN, request.area_id)
    if not decision:
        raise Refused(str(decision.reason))
    if request.state != S.RELEASED:
        reason = gettext("The names of this trace are not shown: it is “%(state)s”.")
        raise Refused(reason % {"state": request.get_state_display()})
    with audit.act("cases.trace.shown", by=by, area=request.area_id, target=request,
                   detail={"persons": request.persons}):  # fmt: skip
        return unpack(TraceResult.objects.get(request=request).found.reveal())


def trace_request(pk: UUID | str) -> TraceRequest:
    """One request with what its page shows; `DoesNotExist` outside the scope."""
    return TraceRequest.objects.select_related("case", "case__person", "area", "asked_by", "decided_by").get(pk=pk)


def asked_by(officer: Officer) -> QuerySet[TraceRequest]:
    """What an officer has asked, newest first."""
    found = TraceRequest.objects.filter(asked_by=officer)
    return found.select_related("case", "area", "decided_by").order_by("-asked_at", "-pk")


def waiting(officer: Officer) -> QuerySet[TraceRequest]:
    """What waits for a second person and is not the officer's own, oldest first."""
    found = TraceRequest.objects.filter(state=S.WAITING).exclude(asked_by=officer)
    return found.select_related("case", "area", "asked_by").order_by("asked_at", "pk")


def pack(found: dict[str, Any]) -> str:
    """A result as it is stored: text, before it is encrypted."""
    return base64.b85encode(zlib.compress(json.dumps(found, separators=(",", ":")).encode(), 6)).decode()


def unpack(text: str) -> dict[str, Any]:
    """A result as it was found."""
    return json.loads(zlib.decompress(base64.b85decode(text)))


def _end(request: TraceRequest, verb: str, *, by: Officer | None, to: str, **stamps: Any) -> TraceRequest:
    with transaction.atomic():
        ended = _move(request, verb, by=by, to=to, **stamps)
        TraceResult.objects.filter(request=ended).delete()
    return ended


def _move(request: TraceRequest, verb: str, *, by: Officer | None, to: str, **stamps: Any) -> TraceRequest:
    """One step against the stored state: the second of two people gets the reason."""
    with transaction.atomic():
        current = TraceRequest.objects.select_for_update().get(pk=request.pk)
        decision = allowed(current, verb, by)
        if not decision:
            raise Refused(str(decision.reason))
        return records.change(current, by=by, action=f"cases.trace.{verb}", state=to, **stamps)
