"""Reading whom risk areas concern: by area, by person, by run; always inside the scope in force."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, QuerySet

from fangxian.systems.risk_areas.models import AffectedPerson, Evaluation

CHUNK = 5_000


def active(risk_area_id: UUID) -> list[AffectedPerson]:
    """Whom an area concerns now, with person and responsible area."""
    rows = AffectedPerson.objects.filter(risk_area_id=risk_area_id, until__isnull=True)
    return list(rows.select_related("person", "area", "risk_area").order_by("area_id", "pk"))


def standing_of(person_ids: Iterable[UUID]) -> dict[UUID, list[AffectedPerson]]:
    """All areas that concern these people now, by person."""
    found: dict[UUID, list[AffectedPerson]] = defaultdict(list)
    for part in _parts(person_ids):
        rows = AffectedPerson.objects.filter(person_id__in=part, until__isnull=True)
        for row in rows.select_related("risk_area", "person", "area").order_by("pk"):
            found[row.person_id].append(row)
    return found


def subjects_of(person_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """What the closed loops are about that ever followed from an area, by person."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for part in _parts(person_ids):
        rows = AffectedPerson.objects.filter(person_id__in=part, subject_id__isnull=False)
        for person_id, subject_id in rows.values_list("person_id", "subject_id"):
            found[person_id].add(subject_id)
    return found


def released_by(run: Evaluation) -> set[UUID]:
    """Persons whom a run released."""
    rows = AffectedPerson.objects.filter(until=run, ended=AffectedPerson.Ended.RELEASED)
    return set(rows.values_list("person_id", flat=True))


def evaluation(run_id: UUID | str) -> Evaluation:
    """One run with its area and version; Evaluation.DoesNotExist outside the scope as for no such run."""
    return Evaluation.objects.select_related("area", "risk_area", "version_of_area", "created_by").get(pk=run_id)


def evaluations(risk_area_id: UUID, limit: int = 20) -> list[Evaluation]:
    """The last runs over an area, the newest first."""
    rows = Evaluation.objects.filter(risk_area_id=risk_area_id).select_related("version_of_area", "created_by")
    return list(rows.order_by("-judged_at", "-pk")[:limit])


def rows_of(run: Evaluation, which: str) -> QuerySet[AffectedPerson]:
    """The rows behind a figure of a run: new, changed, kept or released; the latest evidence first."""
    rows = AffectedPerson.objects.filter(risk_area_id=run.risk_area_id)
    chosen = {
        "new": rows.filter(since=run, began=AffectedPerson.Began.NEW),
        "changed": rows.filter(since=run, began=AffectedPerson.Began.CHANGED),
        "kept": rows.filter(since__judged_at__lt=run.judged_at).exclude(until__judged_at__lte=run.judged_at),
        "released": rows.filter(until=run, ended=AffectedPerson.Ended.RELEASED),
    }[which]
    return chosen.select_related("person", "area").order_by("area_id", "-last_on", "pk")


def counts_by_area(risk_area_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many people each area concerns now, inside the scope; one query."""
    rows = AffectedPerson.objects.filter(risk_area_id__in=list(risk_area_ids), until__isnull=True)
    return dict(rows.order_by().values_list("risk_area_id").annotate(people=Count("pk")))


def _parts(values: Iterable[UUID]) -> Iterable[list[UUID]]:
    rows = list(dict.fromkeys(values))
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
