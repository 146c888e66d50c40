"""Verbs of cases. Cases and what belongs to them are here; contacts are in
contacts.py and proposals.py.

A case's classification follows from its confirmations (classification.py):

    verb                      confirmations        classification    investigation
    open_case (a result)      laboratory           as suggested      PENDING
    open_case (no result)     none                 as suggested      PENDING
    confirm                   one more             as suggested      unchanged
    withdraw_confirmation     one less             as suggested      PENDING again
    discard                   unchanged            NO_CASE           DISCARDED
    reopen                    unchanged            as suggested      PENDING
    close_investigation       unchanged            unchanged         DONE
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.cases import selectors
from fangxian.systems.cases.bulk import (
    CaseRow,
    ContactRow,
    ExposureRow,
    LinkRow,
    Loaded,
    load_cases,
    load_contacts,
    load_exposures,
    load_links,
)
from fangxian.systems.cases.classification import Basis, classify
from fangxian.systems.cases.contacts import (
    Difference,
    WantedContact,
    convert_contact,
    extend_follow_up,
    find_contact,
    lose_contact,
    refresh_follow_up,
    sync_contacts,
)
from fangxian.systems.cases.entry import clean_link, clean_span
from fangxian.systems.cases.models import (
    Case,
    Event,
    Exposure,
    ExposureKind,
    Precision,
    Response,
    TimelineEntry,
    TransmissionLink,
)
from fangxian.systems.cases.numbers import next_number
from fangxian.systems.cases.proposals import (
    change_contact,
    confirm_contact,
    drop_contact,
    had_a_hand,
    not_a_contact,
    propose_contact,
    refuse_proposal,
    restore_contact,
)
from fangxian.systems.people.models import Person

__all__ = [
    "Basis",
    "CaseRow",
    "Certainty",
    "ContactRow",
    "Difference",
    "ExposureKind",
    "ExposureRow",
    "LinkRow",
    "Loaded",
    "WantedContact",
    "add_exposure",
    "add_timeline",
    "change_case",
    "change_contact",
    "close_investigation",
    "confirm",
    "confirm_contact",
    "convert_contact",
    "discard",
    "drop_contact",
    "extend_follow_up",
    "find_contact",
    "finish_response",
    "had_a_hand",
    "link",
    "load_cases",
    "load_contacts",
    "load_exposures",
    "load_links",
    "lose_contact",
    "not_a_contact",
    "open_case",
    "open_event",
    "propose_contact",
    "refresh_follow_up",
    "refuse_proposal",
    "reopen",
    "restore_contact",
    "set_outcome",
    "start_response",
    "sync_contacts",
    "withdraw_confirmation",
]
C = Case.Classification
Certainty = TransmissionLink.Certainty


def open_case(
    *,
    by,
    person: Person,
    disease: str,
    result_id: UUID | None = None,
    positive_at: datetime | None = None,
    area: Area | None = None,
    number: str = "",
    source: str = Source.WEB,
    **values: Any,
) -> Case:
    """Open a case of a person's illness; an open one of the same disease is the same illness and is completed instead.

    A `result_id` confirms it by the laboratory. Contacts of other cases who become a case are marked as converted.
    """
    if result_id is not None:
        values |= {"result_id": result_id, "positive_at": positive_at or now()}
        values |= {"laboratory_at": positive_at or now(), "laboratory_by": by}
    elif positive_at is not None:
        values["positive_at"] = positive_at
    with transaction.atomic():
        Person.unscoped.select_for_update().get(pk=person.pk)
        known = selectors.same_illness(person, disease, result_id)
        if known is not None:
            return _complete(known, values, by=by)
        area = area or person.area
        started = timezone.localtime(values.get("positive_at") or now()).year
        draft = {"area": area, "person": person, "disease": disease, **values}
        draft["number"] = number or next_number(area, started)
        draft.setdefault("classification", classify(Case(**draft)).classification)
        made = records.create(Case, by=by, action="cases.case.opened", source=source, **draft)
        for contact in selectors.active_contacts_of(person, disease):
            convert_contact(by=by, contact=contact)
    return made


def change_case(*, by, case: Case, base_version: int | None = None, **changes: Any) -> Case:
    """Change what is known of a case; its classification follows unless somebody discarded it."""
    with transaction.atomic():
        current = records.change(case, by=by, action="cases.case.changed", base_version=base_version, **changes)
        return current if "classification" in changes else _reclassify(current, by=by)


def confirm(case: Case, *, by, basis: str, at: datetime | None = None, **values: Any) -> Case:
    """One of the three confirmations (clinical, epidemiological, laboratory): who and when. Twice is harmless."""
    basis = Basis(basis.lower())
    with transaction.atomic():
        current = Case.objects.select_for_update().get(pk=case.pk)
        if getattr(current, f"{basis}_at") is not None:
            return current
        changes = {f"{basis}_at": at or now(), f"{basis}_by": by, **values}
        current = records.change(current, by=by, action=f"cases.case.confirmed.{basis}", **changes)
        return _reclassify(current, by=by)


def withdraw_confirmation(case: Case, *, by, basis: str, reason: str) -> Case:
    """Take a confirmation back (result withdrawn, link wrong): the case is open to investigation again."""
    basis = Basis(basis.lower())
    changes: dict[str, Any] = {f"{basis}_at": None, f"{basis}_by": None}
    if basis == Basis.LABORATORY:
        changes |= {"result_id": None, "positive_at": None}
    with transaction.atomic():
        current = Case.objects.select_for_update().get(pk=case.pk)
        if getattr(current, f"{basis}_at") is None:
            return current
        changes |= {"investigation": Case.Investigation.PENDING, "note": _noted(current, reason)}
        current = records.change(current, by=by, action=f"cases.case.unconfirmed.{basis}", **changes)
        return _reclassify(current, by=by)


def discard(case: Case, *, by, reason: str) -> Case:
    """It is not a case. Its records stay; it no longer counts."""
    changes = {"classification": C.NO_CASE, "investigation": Case.Investigation.DISCARDED}
    return records.change(case, by=by, action="cases.case.discarded", note=_noted(case, reason), **changes)


def reopen(case: Case, *, by, reason: str) -> Case:
    """Look at a closed or discarded case again."""
    changes = {"classification": classify(case).classification, "investigation": Case.Investigation.PENDING}
    return records.change(case, by=by, action="cases.case.reopened", note=_noted(case, reason), **changes)


def close_investigation(case: Case, *, by) -> Case:
    """The investigation of a case is done."""
    return records.change(case, by=by, action="cases.case.investigated", investigation=Case.Investigation.DONE)


def set_outcome(case: Case, *, by, outcome: str, on: date | None = None) -> Case:
    """How the illness ended."""
    return records.change(case, by=by, action="cases.case.outcome", outcome=outcome, outcome_on=on)


def open_event(*, by, area: Area, name: str, disease: str, source: str = Source.WEB, **values: Any) -> Event:
    """A cluster or outbreak; the same name in the same area is the same event."""
    known = Event.objects.filter(area=area, name=name).first()
    if known is not None:
        return known
    values |= {"area": area, "name": name, "disease": disease}
    return records.create(Event, by=by, action="cases.event.opened", source=source, **values)


def add_exposure(*, by, case: Case, kind: str, source: str = Source.WEB, **values: Any) -> Exposure:
    """What the case told: where, when, with whom."""
    clean_span(values)
    values = {"area": case.area, **values, "case": case, "kind": kind}
    return records.create(Exposure, by=by, action="cases.exposure.added", source=source, **values)


def add_timeline(
    *, by, case: Case, kind: str, starts_at: datetime, source: str = Source.WEB, **values: Any
) -> TimelineEntry:
    """One stretch of the case's days, as told or found."""
    clean_span({"starts_at": starts_at, **values})
    values = {"area": case.area, "precision": Precision.EXACT, **values, "case": case, "kind": kind}
    return records.create(
        TimelineEntry, by=by, action="cases.timeline.added", source=source, starts_at=starts_at, **values
    )


def link(*, by, infector: Case, infected: Case, source: str = Source.WEB, **values: Any) -> TransmissionLink:
    """Who is thought to have infected whom; the same pair again brings the link up to date."""
    clean_link({"infector": infector, "infected": infected})
    known = TransmissionLink.objects.filter(infector=infector, infected=infected).first()
    if known is not None:
        return records.change(known, by=by, action="cases.link.changed", **values)
    values = {"area": infected.area, **values, "infector": infector, "infected": infected}
    return records.create(TransmissionLink, by=by, action="cases.link.added", source=source, **values)


def start_response(*, by, case: Case, pack: str) -> Response:
    """A run of the response to a case; an unfinished one is taken up again."""
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        last = Response.objects.filter(case=case).order_by("-run").first()
        if last is not None and last.finished_at is None:
            return last
        values = {"area": case.area, "case": case, "run": last.run + 1 if last else 1, "pack": pack}
        return records.create(Response, by=by, action="cases.response.started", source=Source.WORKFLOW, **values)


def finish_response(*, by, response: Response, steps: list, difference: dict) -> Response:
    """Keep how long each step took and what the run changed."""
    changes = {"steps": steps, "difference": difference, "finished_at": now()}
    return records.change(response, by=by, action="cases.response.finished", **changes)


def _complete(known: Case, values: dict[str, Any], *, by) -> Case:
    """Fill in what the open case does not know yet; what it knows stays."""
    missing = {
        name: value for name, value in values.items() if getattr(known, name) in (None, "") and value is not None
    }
    current = records.change(known, by=by, action="cases.case.completed", **missing)
    return _reclassify(current, by=by)


def _reclassify(case: Case, *, by) -> Case:
    if case.classification == C.NO_CASE:
        return case
    return records.change(case, by=by, action="cases.case.classified", classification=classify(case).classification)


def _noted(case: Case, reason: str) -> str:
    return f"{case.note}\n{stated(reason)}".strip()
