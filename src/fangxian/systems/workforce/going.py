"""Going down to the front line (下沉): staff sent for a time, and field visits of leaders."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.workforce.models import Deployment
from fangxian.systems.workforce.shifts import check_times
from fangxian.systems.workforce.words import Going


def send(
    *, by: Officer | None, area: Area, from_area: Area, name: str, starts_at: datetime,
    ends_at: datetime | None = None, source: str = Source.WEB, **values: Any,
) -> Deployment:  # fmt: skip
    """Send somebody from a unit to an area. Raises ValidationError for whoever is sent elsewhere at that time."""
    check_times(starts_at, ends_at)
    with transaction.atomic():
        _refuse_double(name, values.get("officer"), from_area, starts_at, ends_at)
        return records.create(
            Deployment, by=by, action="workforce.deployment.sent", source=source, kind=Going.STAFF, area=area,
            from_area=from_area, name=name.strip(), starts_at=starts_at, ends_at=ends_at, **values,
        )  # fmt: skip


def call_back(*, deployment: Deployment, by: Officer) -> Deployment:
    """End a deployment now. Raises ValidationError for one that is over, or has not begun."""
    with transaction.atomic():
        current = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
        if current.kind != Going.STAFF or (current.ends_at is not None and current.ends_at <= now()):
            raise ValidationError(_("This is over already."))
        if current.starts_at >= now():
            raise ValidationError(_("This has not begun: change its time in the list."))
        return records.change(current, by=by, action="workforce.deployment.called_back", ends_at=now())


def log_visit(
    *, by: Officer | None, area: Area, from_area: Area, name: str, starts_at: datetime, ends_at: datetime,
    source: str = Source.WEB, **values: Any,
) -> Deployment:  # fmt: skip
    """Log the field visit of a leader: where, when, what for, what was found. Raises ValidationError for the future."""
    check_times(starts_at, ends_at)
    if starts_at > now():
        raise ValidationError({"starts_at": _("A visit is logged when it has been made.")})
    return records.create(
        Deployment, by=by, action="workforce.visit.logged", source=source, kind=Going.LEADER, area=area,
        from_area=from_area, name=name.strip(), starts_at=starts_at, ends_at=ends_at, **values,
    )  # fmt: skip


def found_is(*, visit: Deployment, by: Officer | None, finding_id: UUID) -> Deployment:
    """Say which finding came of a visit."""
    return records.change(visit, by=by, action="workforce.visit.finding_raised", finding_id=finding_id)


def _refuse_double(
    name: str, officer: Officer | None, from_area: Area, starts_at: datetime, ends_at: datetime | None
) -> None:
    who = {"officer": officer} if officer else {"name": name.strip(), "from_area": from_area}
    there = Deployment.unscoped.filter(kind=Going.STAFF, **who).exclude(ends_at__lte=starts_at)
    clash = (there.filter(starts_at__lt=ends_at) if ends_at else there).select_related("area").first()
    if clash is not None:
        raise ValidationError({"name": _("%(name)s is sent to %(area)s at that time: call them back first.")
                               % {"name": name, "area": clash.area}})  # fmt: skip
