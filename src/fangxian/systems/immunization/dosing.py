"""Doses: those given elsewhere, whole histories at once, what was entered by mistake, and the place of each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.among import Among
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.engines.schedules import Given, Role, Schedule, counted
from fangxian.systems.immunization import rules, stocking
from fangxian.systems.immunization.models import Dose
from fangxian.systems.people.models import Person

WHY = "the place of a dose follows from all doses of its person, wherever they were given"
PLACE, RENUMBERED = ["number", "role", "completes"], "immunization.doses.renumbered"


def record_history(
    *, by: Officer | None, person: Person, disease: str, vaccine: str, given_on: date, source: str = Source.WEB,
    **values: Any,
) -> Dose:  # fmt: skip
    """A dose somebody had elsewhere, from their paper. Raises ValidationError for a day yet to come."""
    _checked(disease, vaccine, given_on)
    values["area"] = values.get("area") or person.area
    known = {"person": person, "disease": disease, "vaccine": vaccine, "given_on": given_on}
    return enter(by=by, action="immunization.dose.entered", source=source, **known, **values)


def enter(*, by: Officer | None, action: str, source: str = Source.WEB, **values: Any) -> Dose:
    """One dose in its place among all of the person's; those that move because of it move in the same act."""
    draft = Dose(**values)
    with transaction.atomic():
        moved = _places(draft.disease, [draft])
        dose = records.create(
            Dose, by=by, action=action, source=source, **values, home_area=draft.person.area, number=draft.number,
            role=draft.role, completes=draft.completes,
        )  # fmt: skip
        with scope.everywhere(WHY):
            records.save_many(moved, PLACE, by=by, action=RENUMBERED)
    return dose


def record_history_many(
    *, by: Officer | None, rows: Iterable[dict[str, Any]], source: str = Source.IMPORT,
    action: str = "immunization.doses.imported",
) -> list[Dose]:  # fmt: skip
    """Many doses given elsewhere at once; raises ValidationError when one of them cannot be."""
    made = []
    for values in rows:
        _checked(values["disease"], values["vaccine"], values["given_on"])
        person = values["person"]
        made.append(Dose(**{"area": person.area, **values, "home_area_id": person.area_id}))
    with transaction.atomic():
        known = [moved for disease, doses in _by_disease(made).items() for moved in _places(disease, doses)]
        records.create_many(Dose, made, by=by, action=action, source=source)
        with scope.everywhere(WHY):
            records.save_many(known, PLACE, by=by, action=RENUMBERED)
    return made


def correct(*, dose: Dose, by: Officer | None, base_version: int | None = None, **changes: Any) -> Dose:
    """Mend what was copied from a paper. What was given at a chair of ours stands; it can be taken back."""
    with transaction.atomic():
        current = Dose.objects.select_for_update().get(pk=dose.pk)
        if current.visit_id:
            raise ValidationError(_("A dose given here is not changed: take it back with the reason."))
        _checked(**{name: changes.get(name, getattr(current, name)) for name in ("disease", "vaccine", "given_on")})
        done = records.change(
            current, by=by, action="immunization.dose.corrected", base_version=base_version, **changes
        )
        renumber([done.person_id, dose.person_id], done.disease, by=by)
    return Dose.unscoped.get(pk=done.pk)


def void(*, dose: Dose, by: Officer | None, reason: str) -> Dose:
    """The dose was entered for the wrong person or day. What left the fridge stays used up: it is wasted instead."""
    with transaction.atomic():
        current = Dose.objects.select_for_update().get(pk=dose.pk)
        if current.state == Dose.State.VOID:
            raise ValidationError(_("This dose is taken back already."))
        done = records.change(
            current, by=by, action="immunization.dose.voided", state=Dose.State.VOID, void_reason=stated(reason),
            number=0, role=Role.NONE, completes=False,
        )  # fmt: skip
        if done.lot_id:
            stocking.turned_to_waste(lot=done.lot, by=by)
        renumber([done.person_id], done.disease, by=by)
    return done


def renumber(person_ids: Iterable[UUID], disease: str, *, by: Officer | None) -> int:
    """Give the doses of people the places that follow from all of them; returns how many changed. One query a batch."""
    changed = _places(disease, (), person_ids)
    with scope.everywhere(WHY):
        return records.save_many(changed, PLACE, by=by, action=RENUMBERED)


def _places(disease: str, new: Iterable[Dose], person_ids: Iterable[UUID] = ()) -> list[Dose]:
    """Put every dose of these people, stored or about to be, into its place; returns the stored ones that moved."""
    own: dict[UUID, list[Dose]] = {pk: [] for pk in person_ids}
    for dose in new:
        own.setdefault(dose.person_id, []).append(dose)
    fresh, ids = {dose.pk for doses in own.values() for dose in doses}, list(own)
    for start in range(0, len(ids), records.BATCH):
        for dose in _valid(disease).filter(person__in=Among(ids[start : start + records.BATCH])):
            own[dose.person_id].append(dose)
    schedules: dict[str, Schedule] = {}
    moved = [dose for doses in own.values() if doses for dose in _misplaced(doses, _schedule(schedules, doses[0]))]
    return [dose for dose in moved if dose.pk not in fresh]


def _by_disease(doses: Iterable[Dose]) -> dict[str, list[Dose]]:
    found: dict[str, list[Dose]] = defaultdict(list)
    for dose in doses:
        found[dose.disease].append(dose)
    return found


def _valid(disease: str):
    return Dose.unscoped.filter(disease=disease, state=Dose.State.VALID)


def _schedule(known: dict[str, Schedule], dose: Dose) -> Schedule:
    """The schedule of the county that answers for the person."""
    county = str(dose.home_area_id or dose.area_id)[:6]
    if county not in known:
        known[county] = rules.schedule(rules.pack_of(dose.disease, county))
    return known[county]


def _misplaced(doses: list[Dose], schedule: Schedule) -> list[Dose]:
    """The doses of one person whose place is another than stored, with the right one."""
    found = []
    doses = sorted(doses, key=lambda dose: (dose.given_on, dose.vaccine))  # as the engine orders them
    for dose, place in zip(doses, counted(schedule, (Given(d.vaccine, d.given_on) for d in doses)), strict=True):
        right = (place.number, place.role.value, place.completes)
        if right != (dose.number, dose.role, dose.completes):
            dose.number, dose.role, dose.completes = right
            found.append(dose)
    return found


def _checked(disease: str, vaccine: str, given_on: date) -> None:
    if given_on > today():
        raise ValidationError({"given_on": _("This day is yet to come.")})
    rules.vaccine(rules.pack_of(disease), vaccine)
