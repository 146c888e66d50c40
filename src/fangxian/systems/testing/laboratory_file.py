"""A laboratory's file of results: set-based, 10^5 rows, every row in the ledger once.

The same rules as for one result (`judging`), applied to a thousand rows at a time: a handful of statements and one
audit row a thousand. Each thousand is its own transaction, so a file that was cut off is sent again from the top:
what is stored already counts as unchanged.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.registers import ledger as registers_ledger
from fangxian.registers.ledger import Reject
from fangxian.registers.tidy import tidy
from fangxian.systems.testing import accidents, conflicts, outcomes, selectors, swift
from fangxian.systems.testing.accident_rows import of_tube, unregistered
from fangxian.systems.testing.accidents import Kind, Notice, Outcome, Refusal
from fangxian.systems.testing.announcements import announce
from fangxian.systems.testing.judging import TubeFacts, Verdict, Word, judge, oddities, read_value, refusal
from fangxian.systems.testing.models import LabResult, Tube

CHUNK = 1000
State, Value = LabResult.State, LabResult.Value
_MOMENT = forms.DateTimeField()


@dataclass(frozen=True)
class ResultRow:
    """One row as it came: texts or typed cells; `row` is its number in the file."""

    row: int
    barcode: str
    disease: str
    value: str
    tested_at: Any
    laboratory: str


@dataclass
class Ledger(registers_ledger.Ledger):
    """The ledger, and what needs somebody: rows stored as held, and new positives in force (result ids)."""

    held: list[Reject] = field(default_factory=list)
    positives: list[UUID] = field(default_factory=list)

    def as_dict(self) -> dict:
        """For reports and JSON."""
        return {**super().as_dict(), "held": [vars(note) for note in self.held], "positives": len(self.positives)}


def import_results(
    rows: Iterable[ResultRow],
    *,
    by,
    source: str = Source.IMPORT,
    progress: Callable[[int], None] = lambda done: None,
) -> Ledger:
    """Take a laboratory's rows and account for each: inserted, unchanged, duplicate, blank, or rejected with reason.

    A row that contradicts a stored one, or another row of the file, is inserted as held and named in `held`.
    """
    ledger, seen, rest = Ledger(), {}, iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        with transaction.atomic():
            _Chunk(ledger, seen, by, source).take(chunk)
        progress(ledger.rows)
    return ledger


class _Chunk:
    """A thousand rows on their way; `seen` maps each finding of the file to its first row."""

    def __init__(self, ledger: Ledger, seen: dict[tuple, int], by, source: str):
        self.ledger, self.seen, self.by, self.source = ledger, seen, by, source
        self.at = now()
        self.fresh: list[LabResult] = []
        self.turned: list[LabResult] = []
        self.notices: list[Notice] = []
        self.known: dict[tuple, list[LabResult]] = defaultdict(list)

    def take(self, rows: list[ResultRow]) -> None:
        self.ledger.rows += len(rows)
        self._load({_barcode(row) for row in rows})
        for row in rows:
            if not any(str(cell or "").strip() for cell in (row.barcode, row.value, row.tested_at)):
                self.ledger.blank += 1
                continue
            try:
                self._judge(row, self._read(row))
            except ValidationError as error:
                name, reasons = next(iter(error.message_dict.items()))
                self.ledger.rejects.append(Reject(row.row, name, str(reasons[0])))
                self.notices += error.notices if isinstance(error, Refusal) else self._unreadable(row, name)
        self._write()

    def _load(self, barcodes: set[str]) -> None:
        found = Tube.objects.select_for_update(of=("self",)).filter(barcode__in=barcodes).order_by("pk")
        self.tubes = {tube.barcode: tube for tube in found.select_related("area")}
        self.facts = selectors.facts(self.tubes.values())
        for result in selectors.results_of(self.tubes.values()):
            self.known[(result.tube_id, result.disease)].append(result)

    def _read(self, row: ResultRow) -> Word:
        """The row as a laboratory's word; raises `ValidationError` naming the field."""
        value = read_value(row.value)
        if value is None:
            raise ValidationError({"value": _("“%(value)s” is not a result.") % {"value": str(row.value)[:20]}})
        for name in ("disease", "laboratory"):
            if (
                not str(getattr(row, name)).strip()
                or len(str(getattr(row, name))) > LabResult._meta.get_field(name).max_length
            ):
                raise ValidationError({name: _("Missing or too long.")})
        return Word(value, _moment(row.tested_at), str(row.laboratory).strip())

    def _judge(self, row: ResultRow, word: Word) -> None:
        tube = self.tubes.get(_barcode(row))
        if tube is None:
            notice = unregistered(_barcode(row), word, by=self.by, row=row.row)
            raise Refusal({"tube": _("This tube is not registered.")}, [notice] if notice.area_id else [])
        facts = self.facts.get(tube.pk, TubeFacts(0, None))
        refused = refusal(word, facts, self.at)
        if refused:
            notice = of_tube(tube, refused.kind, word, None, refused.field, row.row)
            raise Refusal({refused.field: refused.reason}, [notice])
        disease = str(row.disease).strip()
        first = self.seen.setdefault((tube.pk, disease, word.value), row.row)
        if first != row.row:
            note = _("the same as row %(row)s") % {"row": first}
            self.ledger.duplicate += 1
            self.ledger.duplicates.append(Reject(row.row, "", note))
            return
        known = self.known[(tube.pk, disease)]
        verdict, made = judge(word, known)
        odd = oddities(verdict, made, facts, self.source)
        if verdict == Verdict.SAME:
            self.ledger.unchanged += 1
        else:
            made = self._keep(row, tube, disease, word, held=verdict == Verdict.CONTRADICTS)
        self.notices += [of_tube(tube, kind, word, made, row=row.row) for kind in odd]

    def _keep(self, row: ResultRow, tube: Tube, disease: str, word: Word, *, held: bool) -> LabResult:
        known = self.known[(tube.pk, disease)]
        if held:
            self._hold(known)
            self.ledger.held.append(Reject(row.row, "value", _("contradicts another result of this tube: held")))
        made = LabResult(
            area=tube.area,
            tube=tube,
            disease=disease,
            value=word.value,
            state=State.HELD if held else State.IN_FORCE,
            laboratory=word.laboratory,
            tested_at=word.tested_at,
            reported_at=self.at,
            source=self.source,
        )
        known.append(made)
        self.fresh.append(made)
        self.ledger.inserted += 1
        return made

    def _hold(self, known: list[LabResult]) -> None:
        """What stood is held: rows of this chunk in memory, stored rows with the chunk's write."""
        fresh = {result.pk for result in self.fresh}
        for result in known:
            if result.state == State.IN_FORCE:
                result.state = State.HELD
                if result.pk not in fresh:
                    self.turned.append(result)

    def _write(self) -> None:
        records.change_many(
            self.turned, by=self.by, action="testing.result.held", state=State.HELD, first_opinion="", first_by=None
        )
        swift.insert(LabResult, self.fresh, by=self.by, action="testing.result.imported", source=self.source)
        held = {result.tube_id: result for result in self.fresh if result.state == State.HELD}
        if held:
            conflicts.hand_down(held.values(), by=self.by)
        outcomes.follow({result.tube_id for result in [*self.fresh, *self.turned]})
        accidents.note_many(self.notices, by=self.by, source=self.source)
        found = [r.pk for r in self.fresh if (r.value, r.state) == (Value.POSITIVE, State.IN_FORCE)]
        announce(found, by=self.by)
        self.ledger.positives = [pk for pk in self.ledger.positives if pk not in self._turned_ids()] + found

    def _unreadable(self, row: ResultRow, name: str) -> list[Notice]:
        """A row that is no finding at all is kept as it came."""
        tube = self.tubes.get(_barcode(row))
        area = tube.area_id if tube else accidents.area_of(self.by)
        said = {"value": str(row.value)[:40], "tested_at": str(row.tested_at)[:40]}
        kind, refused = Kind.RESULT_UNREADABLE, Outcome.REFUSED
        return [Notice(kind, refused, area, _barcode(row)[:40], row.row, name, said)] if area else []

    def _turned_ids(self) -> set[UUID]:
        return {result.pk for result in self.turned}


def _barcode(row: ResultRow) -> str:
    return str(row.barcode or "").strip().upper()


def _moment(cell: Any) -> datetime:
    """The time of the test as an aware time; raises `ValidationError` naming the field."""
    if isinstance(cell, datetime) and timezone.is_aware(cell):
        return cell
    try:
        return _MOMENT.clean(tidy(_MOMENT, cell))
    except ValidationError as error:
        raise ValidationError({"tested_at": error.messages}) from error
