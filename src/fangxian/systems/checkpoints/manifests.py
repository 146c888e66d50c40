"""The verbs of manifests: passengers and goods aboard, what is decided about them, and the end of the work on a run."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.checkpoints.announcements import announce
from fangxian.systems.checkpoints.models import Consignment, Manifest, Passenger
from fangxian.systems.checkpoints.tidying import tidy
from fangxian.systems.checkpoints.words import GoodsAct, Stop, Striking, gravest_first


def save_passenger(
    *, by: Officer | None, values: dict[str, Any], record: Passenger | None = None, base_version: int | None = None,
    source: str = Source.WEB,
) -> Passenger:  # fmt: skip
    """Enter or change somebody aboard; the lists are asked (again)."""
    again = {} if set(values) <= {"decision"} else {"judged_at": None}
    with transaction.atomic():
        if again:
            announce()
        if record is None:
            return records.create(Passenger, by=by, action="checkpoints.passenger.entered", source=source, **values)
        return records.change(
            record, by=by, action="checkpoints.passenger.changed", base_version=base_version, **values, **again
        )


def decide(*, passenger: Passenger, by: Officer, decision: str) -> Passenger:
    """What is done with somebody who gets off here."""
    return save_passenger(by=by, values={"decision": decision}, record=passenger)


def treat(*, consignment: Consignment, by: Officer, act: str, why: str = "") -> Consignment:
    """What is done with goods. Cold-chain goods without proof are not simply released."""
    if act == GoodsAct.RELEASED and _unproven(consignment):
        raise ValidationError(
            {"act": _("Cold-chain goods without proof of disinfection: disinfect, hold or return them.")}
        )
    return records.change(
        consignment, by=by, action="checkpoints.consignment.treated", act=act, why=why[:200], reasons=[], gravest=""
    )


def close(*, manifest: Manifest, by: Officer) -> Manifest:
    """The work on a run is done; refused while somebody or something that stands out waits for a decision."""
    with transaction.atomic():
        left = undecided(manifest)
        if any(left.values()):
            raise ValidationError(
                _("Still to be decided: %(people)s people, %(goods)s consignments.") % left  # names no one
            )
        return records.change(manifest, by=by, action="checkpoints.manifest.closed", closed_at=now())


def undecided(manifest: Manifest) -> dict[str, int]:
    """How many people and goods that stand out wait for a decision."""
    people = Passenger.objects.filter(manifest=manifest, decision="", stop=Stop.ALIGHT).exclude(gravest="")
    goods = Consignment.objects.filter(manifest=manifest, act=GoodsAct.WAITING, is_unloaded=True).exclude(gravest="")
    return {"people": people.count(), "goods": goods.count()}


def note_goods(*, manifest: Manifest, found: dict[Any, list[dict[str, Any]]]) -> int:
    """Set what stands out about goods: where they come from, and cold chain without proof; returns how many do."""
    rows = list(Consignment.objects.filter(manifest=manifest))
    for row in rows:
        own = [{"reason": Striking.NOT_DISINFECTED.value}] if _unproven(row) else []
        row.because = [*found.get(row.pk, []), *own] if row.act == GoodsAct.WAITING else row.because
        row.reasons = gravest_first(one["reason"] for one in row.because) if row.act == GoodsAct.WAITING else []
        row.gravest = row.reasons[0] if row.reasons else ""
    Consignment.unscoped.bulk_update(rows, ["because", "reasons", "gravest"], batch_size=200)
    return sum(bool(row.gravest) for row in rows)


def _unproven(consignment: Consignment) -> bool:
    return consignment.is_cold and consignment.is_unloaded and not consignment.is_proven


def load(
    *, manifest: Manifest, by: Officer, people: list[dict[str, Any]], goods: list[dict[str, Any]],
    source: str = Source.API,
) -> None:  # fmt: skip
    """Enter or bring up to date everybody (by seat) and everything (by waybill) aboard, in one transaction."""
    where = {"area": manifest.area, "manifest": manifest}
    seats = {row.seat: row for row in Passenger.objects.filter(manifest=manifest)}
    waybills = {row.waybill: row for row in Consignment.objects.filter(manifest=manifest)}
    with transaction.atomic():
        for one in people:
            done = tidy(one)
            save_passenger(by=by, values=done if one["seat"] in seats else {**where, **done},
                           record=seats.get(one["seat"]), source=source)  # fmt: skip
        for one in goods:
            known = waybills.get(one["waybill"])
            if known is not None:
                records.change(known, by=by, action="checkpoints.consignment.changed", **one)
            else:
                records.create(
                    Consignment, by=by, action="checkpoints.consignment.entered", source=source, **where, **one
                )
