"""Everything in the store that points to a person, found by walking the models: a new system needs no line here.

Foreign keys to `Person`; plain uuids named `person` or `person_id` (what lies beside, such as flagged scans); pairs of
`subject_kind` and `subject_id` that say “people.person”. The visit log is no table: it is read through aliases.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Record
from fangxian.systems.people.models import DuplicatePair, Merge, Person

LOOSE = ("person", "person_id")
OWN = (DuplicatePair, Merge)  # matching's own books name both entries and stay as they are
CHUNK = 500


@dataclass(frozen=True)
class Reference:
    """One column that names a person; `kind` is the column beside it that has to say “people.person”, or ""."""

    model: type[models.Model]
    field: str
    kind: str = ""

    @property
    def label(self) -> str:
        """`cases.contact.person`, as a merge keeps it."""
        return f"{self.model._meta.label_lower}.{self.field}"

    def rows(self, person_id: UUID) -> models.QuerySet:
        """The rows that name this person, wherever they are."""
        condition = {self.field: person_id, **({self.kind: Person._meta.label_lower} if self.kind else {})}
        return self.model._base_manager.filter(**condition)


@cache
def references() -> tuple[Reference, ...]:
    """Every such column of the installation, in a fixed order."""
    found = {one.label: one for model in apps.get_models(include_auto_created=True) for one in _of(model)}
    return tuple(found[label] for label in sorted(found))


def by_label(label: str) -> Reference | None:
    """The column a merge has kept by its label; None when no table has it any more."""
    return next((one for one in references() if one.label == label), None)


def counted(person_id: UUID) -> dict[str, int]:
    """How many rows of each table point to a person."""
    counts = {one: one.rows(person_id).count() for one in references()}
    return {str(one.model._meta.verbose_name_plural): count for one, count in counts.items() if count}


def move(one: Reference, ids: Iterable[Any], *, to: UUID, by: Officer | None) -> tuple[list[str], list[str]]:
    """Point rows to another person: ids that moved, and ids that could not because the other has such a row already."""
    moved: list[str] = []
    stayed: list[str] = []
    for part in _parts(list(ids)):
        if _try(one, part, to, by):
            moved += map(str, part)
            continue
        for pk in part:
            (moved if _try(one, [pk], to, by) else stayed).append(str(pk))
    return moved, stayed


def _try(one: Reference, ids: list[Any], to: UUID, by: Officer | None) -> bool:
    """All of the rows or none. A record's version moves on: whoever has it open sees that it changed."""
    values: dict[str, Any] = {one.field: to}
    if issubclass(one.model, Record):
        values |= {"version": F("version") + 1, "changed_at": now(), "changed_by": by}
    try:
        with transaction.atomic():
            one.model._base_manager.filter(pk__in=ids).update(**values)
    except IntegrityError:
        return False
    return True


def _of(model: type[models.Model]) -> Iterator[Reference]:
    if issubclass(model, OWN) or not model._meta.managed or model._meta.proxy:
        return
    names = {field.name for field in model._meta.concrete_fields}
    for field in model._meta.concrete_fields:
        if field.related_model is Person and not (model is Person and field.name == "merged_into"):
            yield Reference(model, field.attname)
        elif isinstance(field, models.UUIDField) and field.name in LOOSE and not field.primary_key:
            yield Reference(model, field.attname)
        elif field.name == "subject_id" and "subject_kind" in names:
            yield Reference(model, field.attname, kind="subject_kind")


def _parts(values: list) -> Iterator[list]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
