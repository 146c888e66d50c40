"""Records: what every ledger row has in common, and the verbs that write them.

All writes go through `create`, `change` and their set-based twins: validated, inside the scope in force, versioned,
audited in the same transaction. Two people changing different fields of one record merge; the same field conflicts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.fields import BlindIndexField, EncryptedTextField, Secret
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.scope import ScopedManager, check_write

BATCH = 500
WRITERS = ("created_by", "changed_by")


class Source(models.TextChoices):
    """By which way a record came in."""

    WEB = "web", _("Web page")
    FIELD = "field", _("Phone in the field")
    API = "api", _("Interface")
    IMPORT = "import", _("Sheet import")
    INGEST = "ingest", _("Scan")
    WORKFLOW = "workflow", _("Derived by a workflow")
    DEMO = "demo", _("Demonstration data")


class Record(models.Model):
    """A row of a ledger: whose area, who wrote it when, which version."""

    scope_fields = ("area",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("Area"), related_name="+")
    version = models.PositiveIntegerField(_("Version"), default=1, editable=False)
    created_at = models.DateTimeField(_("Created"), default=now, editable=False)
    created_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    changed_at = models.DateTimeField(_("Changed"), default=now, editable=False)
    changed_by = models.ForeignKey(Officer, models.PROTECT, null=True, editable=False, related_name="+")
    device_at = models.DateTimeField(_("Device time"), null=True, blank=True, editable=False)
    source = models.CharField(_("Source"), max_length=10, choices=Source.choices, default=Source.WEB, editable=False)

    objects = ScopedManager()
    unscoped = models.Manager()

    class Meta:
        abstract = True
        default_manager_name = "objects"
        base_manager_name = "unscoped"

    def clean(self) -> None:
        """No row may be written outside the scope in force."""
        super().clean()
        check_write(self)


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: what is stored, what was wanted, who stored it when."""

    field: str
    stored: str
    wanted: str
    by: str
    at: str


class Conflict(Exception):
    """The record was changed meanwhile, in the same fields; nothing was written."""

    def __init__(self, record: Record, clashes: list[Clash]):
        self.record, self.clashes = record, clashes
        super().__init__(", ".join(clash.field for clash in clashes))


def create(model, *, by, action: str, source: str = Source.WEB, **values):
    """Insert one record. An id that is already there with the same maker is answered with the stored record."""
    record = model(**values, created_by=by, changed_by=by, source=source)
    with transaction.atomic():
        known = model._base_manager.filter(pk=record.pk).first() if "id" in values else None
        if known is not None:
            return _resubmitted(known, by)
        _validate(record)
        _store(record, force_insert=True)
        audit.write(action, by=by, area=record.area, target=record, detail={"set": _shown(record, values)})
    return record


def change(record, *, by, action: str, base_version: int | None = None, **changes):
    """Change fields of one record.

    `base_version` is the version the writer looked at: fields nobody else touched since then merge, the same field
    with another value raises `Conflict`. Changes that change nothing write nothing.
    """
    with transaction.atomic():
        current = type(record)._base_manager.select_for_update().get(pk=record.pk)
        changes = {name: value for name, value in changes.items() if getattr(current, name) != value}
        _refuse_clashes(current, changes, base_version)
        if not changes:
            return current
        before = _shown(current, changes)
        for name, value in changes.items():
            setattr(current, name, value)
        current.version += 1
        current.changed_at, current.changed_by = now(), by
        _validate(current)
        _store(current)
        detail = {"version": current.version, "from": before, "to": _shown(current, changes)}
        audit.write(action, by=by, area=current.area, target=current, detail=detail)
    return current


def create_many(model, rows: Iterable, *, by, action: str, source: str = Source.WORKFLOW, detail: dict | None = None):
    """Insert many records with one audit row a batch; rows must already be valid (engines and workflows make them)."""
    rows = list(rows)
    if not rows:
        return rows
    with transaction.atomic():
        for row in rows:
            check_write(row)
            row.created_by, row.changed_by, row.source = by, by, source
        model._base_manager.bulk_create(rows, batch_size=BATCH)
        summary = {"model": model._meta.label_lower, "rows": len(rows), "first": str(rows[0].pk)}
        audit.write(action, by=by, area=rows[0].area, detail={**summary, **(detail or {})})
    return rows


def change_many(rows: Iterable, *, by, action: str, detail: dict | None = None, **changes) -> int:
    """Set the same values on many records of one model with one audit row; returns how many."""
    rows = list(rows)
    for row in rows:
        for name, value in changes.items():
            setattr(row, name, value)
    to = {name: str(value) for name, value in changes.items()}
    written = {**changes, "version": models.F("version") + 1}

    def update(model, part: list) -> None:
        stamp = {"changed_at": part[0].changed_at, "changed_by": by}
        model._base_manager.filter(pk__in=[row.pk for row in part]).update(**written, **stamp)

    return _save(rows, list(changes), update, by=by, action=action, detail={"to": to, **(detail or {})})


def save_many(rows: Iterable, fields: list[str], *, by, action: str, detail: dict | None = None) -> int:
    """Save records of one model whose fields were set in different ways, with one audit row; returns how many."""
    rows, written = list(rows), [*fields, "version", "changed_at", "changed_by"]

    def upsert(model, part: list) -> None:
        """One plain statement: a CASE for each field, as `bulk_update` writes it, takes many times as long."""
        there = model._base_manager.select_for_update().filter(pk__in=[row.pk for row in part]).order_by("pk")
        alive = set(there.values_list("pk", flat=True))
        model._base_manager.bulk_create(
            [row for row in part if row.pk in alive], update_conflicts=True, unique_fields=["id"], update_fields=written
        )

    return _save(rows, fields, upsert, by=by, action=action, detail=detail or {})


def _save(rows: list, fields: list[str], write: Callable, *, by, action: str, detail: dict) -> int:
    """Write changed rows part by part, stamped with a new version, under one audit row."""
    if not rows:
        return 0
    model, at = type(rows[0]), now()
    _refuse_secrets(model, fields)
    with transaction.atomic():
        for row in rows:
            check_write(row)
            row.version += 1
            row.changed_at, row.changed_by = at, by
        for start in range(0, len(rows), BATCH):
            write(model, rows[start : start + BATCH])
        summary = {"model": model._meta.label_lower, "rows": len(rows), "fields": fields}
        ids = [str(row.pk) for row in rows[:BATCH]]
        audit.write(action, by=by, area=rows[0].area, detail={**summary, "ids": ids, **detail})
    return len(rows)


def _resubmitted(known: Record, by) -> Record:
    """A phone that lost the answer sends again: the stored record is the answer. Someone else's id is a clash."""
    if known.created_by_id != (by.pk if by else None):
        raise ValidationError({"id": _("This id is taken by another record.")})
    return known


def _validate(record: Record) -> None:
    """All checks of the model; uniqueness is left to the database, which also sees rows outside the scope.

    Who writes came with the call and is an officer already: nobody looks them up again, twice a row.
    """
    record.full_clean(exclude=WRITERS, validate_unique=False, validate_constraints=False)


def _store(record: Record, **how) -> None:
    """Save; a rule only the database can check (two with one key) is a reason, not a crash."""
    try:
        with transaction.atomic():
            record.save(**how)
    except IntegrityError as error:
        raise ValidationError(
            _("This record breaks a rule of the register: %(rule)s") % {"rule": _rule(error)}
        ) from error


def _rule(error: IntegrityError) -> str:
    """The database's words without the values it may quote."""
    return str(error).splitlines()[0].split("DETAIL")[0]


def _refuse_clashes(current: Record, changes: dict, base_version: int | None) -> None:
    """Raise `Conflict` for fields that somebody else set since the base version.

    A set-based write leaves no row of its own for each record; when such a version lies in between, nobody can say
    which fields it touched, so every field that is to be changed counts.
    """
    if base_version is None or base_version >= current.version:
        return
    entries = list(audit.history(current).filter(detail__version__gt=base_version).select_related("officer"))
    touched = {name: (entry.officer, entry.at) for entry in entries for name in entry.detail["to"]}
    if len(entries) < current.version - base_version:
        touched = {**dict.fromkeys(changes, (current.changed_by, current.changed_at)), **touched}
    clashes = [_clash(current, name, changes[name], *touched[name]) for name in changes if name in touched]
    if clashes:
        raise Conflict(current, clashes)


def _clash(current: Record, name: str, wanted, officer, at) -> Clash:
    stored = _show(current, name, getattr(current, name))
    return Clash(name, stored, _show(current, name, wanted), str(officer or "-"), at.isoformat())


def _refuse_secrets(model, names: Iterable[str]) -> None:
    for name in names:
        if isinstance(model._meta.get_field(name), EncryptedTextField | BlindIndexField):
            raise ValueError(f"{name} is personal: change it one record at a time")


def _shown(record: Record, names: Iterable[str]) -> dict[str, str]:
    return {name: _show(record, name, getattr(record, name)) for name in names if name != "id"}


def _show(record: Record, name: str, value) -> str:
    """A value as the audit keeps it: personal values masked."""
    field = record._meta.get_field(name)
    if isinstance(field, EncryptedTextField):
        return str(value) if isinstance(value, Secret) else str(field.to_python(value))
    if isinstance(value, models.Model):
        return str(value.pk)
    return "" if value is None else str(value)
