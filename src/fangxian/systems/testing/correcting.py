"""Corrections of what was registered: dates that are moved and labels that are changed are never silent.

A sample's time may be set right. A time that cannot be is refused and noted; one changed after the tube has left the
point, when others already rely on it, is taken and flagged. A tube keeps its barcode once somebody is in it, and its
size once a laboratory has spoken: otherwise results would wander to other people.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.systems.testing import accidents, selectors
from fangxian.systems.testing.accidents import Kind, Notice, Outcome, Refusal
from fangxian.systems.testing.judging import CLOCK_SKEW, STANDING
from fangxian.systems.testing.models import Sample, Tube


def correct_sample(record: Sample, *, by, base_version: int | None, source: str, **values: Any) -> Sample:
    """Change what was noted about a sample; see the module."""
    moved = values.get("sampled_at", record.sampled_at)
    with accidents.noted(by=by, source=source):
        if moved != record.sampled_at:
            if kind := _impossible(record.tube, moved):
                raise Refusal({"sampled_at": Kind(kind).label}, [_notice(record, kind, Outcome.REFUSED, moved)])
            if record.tube.shipment != Tube.Shipment.NOT_SHIPPED:
                notice = _notice(record, Kind.SAMPLE_MOVED, Outcome.FLAGGED, moved)
                accidents.note(notice, by=by, source=source)
        return records.change(record, by=by, action="testing.sample.changed", base_version=base_version, **values)


def correct_tube(record: Tube, *, by, base_version: int | None, **values: Any) -> Tube:
    """Change what was noted about a tube; it cannot become smaller than what is in it."""
    inside = record.samples(manager="unscoped").count()
    if values.get("size", record.size) < inside:
        raise ValidationError({"size": _("There are already %(count)d samples in this tube.") % {"count": inside}})
    if inside and values.get("barcode", record.barcode) != record.barcode:
        raise ValidationError({"barcode": _("A tube keeps its barcode once a sample is in it.")})
    if values.get("size", record.size) != record.size and selectors.results_of([record]).exists():
        raise ValidationError({"size": _("A tube keeps its size once it has a result.")})
    return records.change(record, by=by, action="testing.tube.changed", base_version=base_version, **values)


def _impossible(tube: Tube, moved: datetime) -> str:
    """Why a sample in this tube cannot have been taken then; "" when it can."""
    if moved > now() + CLOCK_SKEW:
        return Kind.SAMPLED_IN_FUTURE
    if tube.round and moved < tube.round.begins_at:
        return Kind.SAMPLED_BEFORE_ROUND
    if tube.shipped_at and moved > tube.shipped_at:
        return Kind.TUBE_LEFT
    tested = selectors.results_of([tube]).filter(state__in=STANDING, tested_at__lt=moved)
    return Kind.RESULT_BEFORE_SAMPLE if tested.exists() else ""


def _notice(record: Sample, kind: str, outcome: str, moved: datetime) -> Notice:
    said = {"sampled_at": moved.isoformat(), "before": record.sampled_at.isoformat(), "sample": str(record.pk)}
    tube = record.tube
    return Notice(kind, outcome, record.area_id, tube.barcode, None, "sampled_at", said, tube.round_id, tube.pk,
                  tube.batch_id, person_id=record.person_id)  # fmt: skip
