"""Reading what a phone sends, whatever it is: a batch of entries, and the moment each was made on our clock.

The phone's clock may be days off. It says what it believes now (`sent_at`), and with each entry how far it then knew
itself to be off (`offset`, from its last word with us). Where nobody moved the clock in between both give the same
moment; where somebody did, only the entry's own is right. No entry is from the future.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now

MOST = 100  # entries in one call: a few seconds of work
LAST_MS = 4_102_444_800_000


@dataclass(frozen=True)
class Sent:
    """One entry of a batch, not yet judged. `row` is its place in the batch."""

    row: int
    id: UUID | None
    kind: object
    device_at: datetime
    made_at: datetime
    payload: dict[str, Any]
    digest: str


def read(body: bytes) -> tuple[str, list[Sent]]:
    """The officer the phone takes for its own, and the entries; ValidationError when it is no batch."""
    try:
        found = json.loads(body)
    except ValueError:
        raise ValidationError(_("The call cannot be read.")) from None
    entries = found.get("entries") if isinstance(found, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST:
        raise ValidationError(_("The call cannot be read."))
    at_sending = now() - _moment(found.get("sent_at"))
    return str(found.get("officer", "")), [_entry(row, one, at_sending) for row, one in enumerate(entries)]


def _entry(row: int, one: object, at_sending: timedelta) -> Sent:
    said = one if isinstance(one, Mapping) else {}
    payload = said.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    device_at = _moment(said.get("made_at"))
    canonical = json.dumps([said.get("kind"), payload], sort_keys=True, ensure_ascii=False, default=str)
    return Sent(
        row=row, id=_uuid(said.get("id")), kind=said.get("kind"), device_at=device_at,
        made_at=_on_our_clock(device_at, said.get("offset"), at_sending), payload=payload,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
    )  # fmt: skip


def _on_our_clock(device_at: datetime, offset: object, at_sending: timedelta) -> datetime:
    off = at_sending
    if isinstance(offset, int) and not isinstance(offset, bool) and abs(offset) < LAST_MS:
        off = timedelta(milliseconds=offset)
    try:
        return min(device_at + off, now())
    except OverflowError:
        return now()


def _moment(value: object) -> datetime:
    """Milliseconds since 1970 as browsers count; anything else counts as now."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LAST_MS:
        return datetime.fromtimestamp(value / 1000, UTC)
    return now()


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
