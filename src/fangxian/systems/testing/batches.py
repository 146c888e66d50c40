"""Boxes of tubes on their way: packed at the point, handed to the carrier, counted in at the laboratory.

    state        pack       send         receive (count right)   receive (count wrong)   receive again
    (none)       PACKED     -            -                       -                       -
    PACKED       -          ON_THE_WAY   RECEIVED                SHORT                   -
    ON_THE_WAY   -          refused      RECEIVED                SHORT                   -
    SHORT        -          refused      RECEIVED                SHORT                   as before
    RECEIVED     -          refused      same answer             refused, noted          same answer

Times go forwards only; whoever receives counts; what differs is an accident with its tube.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.testing import accidents, outcomes
from fangxian.systems.testing.accidents import Kind, Notice, Outcome, Refusal
from fangxian.systems.testing.judging import CLOCK_SKEW
from fangxian.systems.testing.models import LabResult, RoundMember, Sample, SamplingPoint, Tube, TubeBatch

State, Shipment = TubeBatch.State, Tube.Shipment


def pack_batch(
    *, by, point: SamplingPoint, number: str, laboratory: str, barcodes: Iterable[str], at: datetime | None = None,
    source: str = Source.WEB, **device: Any,
) -> TubeBatch:  # fmt: skip
    """Put tubes of a point into a box for a laboratory. The same box with the same tubes again is the same box."""
    wanted = list(dict.fromkeys(code.strip().upper() for code in barcodes if code.strip()))
    moment = at or now()
    with accidents.noted(by=by, source=source):
        tubes = _tubes(wanted)
        known = TubeBatch.unscoped.filter(number=number.strip().upper()).first()
        if known is not None:
            return _same_box(known, tubes)
        _refuse_boxed(tubes)
        box = records.create(
            TubeBatch, by=by, action="testing.batch.packed", source=source, area=point.area, sampling_point=point,
            number=number.strip().upper(), laboratory=laboratory.strip(), tubes=len(tubes), packed_at=moment,
            round=next((tube.round for tube in tubes if tube.round_id), None), **device,
        )  # fmt: skip
        empty = _check_samples(box, tubes, moment)
        records.change_many(tubes, by=by, action="testing.tube.packed", batch=box, laboratory=box.laboratory)
        accidents.note_many([_about(box, Kind.TUBE_EMPTY, tube) for tube in empty], by=by, source=source)
    return box


def send_batch(
    *, by, batch: TubeBatch, carrier: str, count: int | None = None, at: datetime | None = None
) -> TubeBatch:
    """Hand a box to its carrier. From here on nothing more goes into its tubes. Another count than packed is noted."""
    moment = at or now()
    with accidents.noted(by=by):
        box = TubeBatch.objects.select_for_update().get(pk=batch.pk)
        if box.state != State.PACKED:
            raise ValidationError(_("This batch has already been handed over."))
        _refuse_time(box, "sent_at", moment, after=box.packed_at)
        tubes = list(Tube.objects.filter(batch=box))
        records.change_many(tubes, by=by, action="testing.tube.shipped", shipment=Shipment.SHIPPED, shipped_at=moment)
        if count is not None and count != box.tubes:
            accidents.note(_counted(box, count, "sent"), by=by)
        return records.change(
            box, by=by, action="testing.batch.sent", state=State.ON_THE_WAY, carrier=carrier.strip(), sent_at=moment
        )


def receive_batch(
    *, by, batch: TubeBatch, laboratory: str, count: int, barcodes: Iterable[str] | None = None,
    at: datetime | None = None,
) -> TubeBatch:  # fmt: skip
    """The laboratory counts a box in; with `barcodes`, tube by tube: what is missing or too many is named.

    A wrong count without barcodes leaves the tubes on the way: nobody knows yet which of them arrived.
    """
    moment = at or now()
    scanned = None if barcodes is None else {code.strip().upper() for code in barcodes if code.strip()}
    with accidents.noted(by=by):
        box = TubeBatch.objects.select_for_update().get(pk=batch.pk)
        if box.laboratory != laboratory.strip():
            reason = _("This batch is for another laboratory.")
            raise Refusal({"laboratory": reason}, [_about(box, Kind.BATCH_OTHER_LABORATORY, field="laboratory")])
        if box.state == State.RECEIVED:
            return _received_before(box, count)
        _refuse_time(box, "received_at", moment, after=box.sent_at or box.packed_at)
        inside = {tube.barcode: tube for tube in Tube.objects.filter(batch=box)}
        complete = count == box.tubes and scanned in (None, set(inside))
        _take_in(box, inside, scanned, complete, moment, by=by)
        if count != box.tubes:
            accidents.note(_counted(box, count, "received"), by=by)
        state = State.RECEIVED if complete else State.SHORT
        return records.change(
            box, by=by, action="testing.batch.received", state=state, received_at=moment, received=count
        )


def lose_tubes(*, by, tubes: Iterable[Tube], reason: str) -> int:
    """Tubes are lost: whoever was in them is missing again, by name. Refused for a tube with a result in force."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    with accidents.noted(by=by):
        held = list(Tube.objects.select_for_update(of=("self",)).filter(pk__in=[tube.pk for tube in tubes]))
        if LabResult.objects.filter(tube__in=held, state=LabResult.State.IN_FORCE).exists():
            raise ValidationError(_("This tube has a result: withdraw it first."))
        lost = [tube for tube in held if tube.shipment != Shipment.LOST]
        records.change_many(
            lost, by=by, action="testing.tube.lost", detail={"reason": reason.strip()}, shipment=Shipment.LOST
        )
        _weigh(lost, reason=RoundMember.Reason.TUBE_LOST)
        notices = [
            Notice(Kind.TUBE_LOST, Outcome.FLAGGED, tube.area_id, tube.barcode, None, "tube",
                   {"reason": reason.strip()}, tube.round_id, tube.pk, tube.batch_id)
            for tube in lost
        ]  # fmt: skip
        accidents.note_many(notices, by=by)
    return len(lost)


def find_tube(*, by, tube: Tube) -> Tube:
    """A lost tube turned up at the laboratory: its people are no longer missing for its sake."""
    with accidents.noted(by=by):
        current = Tube.objects.select_for_update().get(pk=tube.pk)
        if current.shipment != Shipment.LOST:
            return current
        back = Shipment.RECEIVED if current.received_at else Shipment.SHIPPED
        found = records.change(current, by=by, action="testing.tube.found", shipment=back)
        _weigh([found])
    return found


def _weigh(tubes: list[Tube], *, reason: str | None = None) -> None:
    for number, pk in {(tube.round.number, tube.pk) for tube in tubes if tube.round}:
        persons = Sample.objects.filter(tube=pk, person__isnull=False).values_list("person_id", flat=True)
        outcomes.weigh(number, persons, reason=reason)
    outcomes.tell_closed({tube.round.number for tube in tubes if tube.round})


def _tubes(barcodes: list[str]) -> list[Tube]:
    rows = Tube.objects.select_for_update(of=("self",)).filter(barcode__in=barcodes).order_by("pk")
    found = {tube.barcode: tube for tube in rows.select_related("round", "batch")}
    absent = [code for code in barcodes if code not in found]
    if absent or not barcodes:
        listed = ", ".join(absent[:5]) or "-"
        raise ValidationError({"barcodes": _("Not registered here: %(codes)s") % {"codes": listed}})
    return list(found.values())


def _same_box(known: TubeBatch, tubes: list[Tube]) -> TubeBatch:
    """The number is taken: by the same tubes it is the same box, by others a slip."""
    if {tube.batch_id for tube in tubes} == {known.pk} and len(tubes) == known.tubes:
        return known
    raise ValidationError({"number": _("This batch number is taken.")})


def _refuse_boxed(tubes: list[Tube]) -> None:
    boxed = [tube for tube in tubes if tube.batch_id or tube.shipment != Shipment.NOT_SHIPPED]
    if boxed:
        codes = ", ".join(tube.barcode for tube in boxed[:5])
        reason = _("Already in a batch or gone: %(codes)s") % {"codes": codes}
        notices = [
            Notice(Kind.BATCH_TWICE, Outcome.REFUSED, tube.area_id, tube.barcode, None, "barcodes", {}, tube.round_id,
                   tube.pk, tube.batch_id)
            for tube in boxed
        ]  # fmt: skip
        raise Refusal({"barcodes": reason}, notices)


def _check_samples(box: TubeBatch, tubes: list[Tube], moment: datetime) -> list[Tube]:
    """Tubes without a sample; refuses a box packed before a sample in it was taken."""
    rows = Sample.objects.filter(tube__in=tubes).order_by().values("tube_id")
    last = {row["tube_id"]: row["last"] for row in rows.annotate(last=Max("sampled_at"))}
    latest = max(last.values(), default=None)
    _refuse_time(box, "packed_at", moment, after=latest)
    return [tube for tube in tubes if tube.pk not in last]


def _refuse_time(box: TubeBatch, name: str, moment: datetime, *, after: datetime | None) -> None:
    """Each hand-over comes after the one before, and none lies in the future."""
    if after is not None and moment < after:
        reason = _("This hand-over comes before the one before it.")
    elif moment > now() + CLOCK_SKEW:
        reason = _("This time lies in the future.")
    else:
        return
    notice = _about(box, Kind.BATCH_TIMES, field=name, said={name: moment.isoformat()})
    notice.batch_id = box.pk if name != "packed_at" else None  # a box refused while packing is none
    notice.outcome = Outcome.REFUSED
    raise Refusal({name: reason}, [notice])


def _take_in(
    box: TubeBatch, inside: dict[str, Tube], scanned: set[str] | None, complete: bool, moment: datetime, *, by
) -> None:
    """Tubes that arrived are received; the others, and those of no box of ours, are named."""
    arrived = [tube for code, tube in inside.items() if (complete if scanned is None else code in scanned)]
    arrived = [tube for tube in arrived if tube.shipment != Shipment.LOST]
    records.change_many(arrived, by=by, action="testing.tube.received", shipment=Shipment.RECEIVED, received_at=moment)
    if scanned is None:
        return
    missing = [_about(box, Kind.BATCH_TUBE_MISSING, tube) for code, tube in inside.items() if code not in scanned]
    extra = [_about(box, Kind.BATCH_TUBE_EXTRA, barcode=code) for code in sorted(scanned - set(inside))]
    accidents.note_many([*missing, *extra], by=by)


def _received_before(box: TubeBatch, count: int) -> TubeBatch:
    if count == box.received:
        return box
    reason = _("This batch was received with %(count)d tubes.") % {"count": box.received}
    notice = _counted(box, count, "received again")
    notice.outcome = Outcome.REFUSED
    raise Refusal({"count": reason}, [notice])


def _counted(box: TubeBatch, count: int, step: str) -> Notice:
    return _about(box, Kind.BATCH_COUNT, field="count", said={"step": step, "count": count, "packed": box.tubes})


def _about(
    box: TubeBatch, kind: str, tube: Tube | None = None, *, barcode: str = "", field: str = "barcode",
    said: dict[str, Any] | None = None,
) -> Notice:  # fmt: skip
    refused = kind == Kind.BATCH_OTHER_LABORATORY
    return Notice(
        kind, Outcome.REFUSED if refused else Outcome.FLAGGED, box.area_id, tube.barcode if tube else barcode[:40],
        None, field, {"batch": box.number, **(said or {})}, box.round_id, tube.pk if tube else None, box.pk,
    )  # fmt: skip
