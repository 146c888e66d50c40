"""A line list of one's own becomes persons, cases, exposures, contacts and a chain.

Read downwards: the columns are recognised (`linelists/columns.py`), each row is read cell by cell
(`linelists/rows.py`), cases are taken in by number, then their exposures, then who named whom: in the list itself
(“wife of TJ95”) and in the list of pairs.

Nothing disappears. Every row is in the ledger once (inserted, updated, unchanged, duplicate, rejected, blank); a cell
nobody could read is named and its row taken without it; what is odd but possible is a doubt. Importing the same files
again changes nothing; a corrected file brings the cases up to date.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.diseases import KEYS
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.registers import ledger as registers_ledger
from fangxian.registers import sheets
from fangxian.registers.ledger import Reject
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.services import CaseRow, Certainty, ContactRow, LinkRow, Loaded
from fangxian.workflows.linelists import cells, rows
from fangxian.workflows.linelists.columns import CASE_ROLES, PAIR_ROLES, assign
from fangxian.workflows.linelists.rows import NOTE, Row
from fangxian.workflows.linelists.sources import Reader, setting

CHUNK = 500
UNKNOWN_DISEASE = "unknown"
NUMBER = 40
Links = dict[tuple[str, str], LinkRow]
LOW, MEDIUM = str(Certainty.LOW), str(Certainty.MEDIUM)
Progress = Callable[[int, int, str], None]


@dataclass
class Ledger(registers_ledger.Ledger):
    """What became of the rows of both files.

    The figures of the base class count the rows of the case list; `pairs` is the ledger of the list of pairs.
    unread     cells nobody could read (row, column, reason); their rows were taken without them
    doubts     what is possible but odd (row, column, reason), such as an infection after onset
    sourced    cases whose source is named by its id in the list; `guessed` those named by a bare number only
    columns    which column was taken for what
    """

    event: str = ""
    disease: str = ""
    area: str = ""
    links: int = 0
    exposures: int = 0
    contacts: int = 0
    sourced: int = 0
    guessed: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    unread: list[Reject] = field(default_factory=list)
    doubts: list[Reject] = field(default_factory=list)
    spreaders: dict[str, int] = field(default_factory=dict)
    pairs: registers_ledger.Ledger = field(default_factory=registers_ledger.Ledger)

    def as_dict(self) -> dict[str, Any]:
        """For reports and JSON."""
        figures = ("event", "disease", "area", "links", "exposures", "contacts", "sourced", "guessed")
        return {
            **super().as_dict(),
            **{name: getattr(self, name) for name in figures},
            "unread_cells": len(self.unread),
            "doubtful_cells": len(self.doubts),
            "pair_rows": self.pairs.rows,
            "pairs_rejected": self.pairs.rejected,
            "columns": self.columns,
            "spreaders": self.spreaders,
            "unread": [vars(note) for note in self.unread],
            "doubts": [vars(note) for note in self.doubts],
            "pairs": self.pairs.as_dict(),
        }


def import_linelist(
    path: Path | str,
    contacts_path: Path | str | None = None,
    *,
    by: Officer | None,
    area: Area | str | None = None,
    disease: str | None = None,
    mapping: Mapping[str, str | None] | None = None,
    contacts_mapping: Mapping[str, str | None] | None = None,
    prefix: str | None = None,
    progress: Progress | None = None,
) -> Ledger:
    """Take a case list (and a list of pairs) in and account for every row.

    area       who answers for the cases: an area or its code; the highest area of the installation when missing
    disease    key of the disease; read from the file's name when missing, else "unknown"
    mapping    {part: heading} where a heading is not recognised ({part: None} leaves a part out); parts are the keys
               of `columns.CASE_ROLES`, for `contacts_mapping` those of `PAIR_ROLES`
    prefix     put before every id to make case numbers; ids that are bare numbers get the file's name by default,
               because every list begins at 1
    progress   called with (rows done, rows in all, what is being done)

    Raises `ValidationError` when a file cannot be read at all, or when nothing names its cases; `Refused` when the
    officer may not import cases there.
    """
    path, home = Path(path), _area(area)
    if by is not None:
        require(by, Permission.CASES_IMPORT, home.code)
    ledger = Ledger(event=path.stem[:80], disease=_disease(disease, path), area=home.code)
    with scope.within(home.code) if by is None else nullcontext():
        _Import(ledger, home, by, prefix, progress or _silent).run(path, contacts_path, mapping, contacts_mapping)
    return ledger


class _Import:
    """One import; holds what its steps share."""

    def __init__(self, ledger: Ledger, area: Area, by: Officer | None, prefix: str | None, progress: Progress):
        self.ledger, self.area, self.by, self.prefix, self.progress = ledger, area, by, prefix, progress
        self.reader = Reader(())

    def run(
        self,
        path: Path,
        contacts_path: Path | str | None,
        mapping: Mapping[str, str | None] | None,
        contacts_mapping: Mapping[str, str | None] | None,
    ) -> None:
        """Both files, one after the other."""
        table = sheets.read(path.read_bytes())
        columns = assign(table.headings, CASE_ROLES, mapping)
        self.ledger.rows, self.ledger.headings = len(table.rows), table.headings
        self.ledger.columns = {part: table.headings[index] for part, index in columns.items()}
        self.ledger.ignored_columns = [h for i, h in enumerate(table.headings) if i not in columns.values()]
        listed = list(self._distinct(self._read(table, columns)))
        if self.prefix is None:
            bare = bool(listed) and all(row.id.isdigit() for row in listed)
            self.prefix = f"{path.stem[:24]}-" if bare else ""
        self.reader = Reader([row.id for row in listed])
        self._take_cases(listed)
        self._take_exposures(listed)
        named, pairs = self._named_sources(listed), {}
        if contacts_path is not None:
            pairs = self._pairs(Path(contacts_path), contacts_mapping)
        # what the list of pairs says of two cases stands, whatever the case list says of them
        named = {pair: link for pair, link in named.items() if pair not in pairs}
        self._take_links(named)
        _count(self.ledger.pairs, self._take_links(pairs))
        spread = Counter(infector for infector, _infected in (*named, *pairs))
        self.ledger.spreaders = dict(spread.most_common(5))

    # --- reading ---

    def _read(self, table: sheets.Table, columns: dict[str, int]) -> Iterator[Row]:
        for number, row in table.numbered():
            values = {part: row[index] if index < len(row) else None for part, index in columns.items()}
            if all(cells.text(value) is None for value in row):
                self.ledger.blank += 1
                continue
            case_id = cells.text(values.pop("id"))
            if case_id is None or len(case_id) + len(self.prefix or "") > NUMBER:
                self.ledger.rejects.append(Reject(number, "id", _("No id, or one longer than a case number may be.")))
                continue
            yield rows.read(number, case_id, values, partial(self._note, self.ledger.unread, number))

    def _distinct(self, read: Iterator[Row]) -> Iterator[Row]:
        """The first row of each id; a second one is a duplicate, or rejected when it says otherwise."""
        first: dict[str, Row] = {}
        for row in read:
            known = first.setdefault(row.id, row)
            if known is row:
                yield row
            elif known.said == row.said:
                self.ledger.duplicate += 1
                note = _("the same as row %(row)s") % {"row": known.number}
                self.ledger.duplicates.append(Reject(row.number, "id", note))
            else:
                note = _("has the key of row %(row)s but says otherwise") % {"row": known.number}
                self.ledger.rejects.append(Reject(row.number, "id", note))

    # --- writing ---

    def _take_cases(self, listed: list[Row]) -> None:
        event = cases.open_event(
            by=self.by, area=self.area, name=self.ledger.event, disease=self.ledger.disease, source="import"
        )
        for start in range(0, len(listed), CHUNK):
            part = listed[start : start + CHUNK]
            made = [self._case_row(row, event) for row in part]
            loaded = cases.load_cases(made, by=self.by)
            _count(self.ledger, loaded)
            self.progress(start + len(part), len(listed), _("Cases"))

    def _case_row(self, row: Row, event: Any) -> CaseRow:
        return CaseRow(self._number(row.id), self.area, self.ledger.disease, rows.person(row), rows.case(row), event)

    def _take_exposures(self, listed: list[Row]) -> None:
        doubts = self.ledger.doubts
        made = (rows.exposure(r, self._number(r.id), partial(self._note, doubts, r.number)) for r in listed)
        found = [row for row in made if row is not None]
        for start in range(0, len(found), CHUNK):
            loaded = cases.load_exposures(found[start : start + CHUNK], by=self.by)
            self.ledger.exposures += _present(loaded)
            self.progress(min(start + CHUNK, len(found)), len(found), _("Exposures"))

    def _note(self, notes: list[Reject], number: int, part: str, reason: str) -> None:
        notes.append(Reject(number, self.ledger.columns[part], reason))

    # --- who infected whom ---

    def _named_sources(self, listed: list[Row]) -> Links:
        """Links from sources named in the case list. Several named for one case are each less certain."""
        links: Links = {}
        for row in listed:
            words = row.said.get("source") or ""
            named = self.reader.read(words, own=row.id)
            for stranger in named.strangers:
                self._note(
                    self.ledger.doubts,
                    row.number,
                    "source",
                    _("The source %(id)s is not in the list.") % {"id": stranger},
                )
            self.ledger.sourced += bool(named.ids)
            self.ledger.guessed += bool(named.guessed and not named.ids)
            for source in (*named.ids, *named.guessed):
                sure = LOW if source in named.guessed else MEDIUM
                made = self._link(source, row.id, words, sure)
                links.setdefault((made.infector, made.infected), made)
        return _less_certain(links)

    def _pairs(self, path: Path, mapping: Mapping[str, str | None] | None) -> Links:
        """The list of pairs: two cases are a link, a case and somebody else a close contact, taken in here."""
        table, ledger = sheets.read(path.read_bytes()), self.ledger.pairs
        columns = assign(table.headings, PAIR_ROLES, mapping, needed=("from", "to"))
        ledger.rows, ledger.headings = len(table.rows), table.headings
        links: Links = {}
        contacts: dict[tuple[str, str], ContactRow] = {}
        for number, row in table.numbered():
            said = {part: cells.text(row[index]) if index < len(row) else None for part, index in columns.items()}
            if not any(said.values()):
                ledger.blank += 1
            elif reason := self._why_not(said["from"], said["to"]):
                ledger.rejects.append(Reject(number, *reason))
            elif not self._pair(said, links, contacts):
                ledger.duplicate += 1
                ledger.duplicates.append(Reject(number, "to", _("This pair stands further up already.")))
        loaded = cases.load_contacts(contacts.values(), by=self.by)
        _count(ledger, loaded)
        self.ledger.contacts = _present(loaded)
        return _less_certain(links)

    def _why_not(self, source: str | None, target: str | None) -> tuple[str, str] | None:
        """Column and reason why a pair cannot be taken."""
        if not source or not target:
            return ("to" if source else "from"), _("One of the two is missing.")
        if source.casefold() not in self.reader.ids:
            return "from", _("The case %(id)s is not in the list.") % {"id": source}
        if source.casefold() == target.casefold():
            return "to", _("A case does not infect itself.")
        return None

    def _pair(self, said: dict[str, str | None], links: Links, contacts: dict[tuple[str, str], ContactRow]) -> bool:
        """Keep one pair; returns False when it is there already."""
        source = self.reader.ids[str(said["from"]).casefold()]
        target, words = str(said["to"]), said.get("exposure") or ""
        known = self.reader.ids.get(target.casefold())
        if known is None:
            row = ContactRow(self._number(source), target[:60], words[:NOTE])
            return contacts.setdefault((row.number, row.name), row) is row
        made = self._link(source, known, words, MEDIUM)
        return links.setdefault((made.infector, made.infected), made) is made

    def _link(self, source: str, target: str, words: str, sure: str) -> LinkRow:
        return LinkRow(self._number(source), self._number(target), setting(words), sure, words[:NOTE])

    def _take_links(self, links: Links) -> Loaded:
        wanted, total = list(links.values()), Loaded()
        for start in range(0, len(wanted), CHUNK):
            loaded = cases.load_links(wanted[start : start + CHUNK], by=self.by)
            total.inserted += loaded.inserted
            total.updated += loaded.updated
            total.unchanged += loaded.unchanged
            self.progress(min(start + CHUNK, len(wanted)), len(wanted), _("Links"))
        self.ledger.links += _present(total)
        return total

    def _number(self, case_id: str) -> str:
        return f"{self.prefix}{case_id}"


def _less_certain(links: Links) -> Links:
    """Where several sources are named for one case, each of them is less certain."""
    named = Counter(infected for _infector, infected in links)
    return {pair: replace(link, certainty=LOW) if named[pair[1]] > 1 else link for pair, link in links.items()}


def _count(ledger: registers_ledger.Ledger, loaded: Loaded) -> None:
    ledger.inserted += len(loaded.inserted)
    ledger.updated += len(loaded.updated)
    ledger.unchanged += len(loaded.unchanged)


def _present(loaded: Loaded) -> int:
    """How many rows are in the record now, whether new or known."""
    return len(loaded.inserted) + len(loaded.updated) + len(loaded.unchanged)


def _area(area: Area | str | None) -> Area:
    if isinstance(area, Area):
        return area
    found = Area.objects.filter(code=area) if area else Area.objects.all()
    first: Area | None = found.order_by(Length("code"), "code").first()
    if first is None:
        raise ValidationError({"area": _("There is no such area: set the areas up first, or name one.")})
    return first


def _disease(disease: str | None, path: Path) -> str:
    """The disease said, or the one the file is named after."""
    if disease is None:
        return next((key for key in sorted(KEYS) if key in path.stem.casefold()), UNKNOWN_DISEASE)
    if disease not in KEYS:
        raise ValidationError({"disease": _("No disease is called “%(disease)s”.") % {"disease": disease}})
    return disease


def _silent(_done: int, _total: int, _message: str) -> None:
    """Nobody watches."""
