"""Who may be the same person entered twice: asked for one entry, or searched for in a whole area.

Text similarity misses every one-character slip in a Chinese name and finds every namesake, so names are only compared
inside a block that already means something (`engines.matching`). What was decided is kept with the pair: “not a
duplicate” is never proposed again.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.engines import matching as engine
from fangxian.engines.matching import Known, Match, Verdict
from fangxian.systems.people import matching, selectors
from fangxian.systems.people.matching import Said
from fangxian.systems.people.models import DuplicatePair, Person

Pair = tuple[UUID, UUID]
BATCH = 1_000


def matches(said: Said, *, area_code: str = "", besides: UUID | None = None) -> Verdict:
    """Who inside the scope the one described may be, likeliest first, with the signs."""
    rules = matching.rules(area_code)
    verdict = matching.match([matching.entry(besides, said)], rules)[0]
    others = tuple(found for found in verdict.matches if found.known.ref != besides)
    return Verdict(verdict.entry, verdict.state if others else engine.State.NEW, others)


def pairs(area_code: str) -> list[tuple[Known, Match]]:
    """Every pair of entries of an area that may be one person, likeliest first: one query, no decryption."""
    return engine.pairs(matching.everybody(selectors.in_area(area_code)), matching.rules(area_code))


def search(area_code: str, *, by: Officer | None) -> int:
    """Look through an area and keep what is new as pairs to be looked at; returns how many. Repeating adds nothing."""
    found = {_ordered(one.ref, match.known.ref): match for one, match in pairs(area_code)}
    kept = _kept(found)
    fresh = [pair for pair in found if pair not in kept]
    for start in range(0, len(fresh), BATCH):
        _keep(fresh[start : start + BATCH], found, by)
    return len(fresh)


def open_pairs(area_code: str) -> QuerySet[DuplicatePair]:
    """Pairs of an area that wait for a decision, likeliest first."""
    low, high = code_range(area_code)
    rows = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN, area_id__gte=low, area_id__lt=high)
    alive = rows.filter(one__merged_into__isnull=True, other__merged_into__isnull=True)
    return alive.select_related("one__area", "other__area", "one__household", "other__household").order_by(
        "-score", "pk"
    )


def not_duplicate(*, one: Person, other: Person, by: Officer) -> DuplicatePair:
    """Somebody looked: two people. The pair is never proposed again."""
    return _decided(one, other, by, DuplicatePair.State.DISTINCT)


def mark_merged(*, one: Person, other: Person, by: Officer | None) -> DuplicatePair:
    """The pair was made one entry."""
    return _decided(one, other, by, DuplicatePair.State.MERGED)


def reopen(*, one: Person, other: Person, by: Officer | None) -> DuplicatePair | None:
    """The merge was undone: the pair is a question again."""
    kept = _pair(one, other)
    if kept is None:
        return None
    changes = {"state": DuplicatePair.State.OPEN, "decided_by": None, "decided_at": None}
    return records.change(kept, by=by, action="people.duplicate.reopened", **changes)


def _decided(one: Person, other: Person, by: Officer | None, state: str) -> DuplicatePair:
    if one.pk == other.pk:
        raise ValidationError(_("These are two views of one entry."))
    stamp: dict[str, Any] = {"state": state, "decided_by": by, "decided_at": now()}
    with transaction.atomic():
        kept = _pair(one, other)
        if kept is None:
            first, second = sorted((one, other), key=lambda row: row.pk)
            return records.create(
                DuplicatePair, by=by, action="people.duplicate.decided", area=first.area, other_area=second.area,
                one=first, other=second, **stamp,
            )  # fmt: skip
        return records.change(kept, by=by, action="people.duplicate.decided", **stamp)


def _pair(one: Person, other: Person) -> DuplicatePair | None:
    first, second = _ordered(one.pk, other.pk)
    return DuplicatePair.objects.filter(one_id=first, other_id=second).first()


def _kept(found: Iterable[Pair]) -> set[Pair]:
    """Those of the pairs that are kept already, decided or not, wherever their areas are."""
    firsts, kept = list({first for first, _second in found}), set()
    for start in range(0, len(firsts), BATCH):
        rows = DuplicatePair.unscoped.filter(one_id__in=firsts[start : start + BATCH])
        kept.update(rows.values_list("one_id", "other_id"))
    return kept


def _keep(fresh: list[Pair], found: dict[Pair, Match], by: Officer | None) -> None:
    areas = dict(Person.objects.filter(pk__in={pk for pair in fresh for pk in pair}).values_list("pk", "area_id"))
    rows = [
        DuplicatePair(
            one_id=pair[0], other_id=pair[1], area_id=areas[pair[0]], other_area_id=areas[pair[1]],
            score=found[pair].score, signs=matching.as_json(found[pair])["signs"],
        )
        for pair in fresh
    ]  # fmt: skip
    records.create_many(DuplicatePair, rows, by=by, action="people.duplicates.found", source=Source.WORKFLOW)


def _ordered(one: Any, other: Any) -> Pair:
    return (one, other) if one < other else (other, one)
