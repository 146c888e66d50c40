"""Trips and sheets: a route is planned, each stop is answered or left out with a reason, each “no” is a finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.registers import attachments
from fangxian.systems.inspection import rules
from fangxian.systems.inspection.models import Finding, Sheet, Trip
from fangxian.systems.inspection.raising import raise_finding
from fangxian.systems.inspection.words import Attitude, ItemAnswer, Origin, Topic


@dataclass(frozen=True)
class Stop:
    """A place on a route: which list is asked there; `about` names the record it is, where it is one."""

    area: Area
    where: str
    checklist: str
    about: tuple[str, UUID] | None = None
    unit: str = ""


@dataclass(frozen=True)
class Answer:
    """What was answered to an item; a “no” says what was seen, and may carry photos (name, content)."""

    value: str
    seen: str = ""
    photos: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


def plan_trip(*, by: Officer | None, area: Area, name: str, leader: Officer, stops: Iterable[Stop] = (),
              source: str = Source.WEB, **values: Any) -> Trip:  # fmt: skip
    """Plan a trip with its route."""
    with transaction.atomic():
        trip = records.create(
            Trip, by=by, action="inspection.trip.planned", source=source, area=area, name=name, leader=leader, **values
        )
        for stop in stops:
            add_stop(trip=trip, by=by, stop=stop, source=source)
    return trip


def add_stop(*, trip: Trip, by: Officer | None, stop: Stop, source: str = Source.WEB) -> Sheet:
    """One more place at the end of the route."""
    with transaction.atomic():
        current = Trip.objects.select_for_update(of=("self",)).get(pk=trip.pk)
        if current.state not in (Trip.State.PLANNED, Trip.State.UNDER_WAY):
            raise ValidationError(_("This trip is over."))
        rules.checklist(rules.pack_of(stop.area.code), stop.checklist)
        return records.create(
            Sheet, by=by, action="inspection.sheet.planned", source=source, trip=current,
            number=Sheet._base_manager.filter(trip=current).count() + 1, **_of_stop(stop),
        )  # fmt: skip


def move_up(*, sheet: Sheet, by: Officer) -> Sheet:
    """Visit a stop before the one that is to be visited before it; the first stays where it is."""
    with transaction.atomic():
        current = Sheet.objects.select_for_update(of=("self",)).select_related("trip").get(pk=sheet.pk)
        if current.state != Sheet.State.PLANNED:
            raise ValidationError(_("This stop was answered or left out already."))
        earlier = Sheet.objects.filter(trip=current.trip, number__lt=current.number, state=Sheet.State.PLANNED)
        before = earlier.order_by("-number").first()
        if before is None:
            return current
        mine, theirs = current.number, before.number
        Sheet.objects.filter(pk=before.pk).update(number=0)  # a number stands on a route once, also for a moment
        moved = records.change(current, by=by, action="inspection.sheet.moved", number=theirs)
        records.change(before, by=by, action="inspection.sheet.moved", number=mine)
        return moved


def lead_trip(*, trip: Trip, by: Officer, leader: Officer) -> Trip:
    """Somebody else leads a trip that is not over; it appears on their phone."""
    if trip.state not in (Trip.State.PLANNED, Trip.State.UNDER_WAY):
        raise ValidationError(_("This trip is over."))
    return records.change(trip, by=by, action="inspection.trip.led", leader=leader)


def answer_sheet(
    *, sheet: Sheet, by: Officer, answers: Mapping[str, Answer], done_at: datetime | None = None,
    source: str = Source.WEB,
) -> Sheet:  # fmt: skip
    """Keep the answers of a stop; each “no” becomes a finding. Sent again, it is answered with what is stored."""
    pack = rules.pack_of(sheet.area_id)
    asked = rules.checklist(pack, sheet.checklist)
    _check(asked, answers)
    kept = {key: {"value": one.value, **({"seen": one.seen} if one.seen else {})} for key, one in answers.items()}
    with transaction.atomic():
        current = Sheet.objects.select_for_update(of=("self",)).select_related("area", "trip").get(pk=sheet.pk)
        if current.state == Sheet.State.DONE and (current.answers, current.done_by_id) == (kept, by.pk):
            return current
        if current.state != Sheet.State.PLANNED:
            raise ValidationError(_("This stop was answered or left out already."))
        at = min(done_at or now(), now())
        done = records.change(
            current, by=by, action="inspection.sheet.answered", state=Sheet.State.DONE, answers=kept, asked=len(kept),
            missed=sum(one.value == ItemAnswer.NO for one in answers.values()), done_at=at, done_by=by,
            pack=pack.version,
        )  # fmt: skip
        _under_way(done, by)
        for item in asked.items:
            if answers[item.key].value == ItemAnswer.NO:
                _found(done, asked, item, answers[item.key], by, source)
    return done


def note_finding(
    *, sheet: Sheet, by: Officer, what: str, topic: str = Topic.OTHER, severity: str = Finding.Severity.MINOR,
    attitude: str = "", photos: tuple[tuple[str, bytes], ...] = (), id: UUID | None = None,  # noqa: A002
    source: str = Source.WEB,
) -> Finding:  # fmt: skip
    """Something found at a stop that no item of the list asks for."""
    asked = rules.checklist(rules.pack_of(sheet.area_id), sheet.checklist)
    if attitude and attitude not in Attitude.values:
        raise ValidationError({"attitude": _("Choose one of the reasons.")})
    values = {"topic": topic, "severity": severity, "attitude": attitude, "role": asked.role}
    return _raise(sheet, by, what, photos, id or uuid7(), source, **values)


def leave_out(*, sheet: Sheet, by: Officer, reason: str) -> Sheet:
    """A stop that is not visited, and why."""
    if sheet.state != Sheet.State.PLANNED:
        raise ValidationError(_("This stop was answered or left out already."))
    state = Sheet.State.SKIPPED
    return records.change(sheet, by=by, action="inspection.sheet.left_out", state=state, reason=stated(reason)[:200])


def end_trip(*, trip: Trip, by: Officer, conclusion: str) -> Trip:
    """The trip is over: every stop was answered or left out with a reason."""
    if Sheet._base_manager.filter(trip=trip, state=Sheet.State.PLANNED).exists():
        raise ValidationError(_("Some stops are neither answered nor left out with a reason."))
    if trip.state not in (Trip.State.PLANNED, Trip.State.UNDER_WAY):
        raise ValidationError(_("This trip is over."))
    return records.change(
        trip, by=by, action="inspection.trip.ended", state=Trip.State.DONE, conclusion=stated(conclusion)[:500]
    )


def cancel_trip(*, trip: Trip, by: Officer, reason: str) -> Trip:
    """A trip that has not begun does not take place."""
    if trip.state != Trip.State.PLANNED:
        raise ValidationError(_("This trip has begun or is over."))
    said = stated(reason)
    with transaction.atomic():
        for sheet in Sheet.objects.filter(trip=trip, state=Sheet.State.PLANNED):
            leave_out(sheet=sheet, by=by, reason=said)
        return records.change(
            trip, by=by, action="inspection.trip.cancelled", state=Trip.State.CANCELLED, conclusion=said[:500]
        )


def check_oneself(
    *, by: Officer, stop: Stop, answers: Mapping[str, Answer], id: UUID | None = None, source: str = Source.WEB,  # noqa: A002
) -> Sheet:  # fmt: skip
    """A self-check: the same list, answered by whoever answers for the place; what it finds weighs less."""
    with transaction.atomic():
        sheet = records.create(
            Sheet, by=by, action="inspection.sheet.begun", source=source, id=id or uuid7(), is_self_check=True,
            **_of_stop(stop),
        )  # fmt: skip
        return answer_sheet(sheet=sheet, by=by, answers=answers, source=source)


def _of_stop(stop: Stop) -> dict[str, Any]:
    kind, pk = stop.about or ("", None)
    return {"area": stop.area, "where": stop.where[:120], "checklist": stop.checklist, "subject_kind": kind,
            "subject_id": pk, "unit": stop.unit}  # fmt: skip


def _under_way(sheet: Sheet, by: Officer) -> None:
    if sheet.trip is not None and sheet.trip.state == Trip.State.PLANNED:
        records.change(sheet.trip, by=by, action="inspection.trip.begun", state=Trip.State.UNDER_WAY)


def _check(asked: rules.Checklist, answers: Mapping[str, Answer]) -> None:
    """Every item answered, nothing else answered, each “no” with what was seen."""
    known = {item.key: item for item in asked.items}
    wrong = [_("%(item)s: answer it.") % {"item": item.text} for item in asked.items if item.key not in answers]
    wrong += [_("%(item)s is not asked by this list.") % {"item": key} for key in answers if key not in known]
    for key, answer in answers.items():
        if key in known and answer.value not in ItemAnswer.values:
            wrong.append(_("%(item)s: answer it.") % {"item": known[key].text})
        if key in known and answer.value == ItemAnswer.NO and len(answer.seen.strip()) < 2:
            wrong.append(_("%(item)s: say what was seen, whoever mends it has to find it.") % {"item": known[key].text})
    if wrong:
        raise ValidationError(wrong)


def _found(sheet: Sheet, asked: rules.Checklist, item: rules.Item, answer: Answer, by: Officer, source: str) -> Finding:
    """The finding of an item: known by sheet and item, so that no second sending makes a second one."""
    return _raise(
        sheet, by, f"{item.text}：{answer.seen.strip()}", answer.photos, uuid5(sheet.pk, item.key), source,
        topic=item.topic, severity=item.severity, role=asked.role, basis=f"{asked.name}（{asked.source}）"[:160],
    )  # fmt: skip


def _raise(
    sheet: Sheet, by: Officer, what: str, photos: Iterable[tuple[str, bytes]], pk: UUID, source: str, **values: Any
) -> Finding:
    about = (sheet.subject_kind, sheet.subject_id) if sheet.subject_id else None
    finding = raise_finding(
        by=by, id=pk, area=sheet.area, where=sheet.where, unit=sheet.unit, subject=about, sheet=sheet, what=what[:200],
        origin=Origin.SELF_CHECK if sheet.is_self_check else Origin.INSPECTION, source=source,
        found_on=timezone.localdate(sheet.done_at or now()), **values,
    )  # fmt: skip
    for name, content in photos:
        attachments.attach(finding, name=name, content=content, by=by)
    return finding
