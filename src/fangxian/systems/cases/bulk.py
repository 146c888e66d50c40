"""Whole lists of cases, links, exposures and contacts at once: set-based, known again, harmless when repeated.

Cases are known by their number. Their people have no identity number; a person is made together with the case and
known through it from then on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.systems.cases import waiting
from fangxian.systems.cases.classification import classify
from fangxian.systems.cases.models import Case, Contact, Event, Exposure, ExposureKind, Precision, TransmissionLink
from fangxian.systems.cases.proposals import proposal
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Person

CHUNK = 5_000
#: why a contact of a list is proposed that gives no reason itself
IN_LIST = gettext_noop("Named in an imported list.")


@dataclass(frozen=True)
class CaseRow:
    """One case: its number, what is known of the person (name, sex), and fields of the case."""

    number: str
    area: Area
    disease: str
    person: dict[str, Any]
    values: dict[str, Any]
    event: Event | None = None


@dataclass(frozen=True)
class LinkRow:
    """A named source: numbers of two cases, the setting, how sure."""

    infector: str
    infected: str
    kind: str = ExposureKind.UNKNOWN
    certainty: str = TransmissionLink.Certainty.MEDIUM
    note: str = ""


@dataclass(frozen=True)
class ExposureRow:
    """When and where a case may have been infected, as its list says; one a case."""

    number: str
    kind: str = ExposureKind.UNKNOWN
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place_name: str = ""
    note: str = ""


@dataclass(frozen=True)
class ContactRow:
    """Someone near a case who is not a case: known by name among the case's contacts."""

    number: str
    name: str
    reason: str = ""


@dataclass
class Loaded:
    """The keys of rows by what became of them; `unknown` ones name a case that is not there."""

    inserted: list[Any] = field(default_factory=list)
    updated: list[Any] = field(default_factory=list)
    unchanged: list[Any] = field(default_factory=list)
    unknown: list[Any] = field(default_factory=list)


def load_cases(rows: Iterable[CaseRow], *, by, source: str = Source.IMPORT) -> Loaded:
    """Take cases in by number. What a known case already says otherwise is brought up to date, never emptied."""
    rows, loaded = list(rows), Loaded()
    with transaction.atomic():
        known = {case.number: case for case in _known_cases(row.number for row in rows)}
        _refuse_foreign(row.number for row in rows if row.number not in known)
        fresh = [row for row in rows if row.number not in known]
        persons = [_person(row) for row in fresh]
        people.add_people_many(by=by, people=persons, source=source)
        made = [_case(row, person) for row, person in zip(fresh, persons, strict=True)]
        records.create_many(Case, made, by=by, action="cases.case.imported", source=source)
        loaded.inserted = [row.number for row in fresh]
        for row in rows:
            if row.number in known:
                changed = _bring_up(known[row.number], row, by=by)
                (loaded.updated if changed else loaded.unchanged).append(row.number)
    return loaded


def load_links(rows: Iterable[LinkRow], *, by, source: str = Source.IMPORT) -> Loaded:
    """Take named sources in; a pair is known again by its two cases. Keys are (infector, infected)."""
    shape = _Shape(
        model=TransmissionLink,
        make=_link,
        fields=("kind", "certainty", "note"),
        numbers=lambda row: (row.infector, row.infected),
        stored=TransmissionLink.objects.select_related("infector", "infected"),
        through="infected__number",
        key=lambda link: (link.infector.number, link.infected.number),
    )
    return _load(shape, {(row.infector, row.infected): row for row in rows}, by=by, source=source)


def load_exposures(rows: Iterable[ExposureRow], *, by, source: str = Source.IMPORT) -> Loaded:
    """Take exposures of a list in, one a case; known again by the case. Keys are case numbers."""
    shape = _Shape(
        model=Exposure,
        make=_exposure,
        fields=("kind", "starts_at", "ends_at", "place_name", "note"),
        numbers=lambda row: (row.number,),
        stored=Exposure.objects.filter(source=source).select_related("case"),
        through="case__number",
        key=lambda exposure: exposure.case.number,
    )
    return _load(shape, {row.number: row for row in rows}, by=by, source=source)


def load_contacts(rows: Iterable[ContactRow], *, by, source: str = Source.IMPORT) -> Loaded:
    """Take close contacts in who are not cases; known again by case and name. Keys are (number, name).

    A list is somebody's word, not a rule's: the contacts are proposed and wait for a second officer.
    The same name at two cases is one person: lists name their people by an id of their own.
    """
    keys = {(row.number, row.name): row for row in rows}
    with transaction.atomic():
        persons = _people_named(keys, by=by, source=source)
        shape = _Shape(
            model=Contact,
            make=lambda row, cases: _contact(row, cases[row.number], persons[row.name], by=by),
            fields=("reason",),
            numbers=lambda row: (row.number,),
            stored=Contact.objects.select_related("case", "person"),
            through="case__number",
            key=lambda contact: (contact.case.number, contact.person.name),
        )
        loaded = _load(shape, keys, by=by, source=source)
        waiting.hand_down(_known_cases(number for number, _name in loaded.inserted), by=by)
    return loaded


@dataclass(frozen=True)
class _Shape:
    """How rows of one kind hang on cases: how to make one, what may change, how to find it again."""

    model: type
    make: Callable
    fields: tuple[str, ...]
    numbers: Callable
    stored: Any
    through: str
    key: Callable


def _load(shape: _Shape, keys: dict, *, by, source: str) -> Loaded:
    """Insert what is new, bring up what differs, count the rest; rows that name an unknown case are set aside."""
    loaded, fresh, label = Loaded(), [], shape.model._meta.label_lower
    cases = {case.number: case for case in _known_cases(n for row in keys.values() for n in shape.numbers(row))}
    with transaction.atomic():
        found = _stored(shape, cases)
        for key, row in keys.items():
            if any(number not in cases for number in shape.numbers(row)):
                loaded.unknown.append(key)
            elif key in found:
                changed = _differences(found[key], row, shape.fields)
                if changed:
                    records.change(found[key], by=by, action=f"{label}.brought_up", **changed)
                (loaded.updated if changed else loaded.unchanged).append(key)
            else:
                fresh.append(shape.make(row, cases))
                loaded.inserted.append(key)
        records.create_many(shape.model, fresh, by=by, action=f"{label}.imported", source=source)
    return loaded


def _stored(shape: _Shape, numbers: Iterable[str]) -> dict:
    found: dict = {}
    for part in _parts(numbers):
        found.update({shape.key(row): row for row in shape.stored.filter(**{f"{shape.through}__in": part})})
    return found


def _differences(stored, row, fields: tuple[str, ...]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in fields}
    return {name: value for name, value in said.items() if getattr(stored, name) != value}


def _link(row: LinkRow, cases: dict[str, Case]) -> TransmissionLink:
    infected = cases[row.infected]
    values = {"kind": row.kind, "certainty": row.certainty, "note": row.note}
    return TransmissionLink(area=infected.area, infector=cases[row.infector], infected=infected, **values)


def _exposure(row: ExposureRow, cases: dict[str, Case]) -> Exposure:
    case = cases[row.number]
    values = {"starts_at": row.starts_at, "ends_at": row.ends_at, "place_name": row.place_name, "note": row.note}
    return Exposure(area=case.area, case=case, kind=row.kind, precision=Precision.DAY, **values)


def _contact(row: ContactRow, case: Case, person: Person, *, by) -> Contact:
    near = {"ring": Contact.Ring.CLOSE, "reason": row.reason, "follow_up": Contact.FollowUp.NO_FOLLOW_UP}
    near |= proposal(Contact.Ring.CLOSE, by=by, reason=row.reason or IN_LIST)
    state = Contact.Status.PROPOSED
    return Contact(area=case.area, case_area_id=case.area_id, case=case, person=person, status=state, **near)


def _people_named(keys: dict[tuple[str, str], ContactRow], *, by, source: str) -> dict[str, Person]:
    """People of contact rows by name: those known from these cases' contacts, the rest made now."""
    cases = {case.number: case for case in _known_cases(number for number, _name in keys)}
    stored = Contact.objects.filter(case__in=cases.values()).select_related("person")
    persons = {contact.person.name: contact.person for contact in stored}
    new = {name: _named(name, cases[n].area) for n, name in keys if n in cases and name not in persons}
    people.add_people_many(by=by, people=list(new.values()), source=source)
    return {**persons, **new}


def _known_cases(numbers: Iterable[str]) -> list[Case]:
    found: list[Case] = []
    for part in _parts(numbers):
        found += Case.objects.filter(number__in=part).select_related("person", "area")
    return found


def _refuse_foreign(numbers: Iterable[str]) -> None:
    """A number used by a case outside the scope cannot be used again."""
    for part in _parts(numbers):
        if taken := Case.unscoped.filter(number__in=part).values_list("number", flat=True).first():
            raise ValidationError({"number": _("The case number %(number)s is taken elsewhere.") % {"number": taken}})


def _case(row: CaseRow, person: Person) -> Case:
    case = Case(number=row.number, person=person, area=row.area, disease=row.disease, event=row.event, **row.values)
    case.classification = row.values.get("classification") or classify(case).classification
    case.clean_fields(exclude=["person", "area", "event", "present_area"])
    return case


def _person(row: CaseRow) -> Person:
    return Person(**{"name": row.number, "area": row.area, "id_type": Person.IdType.NONE, **row.person})


def _named(name: str, area: Area) -> Person:
    return Person(name=name, area=area, id_type=Person.IdType.NONE)


def _bring_up(case: Case, row: CaseRow, *, by) -> bool:
    """Change what the list says differently; an empty cell says nothing."""
    said = {name: value for name, value in row.values.items() if value not in (None, "")}
    if row.event is not None:
        said["event"] = row.event
    changes = {name: value for name, value in said.items() if getattr(case, name) != value}
    about = {name: value for name, value in row.person.items() if getattr(case.person, name) != value}
    if changes:
        _reclassify(records.change(case, by=by, action="cases.case.brought_up", **changes), said, by=by)
    if about:
        people.change_person(person=case.person, by=by, **about)
    return bool(changes or about)


def _reclassify(case: Case, said: dict[str, Any], *, by) -> None:
    """The classification follows from what the list now says, unless the list names it or somebody discarded it."""
    if "classification" not in said and case.classification != Case.Classification.NO_CASE:
        suggested = classify(case).classification
        records.change(case, by=by, action="cases.case.classified", classification=suggested)


def _parts(values: Iterable[Any]) -> list[list[Any]]:
    rows = list(dict.fromkeys(values))
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
