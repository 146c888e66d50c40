"""What one side tells the other: the letter, its acknowledgement, its answer, a reminder; the same inside the house,
to a partner and in tests. Whole states, never differences, so that a lost or repeated message does no harm.

Times are ISO 8601 in UTC. `id` is always the sender's row; the receiver keeps it as `twin`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_date, parse_datetime

from fangxian.core.fields import Secret
from fangxian.systems.letters.models import Letter, LetterItem

SAID = ("kind", "position", "name", "sex", "id_type", "ring", "note")
SECRETS = ("id_number", "phone", "address")
TOLD = (
    "result", "result_at", "isolated_since", "isolated_in", "tested_at", "test_result", "monitored_since", "moved_to",
    "result_note",
)  # fmt: skip
MOMENTS = {"result_at", "isolated_since", "tested_at"}


class NotReadable(ValueError):
    """A message that is not what it should be; the text names the part, never its value."""


def letter(found: Letter, items: Iterable[LetterItem]) -> dict[str, Any]:
    """A letter as it stands, with everyone on it."""
    return {
        "id": str(found.pk), "revision": found.revision, "recalled": found.state == Letter.State.RECALLED,
        "number": found.number, "from": {"code": found.area_id, "name": found.area.name}, "to": found.other_code,
        "disease": found.disease, "about": found.about, "reason": found.reason, "legal_basis": found.legal_basis,
        "asked": found.actions, "sent_at": _text(found.sent_at), "acknowledge_by": _text(found.acknowledge_by),
        "due_at": _text(found.due_at), "items": [_item(row) for row in items],
    }  # fmt: skip


def acknowledgement(found: Letter, who: str) -> dict[str, Any]:
    """That a letter is here, under which number, and whether work on it has begun."""
    return {
        "letter": str(found.twin), "number": found.number, "at": _text(found.acknowledged_at), "who": who,
        "started_at": _text(found.started_at),
    }  # fmt: skip


def answer(found: Letter, items: Iterable[LetterItem]) -> dict[str, Any]:
    """What became of everyone so far; `complete` when nothing is missing any more."""
    rows = list(items)
    return {
        "letter": str(found.twin), "revision": found.answer_revision,
        "complete": found.state == Letter.State.ANSWERED,
        "items": [{"id": str(row.twin), **told(row)} for row in rows if row.twin and not row.is_recalled],
    }  # fmt: skip


def reminder(found: Letter) -> dict[str, Any]:
    """That an answer is wanted."""
    return {"letter": str(found.pk), "count": found.reminders, "at": _text(found.reminded_at)}


def told(row: LetterItem) -> dict[str, Any]:
    """What is known of one person, as text."""
    return {name: _text(getattr(row, name)) for name in TOLD}


def read_told(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same read back: values for the fields of an item. Raises `NotReadable` naming the field."""
    values: dict[str, Any] = {}
    for name in TOLD:
        values[name] = _read(name, said.get(name))
    if values["result"] not in ("", *LetterItem.Result.values):
        raise NotReadable("result")
    return values


def read_item(said: Mapping[str, Any]) -> dict[str, Any]:
    """One person of a letter: values for the fields of an item. Raises `NotReadable` naming the field."""
    values = {name: _short(said, name) for name in (*SAID, *SECRETS) if name != "position"}
    position = said.get("position")
    choices = {"kind": LetterItem.Kind, "sex": _choices("sex"), "id_type": _choices("id_type")}
    for name, allowed in choices.items():
        if values[name] not in (allowed if isinstance(allowed, set) else allowed.values):
            raise NotReadable(name)
    if values["ring"] not in ("", *LetterItem.Ring.values):
        raise NotReadable("ring")
    if not values["name"]:
        raise NotReadable("name")
    return {
        **values, "position": position if isinstance(position, int) and 0 <= position < 10**6 else 0,
        "twin": uuid(said, "id"), "last_contact_at": moment(said, "last_contact_at"),
    }  # fmt: skip


def uuid(said: Mapping[str, Any], name: str) -> UUID:
    """An id of a message."""
    try:
        return UUID(str(said[name]))
    except (KeyError, ValueError) as error:
        raise NotReadable(name) from error


def moment(said: Mapping[str, Any], name: str) -> datetime | None:
    """A time of a message, aware; None where there is none."""
    return _read(name, said.get(name)) if name in MOMENTS else _moment(name, said.get(name))


def short(said: Mapping[str, Any], name: str, most: int) -> str:
    """A text of a message, cut to what the field holds."""
    value = said.get(name, "")
    if not isinstance(value, str):
        raise NotReadable(name)
    return value.strip()[:most]


def number(said: Mapping[str, Any], name: str) -> int:
    """A small count of a message."""
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**6:
        raise NotReadable(name)
    return value


def _item(row: LetterItem) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in SAID}
    secret = {name: _revealed(getattr(row, name)) for name in SECRETS}
    return {
        "id": str(row.pk), **said, **secret, "last_contact_at": _text(row.last_contact_at),
        "recalled": row.recall_reason or "recalled" if row.is_recalled else "",
    }  # fmt: skip


def _revealed(value: Any) -> str:
    return value.reveal() if isinstance(value, Secret) else value or ""


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else value or ""


def _read(name: str, value: Any) -> Any:
    if name in MOMENTS:
        return _moment(name, value)
    if name == "monitored_since":
        return _day(name, value)
    return short({name: value or ""}, name, LetterItem._meta.get_field(name).max_length)


def _moment(name: str, value: Any) -> datetime | None:
    if not value:
        return None
    found = parse_datetime(value) if isinstance(value, str) else None
    if found is None or found.tzinfo is None:
        raise NotReadable(name)
    return found


def _day(name: str, value: Any) -> date | None:
    if not value:
        return None
    found = parse_date(value) if isinstance(value, str) else None
    if found is None:
        raise NotReadable(name)
    return found


def _short(said: Mapping[str, Any], name: str) -> str:
    limit = LetterItem._meta.get_field(name).max_length or 300
    return short(said, name, limit)


def _choices(name: str) -> set[str]:
    return {value for value, _label in LetterItem._meta.get_field(name).choices}
