"""Whom a reader may see of those who handled goods: people of the reader's posts by name, all others as a number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fangxian.core import audit
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.records import Record
from fangxian.systems.goods.models import GoodsPlace, Worker
from fangxian.systems.people.models import Person
from fangxian.workflows.recalls.reach import Handler
from fangxian.workflows.recalls.workers import Status


@dataclass(frozen=True)
class Seen:
    """What a reader is shown.

    rows    with name, last test and last dose
    others  how many more there are
    """

    rows: Sequence[Any] = ()
    others: int = 0


def handlers(found: Iterable[Handler], *, by: Officer, about: Record) -> Seen:
    """The handlers a reader may see by name; reading any of them is one audit row about the lot or recall."""
    found = list(found)
    rows = [row for row in found if _may_see(by, row.person, row.place)]
    seen = Seen(rows, len(found) - len(rows))
    if rows:
        detail = {"people": len(rows), "others": seen.others}
        with audit.act("goods.handlers_read", by=by, area=about.area_id, target=about, detail=detail):
            pass
    return seen


def roster(found: Iterable[tuple[Worker, Status]], *, by: Officer, place: GoodsPlace) -> Seen:
    """The workers of a place a reader may see by name."""
    found = list(found)
    rows = [pair for pair in found if _may_see(by, pair[0].person, place)]
    return Seen(rows, len(found) - len(rows))


def _may_see(by: Officer, person: Person, place: GoodsPlace | None) -> bool:
    """People of the reader's posts; and whoever works at a place of goods the reader keeps."""
    if any(post.covers(person.area_id) for post in by.posts_with(Permission.PEOPLE_READ)):
        return True
    return place is not None and any(post.covers(place.area_id) for post in by.posts_with(Permission.GOODS_WRITE))
