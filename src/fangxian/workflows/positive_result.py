"""One positive result, from the laboratory to the grid worker's list.

Read downwards: a result that stands opens a case (`on_result`); the response to the case (`respond`) finds the
contacts with their evidence, puts each into a ring by the pack, books rooms, plans tests, hands down one task a
contact, and keeps what it changed. Each step is a short transaction; the trace between them holds no lock.

Running it again is harmless: every step compares what is wanted with what is stored. So a correction (result
withdrawn, onset moved, pack changed) is simply another run, and a job that died is simply run again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from time import perf_counter
from uuid import UUID

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from fangxian.core import jobs, modes, policy, scope
from fangxian.core.areas import Area, county_of, covers
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.core.records import Source
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import services as case_services
from fangxian.systems.cases.announcements import contacts_decided
from fangxian.systems.cases.models import Case, Contact, Response
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import selectors as quarantine_selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.testing import selectors as testing
from fangxian.systems.testing import services as testing_services
from fangxian.systems.testing.announcements import results_changed
from fangxian.systems.testing.models import LabResult
from fangxian.warehouse.tracing import Tracer
from fangxian.workflows import epidemic_free, letter_of_assistance
from fangxian.workflows.response import handing, plan, window
from fangxian.workflows.response.clocks import clocks
from fangxian.workflows.response.evidence import near_case, near_contacts
from fangxian.workflows.response.report import report_text
from fangxian.workflows.response.rings import Ringed, classify
from fangxian.workflows.response.window import Span

__all__ = ["clocks", "on_result", "report_text", "respond"]

WHY = "a response follows people into whatever area they live in"
PLACES = {plan.CENTRAL: Stay.Place.CENTRAL, plan.HOME: Stay.Place.HOME}
Progress = Callable[[int, int, str], None]


@dataclass
class Run:
    """What one run of the response knows and has done so far."""

    case: Case
    pack: Pack
    by: object
    span: Span
    county: Area
    progress: Progress
    response: Response
    tracer: Tracer
    steps: list[dict] = field(default_factory=list)
    ringed: list[Ringed] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    fresh: set[UUID] = field(default_factory=set)
    difference: dict = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    plans: dict[UUID, plan.ContactPlan] = field(default_factory=dict)
    missing: int = 0
    drafts: int = 0
    only: frozenset[UUID] | None = None


def on_result(*, result_id: UUID, by) -> list[Case]:
    """A result came into force, was withdrawn or corrected: open, confirm or correct the cases it is about.

    A positive pool recalls its members and opens no case. A held result changes nothing until it is decided. Returns
    the cases that need a response.
    """
    with scope.everywhere(WHY):
        result = testing.result(result_id)
        positive = result.value == LabResult.Value.POSITIVE and result.state == LabResult.State.IN_FORCE
        if testing.is_pool(result):
            if positive:
                testing_services.recall_pool(result, by=by)
            return []
        step = _confirm if positive else _take_back
        found = [step(result, person, by) for person in testing.persons_of(result)]
        return [case for case in found if case is not None]


def respond(
    *,
    by,
    case_id: UUID | None = None,
    result_id: UUID | None = None,
    progress: Progress | None = None,
    only: frozenset[UUID] | None = None,
) -> Response:
    """Do everything a case asks for, or do again what has changed; returns the record of the run.

    Name the case, or a result of a single tube (its case is opened first). With `only`, contacts are opened or brought
    up for these persons alone, and nobody's is dropped. Raises `LookupError` when a result is about no person.
    """
    if case_id is None:
        opened = on_result(result_id=result_id, by=by)
        if not opened:
            raise LookupError(f"result {result_id} opens no case")
        case_id = opened[0].pk
    with scope.everywhere(WHY), modes.remembered():
        run = _begin(case_id, by, progress or (lambda done, total, message: None))
        run.only = only
        for number, step in enumerate(STEPS, start=1):
            started = perf_counter()
            step(run)
            run.steps.append({"step": step.__name__.strip("_"), "seconds": round(perf_counter() - started, 4)})
            run.progress(number, len(STEPS), step.__name__.strip("_"))
        epidemic_free.queue("")  # contacts come by sets, wherever they live: what they end is ended now
        return case_services.finish_response(by=by, response=run.response, steps=run.steps, difference=run.difference)


@jobs.job("cases.respond")
def respond_job(job, case_id: str) -> dict:
    """The response as a job: whoever resumes it runs it again, which changes nothing that was already done."""
    response = respond(case_id=UUID(case_id), by=job.created_by, progress=job.progress)
    return {"response": str(response.pk)}


@receiver(results_changed)
def follow_results(sender, result_ids: list[UUID], by, **_named) -> None:
    """Queue the work a result asks for, in the transaction of the result: neither is ever without the other."""
    for result_id in result_ids:
        jobs.enqueue("testing.result", by=by, key=str(result_id), result_id=str(result_id))


@receiver(contacts_decided)
def follow_decisions(sender, case_ids: list[UUID], by, **_named) -> None:
    """Queue the response to cases whose contacts two officers have decided, in the transaction of the decision."""
    for case_id in case_ids:
        jobs.enqueue("cases.respond", by=by, key=str(case_id), case_id=str(case_id))


@jobs.job("testing.result")
def result_job(job, result_id: str) -> dict:
    """A result that stands or fell: its cases, and then the response to each."""
    opened = on_result(result_id=UUID(result_id), by=job.created_by)
    for case in opened:
        jobs.enqueue("cases.respond", by=job.created_by, key=str(case.pk), case_id=str(case.pk))
    return {"cases": [str(case.pk) for case in opened]}


def _begin(case_id: UUID, by, progress: Progress) -> Run:
    case = cases.case(case_id)
    pack = policy.pack(disease=case.disease, area_code=case.area_id, on=timezone.localdate(now()))
    county = county_of(case.area_id) or case.area
    response = case_services.start_response(by=by, case=case, pack=_name(pack))
    return Run(
        case,
        pack,
        by,
        window.infectious(case, pack, at=now()),
        county,
        progress,
        response,
        Tracer(snapshot=True),
    )


def _find_contacts(run: Run) -> None:
    """Everyone near the case, with evidence, in a ring. Nobody, when the case is none or the pack traces nobody."""
    if not _is_pursued(run.case) or not run.pack.flag("contact.enabled"):
        return
    evidence = near_case(run.case, run.span, run.pack, run.tracer)
    run.ringed = classify(evidence, run.pack)
    run.difference["evidence"] = len(evidence)


def _find_second_ring(run: Run) -> None:
    """Everyone near a close contact since that contact first met the case; ranked, and what is cut is said."""
    if not run.ringed or not run.pack.flag("contact.secondary.enabled"):
        return
    close = {row.person_id: row.first_at or run.span.t0 for row in run.ringed if row.ring == Contact.Ring.CLOSE}
    second = near_contacts(close, run.span, run.pack, run.tracer, known={run.case.person_id, *close})
    inner = [piece for row in run.ringed if row.ring != Contact.Ring.CLOSE for piece in row.evidence]
    outer = classify([*inner, *second.evidence], run.pack)
    run.ringed = [row for row in run.ringed if row.ring == Contact.Ring.CLOSE] + outer
    run.difference["secondary_cut"] = second.cut


def _keep_contacts(run: Run) -> None:
    """Contacts as the evidence now says: added, kept, changed, dropped. What waits for a second officer is counted."""
    run.people = people.by_ids([row.person_id for row in run.ringed])
    wanted = [_wanted(run, row) for row in run.ringed if row.person_id in run.people]
    if run.only is not None:
        wanted = [row for row in wanted if row.person.pk in run.only]
        run.difference["without_ring"] = len(run.only) - len(wanted)
    difference = case_services.sync_contacts(by=run.by, case=run.case, wanted=wanted, drop=run.only is None)
    run.difference["contacts"] = difference.counts
    run.fresh = {row.pk for row in difference.added}
    followed = chain(difference.added, difference.changed, difference.kept)
    run.contacts = [row for row in followed if row.in_force]
    run.difference["proposed"] = len(cases.contact_ids(run.case, Contact.Status.PROPOSED))
    _name_people(run)


def _plan(run: Run) -> None:
    """Stages and tests of each contact, counted from the day it was first found."""
    for contact in run.contacts:
        begins = timezone.localdate(contact.created_at)
        run.plans[contact.pk] = plan.for_ring(contact.ring, run.pack, begins=begins)


def _book_rooms(run: Run) -> None:
    """A stay for each stage; outside the county the other command books. What is missing is named."""
    local = [contact for contact in run.contacts if covers(run.county.code, contact.area_id)]
    needs = [need for contact in local for need in _needs(run, contact)]
    booking = quarantine.book(by=run.by, needs=needs)
    run.missing = len(booking.waiting)
    run.difference["rooms"] = {
        "new": booking.new, "changed": booking.changed, "cancelled": _cancel_stays(run, needs), "waiting": run.missing,
        "shortfall": [{"day": row.day.isoformat(), "missing": row.missing} for row in booking.shortfall],
    }  # fmt: skip


def _cancel_stays(run: Run, needs: list[quarantine.Need]) -> int:
    """Cancel what no need asks for any more: the contact was dropped, or its ring asks for another place."""
    wanted = {need.key for need in needs}
    subjects = [contact.pk for contact in run.contacts if contact.pk not in run.fresh] + _gone(run)
    stays = chain.from_iterable(quarantine_selectors.stays_for(subjects, open_only=True).values())
    unwanted = [stay for stay in stays if (stay.subject_id, stay.place) not in wanted]
    return quarantine.cancel_many(stays=unwanted, by=run.by, reason=str(_("No longer asked for by the evidence.")))


def _plan_tests(run: Run) -> None:
    """Test duties by the pack's days; those of contacts who are none any more are cancelled."""
    rows = [
        testing_services.PlannedTest(
            contact.person, run.case.disease, test.due_on, test.day, test.stage, contact.pk, contact.area, test.rule,
            _name(run.pack),
        )
        for contact in run.contacts
        for test in run.plans[contact.pk].tests
    ]  # fmt: skip
    subjects = {contact.pk for contact in run.contacts} | set(_gone(run))
    run.difference["tests"] = testing_services.plan_duties(rows, by=run.by, subjects=subjects).counts


def _send_letters(run: Run) -> None:
    """Letters of assistance to the commands of other counties; whoever is no contact any more is recalled."""
    pursued = run.contacts if _is_pursued(run.case) else []
    with override(settings.LANGUAGE_CODE):  # what is written into a letter is in the language of the house
        because = _("Contacts of case %(case)s live with you.") % {"case": run.case.number}
    asked = letter_of_assistance.follow_contacts(
        by=run.by, case=run.case, county=run.county, contacts=pursued, because=because
    )
    run.drafts = len(asked.drafts)
    run.difference["letters"] = asked.as_json()


def _hand_down(run: Run) -> None:
    """One task a contact to the grid worker of its cell, one for letters that wait, the case's own clocks."""
    if not _is_pursued(run.case):
        run.difference["tasks"] = {"withdrawn": handing.withdraw_all(run.case, by=run.by)}
        return
    local = [row for row in run.contacts if covers(run.county.code, row.area_id)]
    planned = [handing.Planned(row, run.plans[row.pk], _minutes(row)) for row in local]
    handed = handing.hand_down(
        run.case, planned, run.pack, county=run.county, missing=run.missing, by=run.by,
        letters=len(run.contacts) - len(local), drafts=run.drafts,
    )  # fmt: skip
    run.difference["tasks"] = handed.as_json()


STEPS = (_find_contacts, _find_second_ring, _keep_contacts, _plan, _book_rooms, _plan_tests, _send_letters, _hand_down)


def _confirm(result: LabResult, person, by) -> Case:
    """Open the person's case, or add the laboratory's confirmation to the open one."""
    return case_services.open_case(
        by=by, person=person, disease=result.disease, result_id=result.pk, positive_at=result.reported_at,
        sampled_at=testing.sampled_at(result), source=Source.WORKFLOW,
    )  # fmt: skip


def _take_back(result: LabResult, person, by) -> Case | None:
    """The case this result had confirmed loses that confirmation, unless another positive result stands."""
    case = cases.same_illness(person, result.disease, result.pk)
    if case is None or case.result_id != result.pk or result.state == LabResult.State.HELD:
        return None
    case = case_services.withdraw_confirmation(
        case, by=by, basis=case_services.Basis.LABORATORY, reason=result.reason or str(_("The result was withdrawn."))
    )
    others = testing.results_of_person(person, result.disease)
    other = others.filter(value=LabResult.Value.POSITIVE, state=LabResult.State.IN_FORCE).first()
    return _confirm(other, person, by) if other else case


def _is_pursued(case: Case) -> bool:
    """Whether contacts are looked for: suspected, probable or confirmed; not when nothing or no case is left of it."""
    return case.classification not in (Case.Classification.NO_CASE, Case.Classification.NOT_CLASSIFIED)


def _name(pack: Pack) -> str:
    return pack.version


def _wanted(run: Run, row: Ringed) -> case_services.WantedContact:
    days = plan.follow_up_days(row.ring, run.pack)
    last = timezone.localdate(row.last_at or run.span.t1)
    return case_services.WantedContact(
        person=run.people[row.person_id],
        ring=row.ring,
        via=row.via,
        first_contact_at=row.first_at,
        last_contact_at=row.last_at,
        follow_up=days is not None,
        follow_up_until=last + timedelta(days=days) if days else None,
        evidence=[piece.as_json() for piece in row.evidence],
        rule=row.rule,
        pack=_name(run.pack),
    )


def _needs(run: Run, contact: Contact) -> list[quarantine.Need]:
    return [
        quarantine.Need(contact.person, contact.area, stage.starts_on, stage.ends_on, contact.pk, PLACES[stage.place],
                        stage.rule, _name(run.pack))
        for stage in run.plans[contact.pk].stretches
        if stage.place in PLACES
    ]  # fmt: skip


def _name_people(run: Run) -> None:
    """Give each contact its person as already read; contacts entered by hand are read now, all at once."""
    missing = [row.person_id for row in run.contacts if row.person_id not in run.people]
    run.people.update(people.by_ids(missing))
    for contact in run.contacts:
        contact.person = run.people[contact.person_id]


def _gone(run: Run) -> list[UUID]:
    """Contacts of the case that are none any more, or that only an officer proposes."""
    return list(cases.contact_ids(run.case, Contact.Status.DROPPED, Contact.Status.PROPOSED))


def _minutes(contact: Contact) -> int:
    return sum(piece.get("overlap_s", 0) for piece in contact.evidence) // 60
