"""Tracing by hand: for cases that are being pursued, for a purpose from the list with a reason, inside their windows.

Read downwards: an officer asks (`ask`), a job answers (`answer`). So few persons as the pack allows are shown to who
asked; for more a second person has to agree first (`release`) or says no (`refuse`), by a task in their ledger. Names
are read through `read`, which writes down who looked. From the names contacts are opened (`open_contacts`): the
response's own steps find evidence and ring, and doing it again changes nothing. Results are deleted when their time is
up (`expire`); that something was asked, by whom and why, stays.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core import audit, jobs, scope
from fangxian.core.clock import now
from fangxian.core.jobs import MAX_ATTEMPTS, Job
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, require
from fangxian.core.records import Source
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import traces
from fangxian.systems.cases.models import Case, TraceRequest
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.transitions import Verb, allowed
from fangxian.warehouse.tracing import Tracer
from fangxian.workflows import positive_result
from fangxian.workflows.tracing.finding import Search, search, together
from fangxian.workflows.tracing.question import Purpose, Question, common_area, pack_of, planned, span

__all__ = [
    "Purpose", "Question", "answer", "ask", "expire", "open_contacts", "pack_of", "read", "refuse", "release", "span",
    "together", "withdraw",
]  # fmt: skip
WHY = "a trace follows people into whatever area they live in"
SUBJECT = "cases.tracerequest"
CONFIRMER = "duty_officer"
TITLE = _("Second person wanted: a trace of case %(case)s found %(persons)s persons")
INSTRUCTIONS = _(
    "%(who)s asked: %(reason)s. More than %(most)s persons came out, so somebody else has to agree before their names "
    "are shown. Look at the counts, then release or refuse with a reason."
)
DECIDED = _("The trace is decided.")
OVER = _("Nobody decided in time; what was found is deleted.")
CLOSED = "NO_CASE"


class Unwanted(Exception):
    """Nobody wants the answer any more."""


def ask(question: Question, *, by: Officer, source: str = Source.WEB, queue: bool = True) -> TraceRequest:
    """Write the question down and queue its answer. Raises `Refused` or `ValidationError` with the reason."""
    for case in question.cases:
        require(by, Permission.TRACE_RUN, case.area_id)
        _require_open(case, question, by)
    lead, packs = question.cases[0], [pack_of(case) for case in question.cases]
    days = min(pack.number("trace.result_days") for pack in packs)
    values = {
        "area": common_area(question.cases), "case": lead, "cases": len(question.cases), "purpose": question.purpose,
        "reason": question.reason, "question": planned(question), "pack": packs[0].version,
        "most_alone": min(int(pack.number("trace.most_persons_alone")) for pack in packs),
        "expires_at": now() + timedelta(days=days),
    }  # fmt: skip
    with transaction.atomic():
        request = traces.ask(by=by, source=source, **values)
        if queue:
            jobs.enqueue("cases.trace", by=by, key=str(request.pk), request=str(request.pk))
    return request


def answer(request: TraceRequest, *, by: Officer | None, progress: Any = None) -> TraceRequest:
    """Trace, keep what was found, and ask a second person when it is too much for one. Again is harmless."""
    tell = progress or (lambda done, total, message: None)

    def watch(done: int, total: int, message: str) -> None:
        if traces.trace_request(request.pk).state not in traces.OPEN:
            raise Unwanted
        tell(done, total, message)

    with scope.everywhere(WHY):
        request = traces.begin(request, by=by)
        packs = [pack_of(cases.case(one["case"])) for one in request.question["windows"]]
        found = search(request.question, request.purpose, packs, Tracer(snapshot=True), watch)
        return _kept(request, found, by)


@jobs.job("cases.trace")
def trace_job(job: Job, request: str) -> dict[str, Any]:
    """The answer as a job; one that nobody wants any more ends quietly, one that fails for good says so."""
    with scope.everywhere(WHY):
        asked = traces.trace_request(request)
    if asked.state not in traces.OPEN:
        return {"state": asked.state}
    try:
        return {"state": answer(asked, by=job.created_by, progress=job.progress).state}
    except Unwanted:
        return {"state": TraceRequest.State.WITHDRAWN}
    except Exception as error:
        if job.attempts >= MAX_ATTEMPTS:
            with scope.everywhere(WHY):
                traces.fail(asked, by=job.created_by, reason=type(error).__name__)
        raise


def release(request: TraceRequest, *, by: Officer, reason: str = "") -> TraceRequest:
    """The second person agrees. Raises `Refused` with the reason."""
    with transaction.atomic():
        decided = traces.release(request, by=by, reason=reason)
        _close_task(request, by)
    return decided


def refuse(request: TraceRequest, *, by: Officer, reason: str) -> TraceRequest:
    """The second person says no, and why; what was found is deleted."""
    with transaction.atomic():
        decided = traces.refuse(request, by=by, reason=reason)
        _close_task(request, by)
    return decided


def withdraw(request: TraceRequest, *, by: Officer) -> TraceRequest:
    """Who asked does not want it any more; a running job stops at its next step."""
    with transaction.atomic():
        ended = traces.withdraw(request, by=by)
        _close_task(request, by)
    return ended


def read(request: TraceRequest, *, by: Officer) -> dict[str, Any]:
    """What was found, with the ids of persons; written down. Raises `Refused` while it may not be shown."""
    return traces.read(request, by=by)


def open_contacts(request: TraceRequest, persons: Collection[UUID], *, by: Officer) -> list[Job]:
    """Open contacts for persons of a result, case by case, by the response's own steps; returns the jobs."""
    wanted = {str(person) for person in persons}
    by_case = _met(request, traces.read(request, by=by), wanted)
    for case_id in by_case:
        _require_followed(cases.case(case_id), by)
    return [
        jobs.enqueue("cases.open_contacts", by=by, key=_job_key(request, case_id, chosen), case=case_id,
                     persons=sorted(chosen), request=str(request.pk))
        for case_id, chosen in sorted(by_case.items())
    ]  # fmt: skip


@jobs.job("cases.open_contacts")
def open_job(job: Job, case: str, persons: list[str], request: str) -> dict[str, Any]:
    """The response to a case for some persons only: nobody else's contact is opened or dropped."""
    only = frozenset(UUID(person) for person in persons)
    response = positive_result.respond(case_id=UUID(case), by=job.created_by, progress=job.progress, only=only)
    opened = response.difference.get("contacts", {})
    return {"response": str(response.pk), "asked": len(only), "added": opened.get("added", 0),
            "without": response.difference.get("without_ring", 0)}  # fmt: skip


def expire() -> int:
    """Delete the results whose time is up; returns how many requests expired."""
    with transaction.atomic():
        expired = traces.expire(now())
        tasks = command_selectors.for_subjects(SUBJECT, [request.pk for request in expired])
        command.withdraw_many(tasks=[task for some in tasks.values() for task in some], by=None, reason=gettext(OVER))
    return len(expired)


def _require_open(case: Case, question: Question, by: Officer) -> None:
    if case.classification != CLOSED and case.investigation != Case.Investigation.DISCARDED:
        return
    detail = {"purpose": question.purpose, "reason": question.reason, "persons": 0, "given": False}
    with audit.act("trace.run", by=by, area=case.area_id, target=case, detail=detail):
        pass
    raise Refused(gettext("Case %(case)s is closed: it is not traced any more.") % {"case": case.number})


def _require_followed(case: Case, by: Officer) -> None:
    """The officer may respond to the case, and its contacts are followed at all."""
    require(by, Permission.CASES_WRITE, case.area_id)
    require(by, Permission.RESPOND_RUN, case.area_id)
    if not pack_of(case).flag("contact.enabled"):
        reason = gettext("By the rules in force the contacts of case %(case)s are not followed: no contact is opened.")
        raise Refused(reason % {"case": case.number})


def _kept(request: TraceRequest, found: Search, by: Officer | None) -> TraceRequest:
    """The result, its audit row and the second person's task: all of them or none."""
    persons = len(found.found)
    detail = {
        "purpose": request.purpose, "reason": request.reason, "persons": persons, "request": str(request.pk),
        "cases": [one["case"] for one in request.question["windows"]], "given": persons <= request.most_alone,
    }  # fmt: skip
    with audit.act("trace.run", by=by, area=request.area, target=request.case, detail=detail):
        kept = traces.keep(request, by=by, found=found.result(), persons=persons, summary=found.summary())
        if kept.state == TraceRequest.State.WAITING:
            _hand_down(kept, by)
    return kept


def _hand_down(request: TraceRequest, by: Officer | None) -> None:
    hours = pack_of(request.case).duration("trace.confirm_hours")
    params = {"case": request.case.number, "persons": request.persons, "who": request.asked_by.name,
              "reason": request.reason, "most": request.most_alone}  # fmt: skip
    command.hand_down(
        by=by, key=f"trace:{request.pk}", area=request.area, from_area=request.area, role=CONFIRMER, title=TITLE,
        instructions=INSTRUCTIONS, params=params, priority="HIGH", due_at=now() + hours, subject=(SUBJECT, request.pk),
        source=Source.WORKFLOW,
    )  # fmt: skip


def _close_task(request: TraceRequest, by: Officer) -> None:
    """Done by who decided, if the task was theirs; otherwise it is taken back, because nothing is left to do."""
    with scope.everywhere(WHY):
        for task in command_selectors.for_subject(SUBJECT, request.pk):
            if task.status not in task.OPEN:
                continue
            if allowed(task, Verb.FINISH, by):
                command.finish(task=task, by=by, outcome=gettext(DECIDED))
            else:
                command.withdraw_many(tasks=[task], by=None, reason=gettext(DECIDED))


def _met(request: TraceRequest, found: dict[str, Any], wanted: set[str]) -> dict[str, set[str]]:
    """The wanted persons of a result by the case they belong to."""
    windows, by_case = request.question["windows"], defaultdict(set)
    for row in found["people"]:
        for meeting in row["meetings"] if row["person"] in wanted else ():
            by_case[windows[meeting[0]]["case"]].add(row["person"])
    for row in found["second"]:
        for case in row["cases"] if row["person"] in wanted else ():
            by_case[windows[case]["case"]].add(row["person"])
    return dict(by_case)


def _job_key(request: TraceRequest, case_id: str, chosen: set[str]) -> str:
    """The same choice twice is one job; another choice is another."""
    return f"{request.pk}:{hashlib.sha256(json.dumps([case_id, *sorted(chosen)]).encode()).hexdigest()[:24]}"
