"""Samples of the environment: taken, reported once, corrected with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.core.reporting import check_reporter
from fangxian.systems.command import services as command
from fangxian.systems.environment import rules
from fangxian.systems.environment.announcements import sample_corrected, sample_positive
from fangxian.systems.environment.models import EnvironmentOrder, EnvironmentSample, MonitoringPoint
from fangxian.systems.environment.words import Result, State, Surrounding, Why

About = tuple[str, UUID]


def take(
    *, by: Officer | None, area: Area, where: str, barcode: str, sampled_at: datetime | None = None,
    point: MonitoringPoint | None = None, order: EnvironmentOrder | None = None, about: About | None = None,
    because: About | None = None, source: str = Source.WEB, **values: Any,
) -> EnvironmentSample:  # fmt: skip
    """Write down a sample. A point gives its setting, an order says that the sample checks it.

    Raises ValidationError for a moment yet to come, a point elsewhere, a check before the work was done.
    """
    taken = sampled_at or now()
    _check_moment("sampled_at", taken)
    values |= _of_point(point, area) | _of_order(order, taken)
    pack = rules.pack_of(area.code)
    wanted = {**_named("subject", about), **_named("because", because), **values}
    kind = wanted.get("kind") or EnvironmentSample._meta.get_field("kind").default
    return records.create(
        EnvironmentSample, by=by, action="environment.sample.taken", source=source, area=area, where=where,
        barcode=barcode.strip(), sampled_at=taken, point=point, order=order, pack=pack.version,
        due_at=taken + rules.time_for_result(kind, pack), **wanted,
    )  # fmt: skip


def report(
    *, sample: EnvironmentSample, by: Officer | None, result: str, at: datetime | None = None, laboratory: str = "",
) -> EnvironmentSample:  # fmt: skip
    """What the laboratory found. The same again is taken as one; an unclear one may become clear.

    A contradiction is refused: whoever knows better corrects with a reason. So is whoever took the sample, keeps the
    goods there or has no right to report. Raises ValidationError.
    """
    with transaction.atomic():
        current = EnvironmentSample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
        _check_hand(current, by)
        if current.result == result != Result.PENDING:
            return current
        moment = at or now()
        _check_report(current, result, moment)
        done = records.change(
            current, by=by, action="environment.sample.reported", result=Result(result), reported_at=moment,
            laboratory=laboratory or current.laboratory,
        )  # fmt: skip
        _follow(done, by)
    return done


def correct(*, sample: EnvironmentSample, by: Officer | None, result: str, reason: str) -> EnvironmentSample:
    """Put a wrong result right, with the reason in the history; what followed from a wrong positive is taken back."""
    words = stated(reason)
    with transaction.atomic():
        current = EnvironmentSample.objects.select_for_update(of=("self",)).get(pk=sample.pk)
        _check_hand(current, by)
        if current.result == Result.PENDING or result == Result.PENDING:
            raise ValidationError({"result": _("Only a result that was reported can be corrected, by another result.")})
        was = current.result
        done = records.change(
            current, by=by, action="environment.sample.corrected", result=Result(result), correction=words[:200]
        )
        if was != done.result and was == Result.POSITIVE:
            sample_corrected.send(sender=None, sample=done, by=by)
        if was != done.result:
            _follow(done, by)
    return done


def change(
    *, sample: EnvironmentSample, by: Officer | None, base_version: int | None = None, **changes: Any
) -> EnvironmentSample:
    """Correct what was written on the label, as long as there is no result."""
    if sample.result != Result.PENDING:
        raise ValidationError(_("This sample has a result: correct that on its page, with the reason."))
    if "sampled_at" in changes:
        _check_moment("sampled_at", changes["sampled_at"])
    return records.change(sample, by=by, action="environment.sample.changed", base_version=base_version, **changes)


def _of_point(point: MonitoringPoint | None, area: Area) -> dict[str, Any]:
    if point is None:
        return {}
    if point.area_id != area.pk:
        raise ValidationError({"area": _("The monitoring point lies in another area: choose that one.")})
    return {"kind": point.kind}


def _of_order(order: EnvironmentOrder | None, taken: datetime) -> dict[str, Any]:
    """A sample that checks an order is of what the order is about."""
    if order is None:
        return {}
    if order.state != State.DONE or order.done_at is None or taken < order.done_at:
        raise ValidationError({"sampled_at": _("The check is sampled after the work was done and before acceptance.")})
    return {
        "why": Why.AFTER, "kind": order.setting, "subject_kind": order.subject_kind, "subject_id": order.subject_id,
        "because_kind": order.because_kind, "because_id": order.because_id,
    }  # fmt: skip


def _named(prefix: str, about: About | None) -> dict[str, Any]:
    return {f"{prefix}_kind": about[0], f"{prefix}_id": about[1]} if about else {}


def _check_moment(field: str, moment: datetime) -> None:
    if moment > now():
        raise ValidationError({field: _("This moment is yet to come.")})


def _check_hand(sample: EnvironmentSample, by: Officer | None) -> None:
    took = by is not None and (sample.created_by_id == by.pk or sample.sampled_by == by.name)
    check_reporter(by=by, right=Permission.ENVIRONMENT_SAMPLES_REPORT, area_code=sample.area_id, took=took,
                   is_store=sample.kind == Surrounding.GOODS, field="result")  # fmt: skip


def _check_report(sample: EnvironmentSample, result: str, moment: datetime) -> None:
    _check_moment("reported_at", moment)
    if result not in Result.values or result == Result.PENDING:
        raise ValidationError({"result": _("Say what was found: negative, positive or unclear.")})
    if moment < sample.sampled_at:
        raise ValidationError({"reported_at": _("A result cannot be older than its sample.")})
    if sample.result not in (Result.PENDING, Result.UNCLEAR):
        raise ValidationError(
            {"result": _("This contradicts the result on record. Correct that one with a reason, or sample again.")}
        )


def _follow(sample: EnvironmentSample, by: Officer | None) -> None:
    """A positive one is told; one that checks an order sends the order back."""
    if sample.result != Result.POSITIVE:
        return
    sample_positive.send(sender=None, sample=sample, by=by)
    order = sample.order
    if order is not None and order.state == State.DONE and order.task is not None:
        command.send_back(task=order.task, by=None, reason=_("The sample taken after it is positive: do it again."))
