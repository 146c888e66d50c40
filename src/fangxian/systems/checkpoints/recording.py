"""Passages into the ledger: one by one or many in one commit, harmless to send again, judged by what was looked at.

What stands in a passage goes after its retention, everywhere; so the audit says who entered how many at which point and
never what was in them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.core.scope import check_write
from fangxian.systems.checkpoints import judging, memory
from fangxian.systems.checkpoints.announcements import announce
from fangxian.systems.checkpoints.models import Passage, Traveller
from fangxian.systems.checkpoints.tidying import plate_or_person, tidy

BATCH = 500
ACTION = "checkpoints.passages.recorded"


@dataclass
class Entry:
    """A passage on its way in, with the others in the vehicle."""

    passage: Passage
    travellers: list[Traveller] = field(default_factory=list)


@dataclass(frozen=True)
class Recorded:
    """What became of a list of passages: stored now, and known before by their id."""

    new: list[Passage]
    known: list[Passage]


def entry(values: dict[str, Any], travellers: Sequence[dict[str, Any]] = ()) -> Entry:
    """An entry from plain values; raises ValidationError by field. The area is that of the point."""
    done = tidy(values)
    plate_or_person(done)
    done["area"] = done["point"].area
    passage = Passage(**done)
    passage.clean_fields(exclude=["point", "area", "to_area", "vehicle", "person", "created_by", "changed_by"])
    return Entry(passage, [_traveller(passage, one) for one in travellers])


def record_passages(
    *, by: Officer | None, entries: Iterable[Entry], source: str = Source.WEB, tell: bool = True
) -> Recorded:
    """Store passages in one commit. An id that is there already is known; another point's id is refused.

    `tell`: that they wait for the lists; a story that asks them at once need not be told.
    """
    wanted = {one.passage.pk: one for one in entries}
    with transaction.atomic():
        stored = _stored(wanted)
        fresh = [one for pk, one in wanted.items() if pk not in stored]
        for one in fresh:
            _judge(one)
        _store(fresh, by, source)
        if tell and fresh:
            announce()
        for point, number in Counter(one.passage.point for one in fresh).items():
            audit.write(ACTION, by=by, area=point.area, target=point, detail={"passages": number, "source": source})
    return Recorded([one.passage for one in fresh], list(stored.values()))


def record_passage(*, by: Officer | None, source: str = Source.WEB, **values: Any) -> Passage:
    """Enter one passage; its own audit row says that it was entered."""
    values.pop("area", None)
    with transaction.atomic():
        done = record_passages(by=by, entries=[entry(values)], source=source)
        for passage in done.new:
            audit.write("checkpoints.passage.entered", by=by, area=passage.area, target=passage)
    return (done.new or done.known)[0]


def change_passage(*, passage: Passage, by: Officer | None, base_version: int | None = None, **changes: Any) -> Passage:
    """Correct what was entered; it is judged again, and the lists are asked again."""
    done = tidy(changes)
    changed = records.change(
        passage, by=by, action="checkpoints.passage.changed", base_version=base_version, **done, judged_at=None
    )
    _judge(Entry(changed, list(changed.travellers.all())))
    follows = {name: getattr(changed, name) for name in ("reasons", "gravest", "advised", "rule", "is_open")}
    Passage.unscoped.filter(pk=changed.pk).update(**follows)
    announce()
    return changed


def _traveller(passage: Passage, values: dict[str, Any]) -> Traveller:
    made = Traveller(**tidy(values), passage=passage, area=passage.area)
    made.clean_fields(exclude=["passage", "area", "person", "created_by", "changed_by"])
    return made


def taken(passages: Sequence[Passage]) -> set[UUID]:
    """Ids among these that are passages of another point already."""
    points = {passage.pk: passage.point_id for passage in passages}
    return {row.pk for row in _known(points) if row.point_id != points[row.pk]}


def _stored(wanted: dict[UUID, Entry]) -> dict[UUID, Passage]:
    """What is there already, in whatever scope; ValidationError where it is at another point."""
    found = {row.pk: row for row in _known(wanted)}
    if any(row.point_id != wanted[pk].passage.point_id for pk, row in found.items()):
        raise ValidationError({"id": _("This id is taken by another record.")})
    return found


def _known(ids: Iterable[UUID]) -> Iterator[Passage]:
    listed = list(ids)
    for start in range(0, len(listed), BATCH):
        yield from Passage.unscoped.filter(pk__in=listed[start : start + BATCH]).select_related("point", "area")


def _judge(one: Entry) -> None:
    passage = one.passage
    held = judging.rules(passage.area_id, today())
    found = judging.reasons(passage.direction, [passage, *one.travellers], held)
    judging.apply(passage, found, held)


def _store(entries: list[Entry], by: Officer | None, source: str) -> None:
    if not entries:
        return
    passages = [one.passage for one in entries]
    memory.remember(passages, source=source)
    travellers = [traveller for one in entries for traveller in one.travellers]
    for row in (*passages, *travellers):
        check_write(row)
        row.created_by, row.changed_by, row.source = by, by, source
    Passage.unscoped.bulk_create(passages, batch_size=BATCH)
    Traveller.unscoped.bulk_create(travellers, batch_size=BATCH)
