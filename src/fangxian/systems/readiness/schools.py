"""The verbs of the opening of a school: proposed by one, opened by another, never with a blocker; closed by evidence.

verb        from             to
plan        no such term     PLANNED
propose     PLANNED CLOSED   PROPOSED  (no requirement is open)
open_       PROPOSED         OPEN      (by another person; no requirement is open)
take_check  PROPOSED         PLANNED   when something stands in the way again
            OPEN             CLOSED    when one of those comes back that close a school
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import records, second_person
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.records import Source
from fangxian.systems.readiness import rules
from fangxian.systems.readiness.models import SchoolMember, SchoolOpening
from fangxian.systems.readiness.rules import Verdict

BLOCKED = gettext_noop("Something stands in the way of the school again.")
State = SchoolOpening.State


def plan(
    *, by: Officer | None, area: Area, place_id: UUID, school: str, term: str, opens_on: date,
    stages: Iterable[dict[str, str]] = (), source: str = Source.WEB, **values: Any,
) -> SchoolOpening:  # fmt: skip
    """Prepare a term of a school. Raises ValidationError for stages that are not in order or before the opening."""
    return records.create(
        SchoolOpening, by=by, action="readiness.school.planned", source=source, area=area, place_id=place_id,
        school=school, term=term.strip(), opens_on=opens_on, stages=_stages(stages, opens_on), **values,
    )  # fmt: skip


def change(*, opening: SchoolOpening, by: Officer, base_version: int | None = None, **values: Any) -> SchoolOpening:
    """Name the commissioner, move the days; what it stands in follows from the evidence alone."""
    if "stages" in values or "opens_on" in values:
        opens_on = values.get("opens_on", opening.opens_on)
        values["stages"] = _stages(values.get("stages", opening.stages), opens_on)
    return records.change(opening, by=by, action="readiness.school.changed", base_version=base_version, **values)


def propose(*, opening: SchoolOpening, by: Officer, verdicts: Sequence[Verdict]) -> SchoolOpening:
    """Say that the school is ready. Raises ValidationError that names what stands in the way."""
    with transaction.atomic():
        current = _locked(opening, State.PLANNED, State.CLOSED)
        require(by, Permission.READINESS_WRITE, current.area_id)
        _refuse_blocked(verdicts)
        return _change(current, "proposed", by=by, state=State.PROPOSED, proposed_by=by, proposed_at=now(),
                       opened_by=None, opened_at=None, **_checked(current, verdicts))  # fmt: skip


def open_(*, opening: SchoolOpening, by: Officer, verdicts: Sequence[Verdict]) -> SchoolOpening:
    """Open it. Raises `SamePerson` for who proposed it, ValidationError for what stands in the way."""
    with second_person.deciding(opening, by=by, action="readiness.school.opened"):
        current = _locked(opening, State.PROPOSED)
        require(by, Permission.READINESS_WRITE, current.area_id)
        second_person.require_other(by, [current.proposed_by_id])
        _refuse_blocked(verdicts)
        return _change(current, "opened", by=by, state=State.OPEN, opened_by=by, opened_at=now(), closed_at=None,
                       closed_why="", **_checked(current, verdicts))  # fmt: skip


def take_check(*, opening: SchoolOpening, verdicts: Sequence[Verdict]) -> SchoolOpening:
    """What a check found; one that finds nothing writes nothing."""
    with transaction.atomic():
        current = SchoolOpening.objects.select_for_update(of=("self",)).select_related("area").get(pk=opening.pk)
        found = (rules.ending if current.state == State.OPEN else rules.broken)(verdicts)
        kept = {**_checked(current, verdicts), "blocking": len(found)}
        if current.state == State.OPEN and found:
            return _change(current, "closed", state=State.CLOSED, closed_at=now(), closed_why=BLOCKED, **kept)
        if current.state == State.PROPOSED and found:
            return _change(current, "unproposed", state=State.PLANNED, proposed_by=None, proposed_at=None, **kept)
    return current


def enrol(*, by: Officer | None, opening: SchoolOpening, source: str = Source.WEB, **values: Any) -> SchoolMember:
    """Put somebody on the roll; the entry belongs to where the school is unless another area is named."""
    values.setdefault("area", opening.area)
    return records.create(SchoolMember, by=by, action="readiness.roll.added", source=source, opening=opening, **values)


def change_member(
    *, member: SchoolMember, by: Officer | None, base_version: int | None = None, **values: Any
) -> SchoolMember:
    """What was declared, the grade, the role; who it is and which school it is stay."""
    values = {name: value for name, value in values.items() if name not in ("opening", "person")}
    return records.change(member, by=by, action="readiness.roll.changed", base_version=base_version, **values)


def _stages(stages: Iterable[dict[str, str]], opens_on: date) -> list[dict[str, str]]:
    """The stages as they are kept: named, on days, the earliest first and none before the opening."""
    made = [{"grades": str(one["grades"]).strip()[:40], "on": date.fromisoformat(str(one["on"])).isoformat()}
            for one in stages]  # fmt: skip
    if any(not one["grades"] or one["on"] < opens_on.isoformat() for one in made):
        raise ValidationError({"stages": _("Each turn names its grades and a day not before the opening.")})
    return sorted(made, key=lambda one: one["on"])


def _refuse_blocked(verdicts: Sequence[Verdict]) -> None:
    found = rules.broken(verdicts)
    if not verdicts or found:
        named = "; ".join(one.criterion.text for one in found)
        raise ValidationError(_("The school cannot open: %(named)s") % {"named": named})


def _checked(current: SchoolOpening, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    return {
        "verdicts": [one.as_json() for one in verdicts], "blocking": 0, "checked_at": now(),
        "pack": rules.pack_of(current.area_id).version,
    }  # fmt: skip


def _change(current: SchoolOpening, verb: str, *, by: Officer | None = None, **changes: Any) -> SchoolOpening:
    return records.change(current, by=by, action=f"readiness.school.{verb}", **changes)


def _locked(opening: SchoolOpening, *states: str) -> SchoolOpening:
    current = SchoolOpening.objects.select_for_update(of=("self",)).select_related("area").get(pk=opening.pk)
    if current.state not in states:
        raise ValidationError(_("This is not possible any more: %(state)s.") % {"state": current.get_state_display()})
    return current
