"""Verbs of testing. Tubes and samples are here; results, duties and laboratory files in the modules named below.

results.py           enter, decide, withdraw, correct, recall
duties.py            who is to be tested when
laboratory_file.py   a laboratory's file of 10^5 rows
registering.py       thousands of registrations at a time
batches.py           tubes on their way, lost and found
rounds.py            plan, open, excuse, close a round
accidents.py         what went wrong, and looking into it
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.testing import outcomes
from fangxian.systems.testing.accidents import close as close_accident
from fangxian.systems.testing.accidents import note_refusal
from fangxian.systems.testing.batches import find_tube, lose_tubes, pack_batch, receive_batch, send_batch
from fangxian.systems.testing.duties import (
    Difference,
    PlannedTest,
    cancel_duties,
    mark_missed,
    plan_duties,
    settle_duties,
)
from fangxian.systems.testing.judging import CLOCK_SKEW
from fangxian.systems.testing.laboratory_file import Ledger, ResultRow, import_results
from fangxian.systems.testing.models import LabResult, Sample, Tube
from fangxian.systems.testing.registering import Answer, Registration
from fangxian.systems.testing.registering import register as register_samples
from fangxian.systems.testing.registering import register_one as register_sample
from fangxian.systems.testing.results import correct, decide, enter_result, recall_pool, withdraw
from fangxian.systems.testing.rounds import (
    close_round,
    excuse,
    excuse_tested,
    explain,
    open_round,
    plan_must_test,
    plan_round,
    reopen_round,
    unexcuse,
)

__all__ = [
    "Answer",
    "Difference",
    "Ledger",
    "PlannedTest",
    "Registration",
    "ResultRow",
    "add_sample",
    "add_samples",
    "cancel_duties",
    "close_accident",
    "close_round",
    "correct",
    "decide",
    "enter_result",
    "excuse",
    "excuse_tested",
    "explain",
    "find_tube",
    "import_results",
    "lose_tubes",
    "mark_missed",
    "note_refusal",
    "open_round",
    "pack_batch",
    "plan_duties",
    "plan_must_test",
    "plan_round",
    "recall_pool",
    "receive_batch",
    "register_sample",
    "register_samples",
    "register_tube",
    "reopen_round",
    "send_batch",
    "settle_duties",
    "unexcuse",
    "withdraw",
]


def register_tube(
    *,
    by,
    area: Area,
    barcode: str,
    size: int = Tube.Size.SINGLE,
    point: str = "",
    laboratory: str = "",
    source: str = Source.FIELD,
    **device,
) -> Tube:
    """Take a tube into use. The same barcode with the same size again is the same tube (two phones at one table)."""
    barcode = barcode.strip().upper()
    known = Tube.unscoped.filter(barcode=barcode).first()
    if known is not None:
        return _same_tube(known, area, size)
    values = {"area": area, "barcode": barcode, "size": size, "point": point, "laboratory": laboratory, **device}
    return records.create(Tube, by=by, action="testing.tube.registered", source=source, **values)


def add_sample(*, by, tube: Tube | str, person: Person | None = None, described: str = "", **values) -> Sample:
    """Put one sample into a tube; see `add_samples`."""
    return add_samples(by=by, tube=tube, persons=[person] if person else [], described=described, **values)[0]


def add_samples(
    *,
    by,
    tube: Tube | str,
    persons: Iterable[Person] = (),
    described: str = "",
    subject: str = "",
    specimen: str = Sample.Specimen.OROPHARYNGEAL,
    reason: str = Sample.Reason.SCREENING,
    sampled_at: datetime | None = None,
    area: Area | None = None,
    source: str = Source.FIELD,
    **device,
) -> list[Sample]:
    """Put the samples of people, or one described piece of goods or surface, into a tube.

    Refused when the tube is full, has left the point or already has a result: nobody gets the result of a tube they
    were not in. A person already in the tube is answered with the stored sample. Test duties of that day are done, and
    in a tube of a round the person stands as sampled.
    """
    at = sampled_at or now()
    values = {
        "specimen": specimen,
        "reason": reason,
        "sampled_at": at,
        "described": described,
        **device,
    }
    wanted = list(persons) or [None]
    with transaction.atomic():
        held = _locked_tube(tube)
        stored = list(Sample.objects.filter(tube=held))
        if sent_before := [sample for sample in stored if sample.pk == device.get("id")]:
            return sent_before
        inside = {sample.person_id: sample for sample in stored if sample.person_id}
        fresh = [person for person in wanted if person is None or person.pk not in inside]
        _check_room(held, len(stored), len(fresh), at)
        for person in fresh:
            kind = _subject(subject, person)
            inside[_pk(person)] = _add(
                held, person, by=by, area=area or held.area, subject=kind, source=source, **values
            )
        people = [person for person in fresh if person]
        settle_duties(by=by, persons=people, at=at, pooled=held.size > 1)
        if held.round:
            outcomes.given(held.round.number, people)
    return [inside[_pk(person)] for person in wanted]


def _add(tube: Tube, person: Person | None, *, by, source: str, **values) -> Sample:
    action = "testing.sample.added"
    return records.create(Sample, by=by, action=action, source=source, tube=tube, person=person, **values)


def _pk(person: Person | None):
    return person.pk if person else None


def _same_tube(known: Tube, area: Area, size: int) -> Tube:
    if known.size != size or known.area_id != area.pk:
        raise ValidationError({"barcode": _("This barcode belongs to another tube.")})
    return known


def _locked_tube(tube: Tube | str) -> Tube:
    wanted = {"barcode": tube.strip().upper()} if isinstance(tube, str) else {"pk": tube.pk}
    found = Tube.objects.select_for_update().filter(**wanted).first()
    if found is None:
        raise ValidationError({"tube": _("This tube is not registered.")})
    return found


def _check_room(tube: Tube, inside: int, more: int, at: datetime) -> None:
    if not more:
        return
    if inside + more > tube.size:
        raise ValidationError({"tube": _("The tube is full: it takes %(size)d.") % {"size": tube.size}})
    if tube.shipment != Tube.Shipment.NOT_SHIPPED:
        raise ValidationError({"tube": _("This tube has already left the sampling point.")})
    if LabResult.objects.filter(tube=tube).exists():
        raise ValidationError({"tube": _("This tube already has a result: take a new one.")})
    if at > now() + CLOCK_SKEW:
        raise ValidationError({"sampled_at": _("The time of sampling lies in the future.")})


def _subject(subject: str, person: Person | None) -> str:
    if person is not None:
        return Sample.Subject.PERSON
    if subject not in (Sample.Subject.GOODS, Sample.Subject.ENVIRONMENT):
        raise ValidationError({"subject": _("Name the person, or say that goods or a surface were sampled.")})
    return subject
