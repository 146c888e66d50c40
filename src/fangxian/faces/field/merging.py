"""A phone changed a record the office changed meanwhile: other fields merge, the same one stays and is logged."""

from collections.abc import Callable, Iterable
from typing import Any

from fangxian.core.records import Clash, Conflict, Record
from fangxian.faces.field.kinds import Entry
from fangxian.faces.field.models import EditClash


def merge(entry: Entry, change: Callable[..., Record], *, base_version: int | None, **changes: Any) -> Record:
    """Call `change(base_version=…, **changes)`; where it conflicts, keep a log row and write the other fields.

    `change` is a verb of a system with everything but the changes filled in. Answers the record as it is stored.
    """
    try:
        return change(base_version=base_version, **changes)
    except Conflict as conflict:
        keep(entry, conflict.record, conflict.clashes)
        lost = {clash.field for clash in conflict.clashes}
        rest = {name: value for name, value in changes.items() if name not in lost}
        return change(base_version=base_version, **rest) if rest else conflict.record


def keep(entry: Entry, record: Record, clashes: Iterable[Clash]) -> None:
    """Log rows for the fields that stayed as stored; the same entry again adds none."""
    rows = [
        EditClash(
            submission=entry.id, officer=entry.by, area_code=record.area_id, target_kind=record._meta.label_lower,
            target_id=str(record.pk), field=clash.field, stored=clash.stored, wanted=clash.wanted,
            stored_by=clash.by, stored_at=clash.at,
        )
        for clash in clashes
    ]  # fmt: skip
    EditClash.objects.bulk_create(rows, ignore_conflicts=True)
