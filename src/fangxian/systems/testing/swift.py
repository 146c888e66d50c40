"""Samples into the table by the thousand without a model object each: a fifth of the time, the same row and audit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, scope
from fangxian.core.clock import now
from fangxian.systems.testing.models import Sample

INSERT = "INSERT INTO testing_sample ({}) VALUES ({})"


class Swab(NamedTuple):
    """One person's sample on its way into the table."""

    id: UUID
    tube_id: UUID
    person_id: UUID
    area_id: str
    sampled_at: datetime
    device_at: datetime | None
    pooled: bool


def insert_samples(swabs: Sequence[Swab], *, by, action: str, source: str) -> None:
    """Write samples and one audit row, inside the caller's transaction. Nothing outside the scope is written."""
    if not swabs:
        return
    reach = scope.current()
    for area in {swab.area_id for swab in swabs}:
        if not reach.covers(area):
            raise ValidationError({"area": _("This area lies outside your posts.")})
    fixed = _fixed(by, source)
    columns = [*fixed, "id", "tube_id", "person_id", "area_id", "sampled_at", "device_at"]
    statement = INSERT.format(", ".join(columns), ", ".join(["%s"] * len(columns)))
    same = tuple(fixed.values())
    key, moment = _prepare("id"), _prepare("sampled_at")
    known: dict[datetime | None, Any] = {None: None}
    rows = []
    for swab in swabs:
        for at in (swab.sampled_at, swab.device_at):
            if at not in known:
                known[at] = moment(at)
        ids = (key(swab.id), key(swab.tube_id), key(swab.person_id))
        rows.append((*same, *ids, swab.area_id, known[swab.sampled_at], known[swab.device_at]))
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
    detail = {"model": "testing.sample", "rows": len(rows), "first": str(swabs[0].id), "last": str(swabs[-1].id)}
    audit.write(action, by=by, area=swabs[0].area_id, detail=detail)


def _fixed(by, source: str) -> dict[str, Any]:
    """Columns that are the same in every row, as the database wants them; a model object knows its defaults."""
    at = now()
    sample = Sample(created_at=at, changed_at=at, created_by=by, changed_by=by, source=source)
    own = {"id", "tube_id", "person_id", "area_id", "sampled_at", "device_at"}
    return {
        field.column: field.get_db_prep_save(getattr(sample, field.attname), connection)
        for field in Sample._meta.concrete_fields
        if field.column not in own
    }


def _prepare(name: str):
    """How values of a field go into the database."""
    field = Sample._meta.get_field(name)
    return lambda value: field.get_db_prep_value(value, connection)
