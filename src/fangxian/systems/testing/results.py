"""Verbs on results. What each may do:

    state      enter same   enter other   opinion 1   opinion 2 agrees       withdraw    correct
    (none)     IN_FORCE     -             -           -                      -           -
    IN_FORCE   same row     HELD + HELD   refused     refused                WITHDRAWN   WITHDRAWN + new row
    HELD       same row     HELD          HELD        IN_FORCE or REJECTED   WITHDRAWN   WITHDRAWN + new row
    REJECTED   same row     judged anew   refused     refused                refused     refused
    WITHDRAWN  same row     judged anew   refused     refused                refused     refused

No row is ever overwritten or deleted: a correction is a new row that names the one it replaces.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, second_person
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, require
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.testing import accidents, conflicts, outcomes, recall, selectors
from fangxian.systems.testing.accident_rows import of_tube, unregistered
from fangxian.systems.testing.accidents import Refusal
from fangxian.systems.testing.announcements import announce
from fangxian.systems.testing.duties import SINGLE, PlannedTest, cancel_duties, plan_duties
from fangxian.systems.testing.judging import STANDING, TubeFacts, Verdict, Word, judge, oddities, refusal
from fangxian.systems.testing.models import LabResult, Tube

Value, State = LabResult.Value, LabResult.State
OPINIONS = (State.IN_FORCE, State.REJECTED)


def enter_result(
    *, by, barcode: str, disease: str, value: str, tested_at: datetime, laboratory: str, source: str = Source.WEB
) -> LabResult:
    """Take a laboratory's finding on a tube and return the result it became.

    The same finding again returns the stored result. A contradiction is returned in state HELD, as is the result it
    contradicts, and a task to decide is handed down. A tube that is not registered or empty is refused
    (`ValidationError`), as are findings older than the sample or from the future.
    """
    word = Word(_known_value(value), tested_at, laboratory)
    barcode = barcode.strip().upper()
    with accidents.noted(by=by, source=source):
        tube = Tube.objects.select_for_update().filter(barcode=barcode).first()
        if tube is None:
            notice = unregistered(barcode, word, by=by)
            raise Refusal({"tube": _("This tube is not registered.")}, [notice] if notice.area_id else [])
        facts = _refuse(word, tube)
        known = list(selectors.results_of([tube]).filter(disease=disease))
        verdict, other = judge(word, known)
        made = other
        if verdict != Verdict.SAME:
            made = _place(tube, disease, word, held=verdict == Verdict.CONTRADICTS, by=by, source=source)
        odd = oddities(verdict, other, facts, source)
        accidents.note_many([of_tube(tube, kind, word, made) for kind in odd], by=by, source=source)
        return made


def decide(result: LabResult, *, by, opinion: str, reason: str = "") -> LabResult:
    """One person's opinion on a held result: IN_FORCE or REJECTED. Two different persons who agree decide it.

    Putting one in force rejects the others held against it. Whoever disagrees restarts with their own opinion.
    """
    require(by, Permission.TESTING_RESOLVE, result.area_id)
    if opinion not in OPINIONS:
        raise ValidationError({"opinion": _("Say whether the result is in force or rejected.")})
    with second_person.deciding(result, by=by, action="testing.result.opinion"):
        current = _locked(result)
        if current.state != State.HELD:
            raise ValidationError(_("Only a held result waits for an opinion."))
        if current.first_opinion != opinion:
            return _note_opinion(current, opinion, reason, by=by)
        second_person.require_other(by, [current.first_by_id])
        return _settle(current, opinion, reason, by=by)


def withdraw(result: LabResult, *, by, reason: str) -> LabResult:
    """The laboratory takes a result back. It stays readable; tests asked for because of it are cancelled."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    with transaction.atomic():
        current = _locked(result)
        if current.state == State.WITHDRAWN:
            return current
        if current.state not in STANDING:
            raise ValidationError(_("This result was rejected and cannot be withdrawn."))
        changed = records.change(
            current, by=by, action="testing.result.withdrawn", state=State.WITHDRAWN, reason=reason.strip()
        )
        cancel_duties(by=by, subject_ids=[changed.pk], reason=reason)
        recall.call_off(changed, by=by, reason=reason)
        conflicts.close_when_decided(changed, by=by)
        outcomes.follow([changed.tube_id])
        announce([changed.pk], by=by)
    return changed


def correct(result: LabResult, *, by, value: str, reason: str, tested_at: datetime | None = None) -> LabResult:
    """The laboratory corrects itself: the old row is withdrawn, a new one names it and stands from now on."""
    word = Word(_known_value(value), tested_at or result.tested_at, result.laboratory)
    if word.value == result.value and word.tested_at == result.tested_at:
        raise ValidationError({"value": _("The correction says the same as the result.")})
    with accidents.noted(by=by):
        tube = Tube.objects.select_for_update().get(pk=result.tube_id)
        if _locked(result).state not in STANDING:
            raise ValidationError(_("Only a result that stands can be corrected."))
        _refuse(word, tube)
        old = withdraw(result, by=by, reason=reason)
        standing = selectors.standing_results(tube, old.disease)
        verdict, other = judge(word, standing)
        if verdict == Verdict.SAME:
            return other
        return _place(tube, old.disease, word, held=bool(standing), by=by, source=old.source, replaces=old)


def recall_pool(result: LabResult, *, by) -> list[Person]:
    """Call the members of a positive pool for single tests: a duty today and a task each. Running it again is harmless.

    A positive pool is not a case of anybody; the single tests say whose it is.
    """
    current = LabResult.objects.select_related("tube", "tube__area", "area").get(pk=result.pk)
    if current.value != Value.POSITIVE or current.state != State.IN_FORCE:
        raise ValidationError(_("Only a positive result in force recalls the people in its tube."))
    if not selectors.is_pool(current):
        raise ValidationError(_("This tube holds one person: the result is theirs."))
    samples = [sample for sample in selectors.samples_in(current.tube) if sample.person_id]
    with transaction.atomic():
        known = selectors.duties_of([current.pk]).first()
        day = known.due_on if known else today()
        rows = [
            PlannedTest(s.person, current.disease, day, 1, SINGLE, current.pk, s.area, recall.RULE) for s in samples
        ]
        plan_duties(rows, by=by)
        recall.hand_down(current, samples, by=by)
    return [sample.person for sample in samples]


def _known_value(value: str) -> str:
    if value not in Value.values:
        raise ValidationError({"value": _("“%(value)s” is not a result.") % {"value": value}})
    return value


def _refuse(word: Word, tube: Tube) -> TubeFacts:
    facts = selectors.facts([tube]).get(tube.pk, TubeFacts(0, None))
    refused = refusal(word, facts, now())
    if refused:
        raise Refusal({refused.field: refused.reason}, [of_tube(tube, refused.kind, word, None, refused.field)])
    return facts


def _place(tube: Tube, disease: str, word: Word, *, held: bool, by, source: str, replaces=None) -> LabResult:
    """Store a finding: in force, or held together with what it contradicts."""
    if held:
        for other in selectors.standing_results(tube, disease):
            records.change(
                other, by=by, action="testing.result.held", state=State.HELD, first_opinion="", first_by=None
            )
    made = records.create(
        LabResult,
        by=by,
        action="testing.result.held" if held else "testing.result.entered",
        source=source,
        area=tube.area,
        tube=tube,
        disease=disease,
        value=word.value,
        state=State.HELD if held else State.IN_FORCE,
        laboratory=word.laboratory,
        tested_at=word.tested_at,
        reported_at=now(),
        replaces=replaces,
    )
    if held:
        conflicts.hand_down([made], by=by)
    elif word.value == Value.POSITIVE:
        announce([made.pk], by=by)
    outcomes.follow([tube.pk])
    return made


def _locked(result: LabResult) -> LabResult:
    """The row as it is now, its tube locked: whatever concerns one tube happens one after the other."""
    Tube.objects.select_for_update().get(pk=result.tube_id)
    return LabResult.objects.select_related("tube", "area").get(pk=result.pk)


def _note_opinion(current: LabResult, opinion: str, reason: str, *, by) -> LabResult:
    note = reason or current.reason
    return records.change(
        current, by=by, action="testing.result.opinion", first_opinion=opinion, first_by=by, reason=note
    )


def _settle(current: LabResult, opinion: str, reason: str, *, by) -> LabResult:
    others = []
    if opinion == State.IN_FORCE:
        others = [r for r in selectors.standing_results(current.tube, current.disease) if r.pk != current.pk]
        for other in others:
            changes = {"state": State.REJECTED, "first_by": current.first_by, "second_by": by}
            records.change(other, by=by, action="testing.result.rejected", **changes)
    action = "testing.result.confirmed" if opinion == State.IN_FORCE else "testing.result.rejected"
    decided = records.change(
        current, by=by, action=action, state=opinion, second_by=by, reason=reason or current.reason
    )
    conflicts.close_when_decided(decided, by=by)
    outcomes.follow([decided.tube_id])
    announce([other.pk for other in others] + [decided.pk], by=by)
    return decided
