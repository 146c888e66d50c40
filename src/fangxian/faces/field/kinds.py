"""Kinds of entries a phone may send: who may send them, and the verb that writes them.

    kinds.register("daily_check", Permission.QUARANTINE_WRITE, record)

    def record(entry: Entry) -> Record | None: …

The handler runs in a transaction of its own, inside the scope of the officer's posts that carry the right. It writes
through services, with `source=Source.FIELD` and, where the verb takes one, `id=entry.id`. It refuses by raising what
verbs raise: ValidationError (field and reason), Refused, DoesNotExist, Conflict. Whatever it wrote is then taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """One entry as it arrived. `made_at` is the moment on our clock, `device_at` what the phone believed."""

    id: UUID
    kind: str
    by: Officer
    made_at: datetime
    device_at: datetime
    payload: dict[str, Any] = field(repr=False)


Handler = Callable[[Entry], Any]
Hearing = Callable[[Entry, ValidationError], None]


@dataclass(frozen=True)
class Kind:
    """What may be sent under one name. A handler answers the record it wrote, or nothing.

    `refused` hears of an entry that was not taken, after everything the handler wrote was taken back.
    """

    name: str
    permission: Permission
    handler: Handler
    refused: Hearing | None = None


_kinds: dict[str, Kind] = {}


def register(kind: str, permission: Permission, handler: Handler, refused: Hearing | None = None) -> None:
    """Add a kind; the same name twice with another handler is a mistake of ours."""
    known = _kinds.get(kind)
    if known is not None and known.handler is not handler:
        raise ValueError(f"the kind {kind} is registered already")
    _kinds[kind] = Kind(kind, permission, handler, refused)


def get(name: object) -> Kind | None:
    """The kind of this name; None for one we do not know (an older or newer phone page)."""
    return _kinds.get(name) if isinstance(name, str) else None


def every() -> list[Kind]:
    """All kinds, for the papers and the checks."""
    return list(_kinds.values())
