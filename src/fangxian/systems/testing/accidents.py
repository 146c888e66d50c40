"""Noting accidents: one row for each, whoever sends it how often; and looking into them.

A note is written in the transaction of what noticed it. Where the act itself is refused, the caller notes after the
refusal has taken the act back.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as field_
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.testing.models import LabAccident

Kind, Outcome = LabAccident.Kind, LabAccident.Outcome


@dataclass
class Notice:
    """One accident as it is noticed. `said` is what was sent; nothing in it names a person in clear."""

    kind: str
    outcome: str
    area_id: str
    barcode: str = ""
    row: int | None = None
    field: str = ""
    said: dict[str, Any] = field_(default_factory=dict)
    round_id: int | UUID | None = None
    tube_id: UUID | None = None
    batch_id: UUID | None = None
    result_id: UUID | None = None
    person_id: UUID | None = None

    @property
    def key(self) -> str:
        """The same accident sent again has the same key, in whichever row it stands."""
        told = [self.kind, self.barcode, self.batch_id, self.person_id, self.round_id, self.said]
        return hashlib.sha256(json.dumps(told, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()


class Refusal(ValidationError):
    """An act is refused, and that it was tried is an accident to be kept."""

    def __init__(self, message: Any, notices: Iterable[Notice]):
        super().__init__(message)
        self.notices = list(notices)


@contextmanager
def noted(*, by, source: str = Source.WEB) -> Iterator[None]:
    """A transaction whose refusal takes everything back and is noted all the same."""
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        note_many(refusal.notices, by=by, source=source)
        raise


def note_refusal(error: ValidationError, *, by, source: str = Source.WEB) -> None:
    """Note what a refusal is about, where the transaction around it was taken back as well."""
    if isinstance(error, Refusal):
        note_many(error.notices, by=by, source=source)


def note(notice: Notice, *, by, source: str = Source.WEB) -> LabAccident:
    """Note one; see `note_many`."""
    return note_many([notice], by=by, source=source)[0]


def note_many(notices: Iterable[Notice], *, by, source: str = Source.WEB) -> list[LabAccident]:
    """Note accidents; one already known counts once more and, if somebody had looked into it, is open again."""
    wanted = {notice.key: notice for notice in notices}
    if not wanted:
        return []
    with transaction.atomic():
        known = {row.key: row for row in LabAccident.unscoped.filter(key__in=wanted)}
        for row in known.values():
            row.times += 1
            row.state, row.closed_at, row.closed_by = LabAccident.State.OPEN, None, None
        again = ["times", "state", "closed_at", "closed_by"]
        records.save_many(known.values(), again, by=by, action="testing.accident.again")
        fresh = [_row(key, notice) for key, notice in wanted.items() if key not in known]
        records.create_many(LabAccident, fresh, by=by, action="testing.accident.noted", source=source)
    return [*fresh, *known.values()]


def close(accident: LabAccident, *, by, note: str) -> LabAccident:
    """Somebody looked into it; what they found out stays with it."""
    if not note.strip():
        raise ValidationError({"note": _("Say what you found out.")})
    changes = {"state": LabAccident.State.CLOSED, "note": note.strip(), "closed_at": now(), "closed_by": by}
    return records.change(accident, by=by, action="testing.accident.closed", **changes)


def area_of(by, fallback: str = "") -> str:
    """Where an accident belongs that no tube gives an area: to the first post of whoever sent it."""
    posts = by.current_posts if by is not None else []
    return posts[0].area_id if posts else fallback


def _row(key: str, notice: Notice) -> LabAccident:
    given = dict(vars(notice))
    said = json.loads(json.dumps(given.pop("said"), cls=DjangoJSONEncoder))
    return LabAccident(key=key, seen_at=now(), said=said, **given)
