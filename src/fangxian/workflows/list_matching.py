"""Several lists come in, one person comes out (比对): bring, name the columns, match, decide, enter who is new.

Read downwards. A list is kept once: the same file from the same source is answered with what is there. A job reads it
row by row, asks `systems.people.matching` for thousands of rows at a time, and keeps each row with who it is and why:
known, doubtful, not known, repeated, of another area, unusable. A job that died goes on behind the last row it kept.
Doubtful rows wait for a person; nothing is merged. Who is new is entered only when somebody says so, and is looked for
once more before: another list may have brought them meanwhile.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import cipher, jobs, scope
from fangxian.core.among import Among
from fangxian.core.areas import Area, code_range, county_of
from fangxian.core.jobs import Job
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.engines import matching as engine
from fangxian.engines.matching import Entry, Known, Rules, Slip, Verdict
from fangxian.engines.matching import State as Found
from fangxian.registers import sheets
from fangxian.systems.people import lists, matching
from fangxian.systems.people import services as people
from fangxian.systems.people.models import ListRow, Person, SourceList
from fangxian.workflows.lists import columns, reasons, rows
from fangxian.workflows.lists.reasons import Reason
from fangxian.workflows.lists.rows import Read

KIND, ENTER = "people.match_list", "people.enter_list"
CHUNK = 2_000  # rows matched and kept together
TOGETHER = 200  # people entered in one transaction
State = ListRow.State
STATES = {Found.MATCHED: State.MATCHED, Found.DOUBTFUL: State.DOUBTFUL, Found.NEW: State.NEW}
SEX = {"m": Person.Sex.MALE, "f": Person.Sex.FEMALE}
Progress = Callable[[int, int], None]


def bring(*, content: bytes, filename: str, origin: str, name: str, area: Area, by: Officer) -> tuple[SourceList, bool]:
    """Take a sheet in (xlsx, xls, ods, text in UTF-8 or GB18030) and whether it is new.

    origin: who made the list, such as 公安; its columns are remembered under this name. Raises ValidationError for a
    file that cannot be read, `Refused` where the officer may not import people.
    """
    require(by, Permission.PEOPLE_IMPORT, area.code)
    table = sheets.read(content)
    digest = cipher.blind_index("people.sourcelist", hashlib.sha256(content).hexdigest())
    proposed = columns.proposed(table.headings, lists.remembered(area, origin))
    return lists.bring(
        by=by, area=area, origin=origin, name=name, filename=filename[:120], digest=digest, headings=table.headings,
        upload=base64.b64encode(content).decode(), columns=proposed,
    )  # fmt: skip


def name_columns(source_list: SourceList, named: dict[str, str], *, by: Officer) -> Job:
    """Say which heading is what, and have the list matched by a job. Raises ValidationError without name and number."""
    known = {part: heading for part, heading in named.items() if heading in source_list.headings and heading}
    if not {"name", "id_number"} & known.keys():
        raise ValidationError(_("Say at least which column holds the name or the identity number."))
    if len(set(known.values())) < len(known):
        raise ValidationError(_("One column cannot be two things."))
    if source_list.state == SourceList.State.READY:
        raise ValidationError(_("This list is matched already; bring a corrected file as a new list."))
    lists.change(source_list, by=by, action="columns_named", columns=known, state=SourceList.State.MATCHING)
    return jobs.enqueue(KIND, by=by, key=str(source_list.pk), source_list=str(source_list.pk))


@jobs.job(KIND)
def match_job(job: Job, source_list: str) -> dict[str, int]:
    """Match a list that was brought; a job that died goes on behind the last row it kept."""
    by = job.created_by
    with scope.of(by, Permission.PEOPLE_IMPORT):
        return match(lists.source_list(source_list), by=by, progress=lambda done, total: job.progress(done, total))


def match(
    source_list: SourceList, *, by: Officer | None, progress: Progress = lambda done, total: None
) -> dict[str, int]:
    """Match every row that is not matched yet, inside the scope in force; returns how many rows are in each state."""
    table = sheets.read(base64.b64decode(source_list.upload.reveal()))
    at = columns.positions(table.headings, source_list.columns)
    rules = matching.rules(source_list.area_id)
    done = lists.last_number(source_list)
    waiting = (rows.read(number, row, at) for number, row in table.numbered() if number > done)
    for part in _parts((read for read in waiting if not read.is_blank), CHUNK):
        lists.keep_rows(_matched(source_list, part, rules), by=by)
        if progress is not None:
            progress(part[-1].number - 1, len(table.rows))
    _find_repeated(source_list, rules, by)
    counted = lists.counts(source_list)
    lists.change(
        source_list, by=by, action="matched", state=SourceList.State.READY, counts=counted, upload=""
    )  # the rows hold what they said; the file is not kept twice
    return counted


def decide(row: ListRow, person: Person | None, *, by: Officer) -> ListRow:
    """Somebody looked at a doubtful row: it is this person, or nobody who is known."""
    require(by, Permission.PEOPLE_WRITE, row.area_id)
    decided = lists.decide(row=row, person=person, by=by)
    _count_again(decided.source_list, by)
    return decided


def enter_later(source_list: SourceList, *, by: Officer) -> Job:
    """Have everybody the store does not know entered by a job: a county's list takes minutes, no page waits so long."""
    require(by, Permission.PEOPLE_IMPORT, source_list.area_id)
    return jobs.enqueue(ENTER, by=by, key=str(source_list.pk), source_list=str(source_list.pk))


@jobs.job(ENTER)
def enter_job(job: Job, source_list: str) -> dict[str, int]:
    """Enter who is new; a job that died goes on with the rows that are new still."""
    by = job.created_by
    with scope.of(by, Permission.PEOPLE_IMPORT):
        return enter_new(lists.source_list(source_list), by=by, progress=lambda done, total: job.progress(done, total))


def enter_new(source_list: SourceList, *, by: Officer, progress: Progress = lambda done, total: None) -> dict[str, int]:
    """Enter everybody the store does not know, each once; who became known meanwhile is matched instead.

    Some at a time, entered and noted in one transaction. Returns how many rows were entered, matched and refused.
    Repeating it changes nothing.
    """
    require(by, Permission.PEOPLE_IMPORT, source_list.area_id)
    rules, done = matching.rules(source_list.area_id), {"entered": 0, "matched": 0, "refused": 0}
    places = _areas(source_list.area)
    waiting = list(lists.rows(source_list, State.NEW).values_list("pk", flat=True))
    for ids in _parts(waiting, TOGETHER):
        with transaction.atomic():
            for outcome in _enter_some(source_list, ids, rules, places, by):
                done[outcome] += 1
        progress(sum(done.values()), len(waiting))
    _count_again(source_list, by)
    return done


def _enter_some(
    source_list: SourceList, ids: list[Any], rules: Rules, places: dict[str, str], by: Officer
) -> list[str]:
    """What became of each row: looked for once more, then entered."""
    part = list(lists.rows(source_list).filter(pk__in=ids))
    asked = {row.pk: reread(row, source_list) for row in part}
    again = matching.match((matching.entry(row.pk, asked[row.pk].said) for row in part), rules)
    by_row = {verdict.entry.ref: verdict for verdict in again}
    outcomes = []
    for row in part:
        # what a person decided to be new stays new, however near somebody is
        known = None if row.decided_by_id else by_row[row.pk].best
        sure = known is not None and by_row[row.pk].state == Found.MATCHED
        outcomes.append(_settle(row, known.known.ref if known and sure else None, asked[row.pk], places, by))
    lists.settle(part, by=by)
    return outcomes


def repair_sheet(source_list: SourceList) -> bytes:
    """The rows that cannot be used, as they came, with the reason in a last column: mend them and bring the sheet."""
    bad = lists.rows(source_list, State.INVALID)
    width = len(source_list.headings)
    made = ([*_cells(row)[:width], *[""] * (width - len(_cells(row))), _reasons(row)] for row in bad.iterator(500))
    return sheets.write_xlsx([*source_list.headings, _("Reason")], made)


def reread(row: ListRow, source_list: SourceList) -> Read:
    """What a kept row said, read again under the columns of its list."""
    at = columns.positions(source_list.headings, source_list.columns)
    return rows.read(row.number, _cells(row), at)


def _matched(source_list: SourceList, part: list[Read], rules: Rules) -> list[ListRow]:
    usable = [read for read in part if read.says_who]
    entries = [matching.entry(read.number, read.said) for read in usable]
    verdicts = {verdict.entry.ref: verdict for verdict in matching.match(entries, rules)}
    strangers = {token for one in verdicts.values() if one.state == Found.NEW for token in _certain(one.entry)}
    away = lists.elsewhere(strangers) if strangers else {}
    return [_row(source_list, read, verdicts.get(read.number), away) for read in part]


def _row(source_list: SourceList, read: Read, verdict: Verdict | None, away: dict[str, str]) -> ListRow:
    state, why = _state(read, verdict, away)
    best = verdict.best if verdict and state == State.MATCHED else None
    return ListRow(
        source_list=source_list, area=source_list.area, number=read.number, name=read.said.name, state=state,
        person_id=best.known.ref if best else None, said=json.dumps(read.cells, ensure_ascii=False), reasons=why,
        found=[matching.as_json(found) for found in verdict.matches] if verdict else [],
    )  # fmt: skip


def _state(read: Read, verdict: Verdict | None, away: dict[str, str]) -> tuple[str, list[Reason]]:
    """State and reasons of a row: what is wrong with which part, or where somebody belongs."""
    problems = read.problems
    if verdict is None:
        return State.INVALID, problems
    if verdict.state != Found.NEW:
        return STATES[verdict.state], problems
    there = next((away[token] for token in _certain(verdict.entry) if token in away), "")
    if there:
        county = county_of(there)
        return State.ELSEWHERE, [*problems, ["area", county.code if county else there]]
    if verdict.entry.has_number and not verdict.entry.is_certain:
        reason = gettext_noop("The check digit does not fit, and nobody known has a number one slip away.")
        return State.INVALID, [*problems, ["id_number", reason]]
    return State.NEW, problems


def _certain(entry: Entry) -> list[str]:
    return [token for token, slip in entry.numbers.items() if slip in (Slip.NONE, Slip.OLD_FORM)]


def _find_repeated(source_list: SourceList, rules: Rules, by: Officer | None) -> None:
    """Rows that are one person: the first stands, the others repeat it. Known people by id, new ones by the engine."""
    first: dict[Any, int] = {}
    again: dict[Any, int] = {}
    known = lists.rows(source_list, State.MATCHED).values_list("pk", "person_id", "number")
    for pk, person, number in known.iterator(chunk_size=CHUNK):
        if first.setdefault(person, number) != number:
            again[pk] = first[person]
    repeated = [_repeats(row, again[row.pk]) for row in lists.rows(source_list).filter(pk__in=Among(again))]
    fresh = {row.number: row for row in lists.rows(source_list, State.NEW).iterator(chunk_size=CHUNK)}
    for number, stands in sorted(_one_person(source_list, fresh, rules).items()):
        repeated.append(_repeats(fresh[number], stands))
    lists.settle(repeated, by=by)


def _one_person(source_list: SourceList, fresh: dict[int, ListRow], rules: Rules) -> dict[int, int]:
    """Row → the earlier row it repeats, of rows nobody is known by."""
    entries = {number: matching.entry(number, reread(row, source_list).said) for number, row in fresh.items()}
    by_number: dict[str, int] = {}
    same: dict[int, int] = {}
    for number, entry in entries.items():
        for token in _certain(entry):
            if by_number.setdefault(token, number) != number:
                same[number] = by_number[token]
    for one, found in engine.pairs((_as_known(entry) for entry in entries.values()), rules):
        earlier, later = sorted((int(str(one.ref)), int(str(found.known.ref))))
        if found.score >= rules.certain and later not in same:
            same[later] = same.get(earlier, earlier)
    return same


def _as_known(entry: Entry) -> Known:
    number = next(iter(_certain(entry)), "")
    return Known(entry.ref, entry.name, entry.sex, entry.birth, number, entry.phone, entry.doors)


def _repeats(row: ListRow, stands: int) -> ListRow:
    row.state, row.repeats = State.REPEATED, stands
    return row


def _settle(row: ListRow, known: Any, read: Read, places: dict[str, str], by: Officer) -> str:
    """Set the row's person: one who became known, or one entered now; "entered", "matched" or "refused"."""
    if known is not None:
        row.state, row.person_id = State.MATCHED, known
        return "matched"
    try:
        row.person = _enter(row, read, places, by)
    except ValidationError as error:
        row.state = State.INVALID
        row.reasons = reasons.by_field(error)
        return "refused"
    row.state = State.ENTERED
    return "entered"


def _enter(row: ListRow, read: Read, places: dict[str, str], by: Officer) -> Person:
    said = read.said
    values: dict[str, Any] = {"phone": said.phone, "address": said.address, "birth_date": said.birth}
    values |= {"sex": SEX[said.sex]} if said.sex else {}
    if said.number:
        resident = bool(engine.readings(said.number))
        values |= {"id_type": Person.IdType.RESIDENT if resident else Person.IdType.PASSPORT, "id_number": said.number}
    else:
        values |= {"id_type": Person.IdType.NONE}
    home = Area.objects.get(code=places.get(read.area, row.area_id))
    return people.add_person(by=by, area=home, name=said.name, source="import", **values)


def _areas(area: Area) -> dict[str, str]:
    """Codes of the areas below by code and by name; a name that two areas share names neither."""
    low, high = code_range(area.code)
    found: dict[str, str] = {}
    twice: set[str] = set()
    for code, name in Area.objects.filter(code__gte=low, code__lt=high).values_list("code", "name"):
        found[code] = code
        if found.setdefault(name, code) != code:
            twice.add(name)
    return {name: code for name, code in found.items() if name not in twice}


def _count_again(source_list: SourceList, by: Officer | None) -> None:
    lists.change(source_list, by=by, action="counted", counts=lists.counts(source_list))


def _cells(row: ListRow) -> list[str]:
    cells: list[str] = json.loads(row.said.reveal() or "[]")
    return cells


def _reasons(row: ListRow) -> str:
    return "; ".join(f"{columns.LABELS.get(one[0], one[0])}: {reasons.shown(one)}" for one in row.reasons)


def _parts(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most so many."""
    source = iter(values)
    while part := list(islice(source, size)):
        yield part
