"""The verbs of a re-evaluation: begin a run, write what it changes, finish it. A run that is taken up again goes on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.risk_areas.models import AffectedPerson, Evaluation, RiskAreaVersion

Began, Ended = AffectedPerson.Began, AffectedPerson.Ended


class Concern(Protocol):
    """Whom a zone concerns, as the workflow found it."""

    person_id: UUID
    level: str
    because: str
    rule: str
    first_on: Any
    last_on: Any

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The evidence."""


def begin(*, by: Officer | None, version: RiskAreaVersion, trigger: str, at: datetime) -> Evaluation:
    """Enter a run that begins."""
    return records.create(
        Evaluation, by=by, action="risk_areas.evaluation.begun", source=Source.WORKFLOW, area=version.area,
        risk_area=version.risk_area, version_of_area=version, trigger=trigger, judged_at=at, pack=version.pack,
    )  # fmt: skip


def concern(
    *, run: Evaluation, by: Officer | None, found: Iterable[Concern], people: dict[UUID, Person], pack: str,
    began: str = Began.NEW,
) -> list[AffectedPerson]:  # fmt: skip
    """Enter whom the area concerns from this run on; the responsible area of each person answers for them."""
    rows = [
        AffectedPerson(
            area=people[one.person_id].area, person=people[one.person_id], risk_area_id=run.risk_area_id,
            level=one.level, because=one.because, first_on=one.first_on, last_on=one.last_on, evidence=one.rows,
            rule=one.rule, pack=pack, began=began, since=run,
        )
        for one in found
    ]  # fmt: skip
    return records.create_many(
        AffectedPerson, rows, by=by, action="risk_areas.affected.found", detail={"run": str(run.pk)}
    )


def judge_anew(
    *, run: Evaluation, by: Officer | None, pairs: list[tuple[AffectedPerson, Concern]], people: dict[UUID, Person],
    pack: str,
) -> list[AffectedPerson]:  # fmt: skip
    """End rows and begin others for the same people, judged differently."""
    with transaction.atomic():
        end(run=run, by=by, rows=[row for row, _one in pairs], ended=Ended.CHANGED, why="")
        return concern(
            run=run, by=by, found=[one for _row, one in pairs], people=people, pack=pack, began=Began.CHANGED
        )


def add_evidence(*, by: Officer | None, pairs: list[tuple[AffectedPerson, Concern]]) -> int:
    """Keep further evidence with whoever is judged as before; returns how many."""
    for row, one in pairs:
        row.evidence, row.first_on, row.last_on = one.rows, one.first_on, one.last_on
    return records.save_many(
        [row for row, _one in pairs], ["evidence", "first_on", "last_on"], by=by,
        action="risk_areas.affected.evidence_added",
    )  # fmt: skip


def end(*, run: Evaluation, by: Officer | None, rows: list[AffectedPerson], ended: str, why: str) -> int:
    """End rows by a run; returns how many."""
    return records.change_many(
        rows, by=by, action=f"risk_areas.affected.{ended.lower()}", until=run, ended=ended, ended_why=why
    )


def follow(*, by: Officer | None, rows: list[AffectedPerson]) -> int:
    """Keep which closed loop follows from each row; returns how many."""
    return records.save_many(rows, ["subject_id"], by=by, action="risk_areas.affected.followed")


def finish(
    *, run: Evaluation, by: Officer | None, read: dict[str, Any], steps: list[dict[str, Any]], followed: dict[str, Any]
) -> Evaluation:
    """Enter what a run has done; the figures are counted from the rows, so that a resumed run counts whole."""
    counts = _counts(run)
    return records.change(
        run, by=by, action="risk_areas.evaluation.finished", finished_at=now(), read=read, steps=steps,
        followed=followed, **counts,
    )  # fmt: skip


def _counts(run: Evaluation) -> dict[str, int]:
    rows = AffectedPerson.unscoped.filter(risk_area_id=run.risk_area_id)
    found = rows.aggregate(
        affected=Count("pk", filter=Q(until__isnull=True)),
        new=Count("pk", filter=Q(since=run, began=Began.NEW)),
        changed=Count("pk", filter=Q(since=run, began=Began.CHANGED)),
        released=Count("pk", filter=Q(until=run, ended=Ended.RELEASED)),
    )
    return {**found, "kept": found["affected"] - found["new"] - found["changed"]}
