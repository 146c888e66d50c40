"""Taking a letter in: a new one, a later edition of a known one, or the same again; each person with an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.letters import content, handing, history, matching
from fangxian.systems.letters.content import NotReadable
from fangxian.systems.letters.models import Action, HandOver, Letter, LetterItem, Peer
from fangxian.systems.letters.numbers import next_number

ACCEPTED, KNOWN, REFUSED, WITHDRAWN = "accepted", "known", "refused", "withdrawn"
MOST = 5_000
CHANGING = (*(name for name in content.SAID if name != "position"), "last_contact_at")


@dataclass
class Taken:
    """What became of a message: the letter here, whether it was new, and a word (with a reason) for each person."""

    letter: Letter
    status: str
    items: list[dict[str, str]] = field(default_factory=list)


@dataclass
class _Reading:
    """The people of a message: those that can be read, those that cannot, those the sender has recalled."""

    rows: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    recalled: dict[UUID, str] = field(default_factory=dict)
    answers: list[dict[str, str]] = field(default_factory=list)


def take(
    said: Mapping[str, Any], *, command: Area, by: Officer | None, peer: Peer | None = None,
    people: Mapping[UUID, UUID] | None = None,
) -> Taken:  # fmt: skip
    """Take a letter in, whoever sent it how. An edition that is known already is answered and changes nothing.

    `people` names, for a letter from inside the house, the person behind each item. Raises `NotReadable` when the
    letter as a whole cannot be read; a person who cannot be read is refused with the reason, the others are taken.
    """
    twin, revision = content.uuid(said, "id"), content.number(said, "revision")
    with transaction.atomic():
        known = _known(twin, peer)
        reading = _read(said.get("items"))
        if known is not None and known.revision >= revision:
            return Taken(known, KNOWN, _again(known, reading))
        letter = _edited(known, said, by) if known else _new(said, twin, command, peer, by)
        _people(letter, reading, people or {}, by)
        if said.get("recalled"):
            letter = _recalled(letter, by)
        handing.announce(letter, by=by)
    return Taken(letter, ACCEPTED, reading.answers)


def _known(twin: UUID, peer: Peer | None) -> Letter | None:
    found = Letter.unscoped.select_for_update(of=("self",)).filter(direction=Letter.Direction.IN, twin=twin)
    letter = found.select_related("area", "peer").first()
    if letter is not None and letter.peer_id != (peer.pk if peer else None):
        raise NotReadable("id")  # another partner's letter
    return letter


def _new(said: Mapping[str, Any], twin: UUID, command: Area, peer: Peer | None, by: Officer | None) -> Letter:
    at = now()
    letter = records.create(
        Letter, by=by, action="letters.letter.received", source=Source.API if peer else Source.WORKFLOW, area=command,
        direction=Letter.Direction.IN, twin=twin, peer=peer, state=Letter.State.SENT,
        channel=Letter.Channel.PEER if peer else Letter.Channel.LOCAL,
        number=next_number(command, Letter.Direction.IN, timezone.localtime(at).year), **_head(said),
    )  # fmt: skip
    history.note(letter, HandOver.Kind.RECEIVED, by=by, who=letter.other_name, text=letter.their_number)
    return letter


def _edited(letter: Letter, said: Mapping[str, Any], by: Officer | None) -> Letter:
    changed = records.change(letter, by=by, action="letters.letter.corrected", **_head(said))
    history.note(changed, HandOver.Kind.CORRECTED, by=by, who=letter.other_name)
    return changed


def _head(said: Mapping[str, Any]) -> dict[str, Any]:
    sender = said.get("from")
    if not isinstance(sender, dict):
        raise NotReadable("from")
    sent_at = content.moment(said, "sent_at")
    if sent_at is None:
        raise NotReadable("sent_at")
    texts = {name: content.short(said, name, size) for name, size in
             (("disease", 40), ("about", 120), ("reason", 300), ("legal_basis", 300))}  # fmt: skip
    return {
        **texts, "revision": content.number(said, "revision"), "their_number": content.short(said, "number", 60),
        "other_code": content.short(sender, "code", 24), "other_name": content.short(sender, "name", 80),
        "asked": _asked(said.get("asked")), "sent_at": sent_at,
        "acknowledge_by": content.moment(said, "acknowledge_by"), "due_at": content.moment(said, "due_at"),
    }  # fmt: skip


def _asked(words: Any) -> str:
    if not isinstance(words, list) or any(word not in Action.values for word in words):
        raise NotReadable("asked")
    return " ".join(words)


def _read(items: Any) -> _Reading:
    if not isinstance(items, list) or len(items) > MOST:
        raise NotReadable("items")
    reading = _Reading()
    for said in items:
        if not isinstance(said, dict):
            raise NotReadable("items")
        _read_one(said, reading)
    return reading


def _read_one(said: dict[str, Any], reading: _Reading) -> None:
    try:
        values = content.read_item(said)
        twin = values["twin"]
        if twin in reading.rows:
            raise NotReadable("id")
    except NotReadable as error:
        reason = str(_("This part cannot be read: %(part)s") % {"part": error})
        reading.answers.append({"id": str(said.get("id"))[:36], "status": REFUSED, "reason": reason})
        return
    reading.rows[twin] = values
    if said.get("recalled"):
        reading.recalled[twin] = content.short(said, "recalled", 200)


def _again(letter: Letter, reading: _Reading) -> list[dict[str, str]]:
    """The answer to an edition that is here already: as it was given the first time."""
    here = set(LetterItem.unscoped.filter(letter=letter).values_list("twin", flat=True))
    there = [{"id": str(twin), "status": _status(twin, reading), "reason": ""} for twin in reading.rows if twin in here]
    return [*there, *reading.answers]


def _status(twin: UUID, reading: _Reading) -> str:
    return WITHDRAWN if twin in reading.recalled else ACCEPTED


def _people(letter: Letter, reading: _Reading, people: Mapping[UUID, UUID], by: Officer | None) -> None:
    stored = {row.twin: row for row in LetterItem.unscoped.filter(letter=letter).select_related("area", "person")}
    fresh = [_fresh(letter, values, people) for twin, values in reading.rows.items() if twin not in stored]
    matching.recognise(fresh, letter.area)
    records.create_many(LetterItem, fresh, by=by, action="letters.items.received", source=letter.source)
    _correct(stored, reading, by)
    _withdraw({**stored, **{row.twin: row for row in fresh}}, reading, by)
    reading.answers += [{"id": str(twin), "status": _status(twin, reading), "reason": ""} for twin in reading.rows]


def _fresh(letter: Letter, values: dict[str, Any], people: Mapping[UUID, UUID]) -> LetterItem:
    return LetterItem(
        id=uuid7(), letter=letter, letter_area=letter.area, area=letter.area, person_id=people.get(values["twin"]),
        **values,
    )  # fmt: skip


def _correct(stored: Mapping[Any, LetterItem], reading: _Reading, by: Officer | None) -> None:
    """What a later edition says otherwise about people we have: they are looked for by the new words."""
    for twin, row in stored.items():
        values = reading.rows.get(twin, {})
        said = {name: values[name] for name in (*CHANGING, *content.SECRETS) if name in values}
        if said:
            records.change(row, by=by, action="letters.item.corrected", **said)


def _withdraw(rows: Mapping[Any, LetterItem], reading: _Reading, by: Officer | None) -> None:
    gone = [rows[twin] for twin in reading.recalled if rows[twin].recalled_at is None]
    for row in gone:
        row.recalled_at, row.recall_reason = now(), reading.recalled[row.twin]
    records.save_many(gone, ["recalled_at", "recall_reason"], by=by, action="letters.items.recalled")
    handing.take_back(gone, by=by)


def _recalled(letter: Letter, by: Officer | None) -> Letter:
    rows = list(LetterItem.unscoped.filter(letter=letter, recalled_at__isnull=True).select_related("area"))
    for row in rows:
        row.recalled_at, row.recall_reason = now(), str(_("The whole letter was recalled."))
    records.save_many(rows, ["recalled_at", "recall_reason"], by=by, action="letters.items.recalled")
    handing.take_back(rows, by=by)
    history.note(letter, HandOver.Kind.RECALLED, by=by, who=letter.other_name)
    return records.change(letter, by=by, action="letters.letter.recalled", state=Letter.State.RECALLED)


def refused(answers: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """Whom the other side did not take, with its reason, by our id."""
    found = {}
    for answer in answers:
        if isinstance(answer, Mapping) and answer.get("status") == REFUSED:
            found[content.uuid(answer, "id")] = content.short(answer, "reason", 200)
    return found


def validated(said: Any) -> Mapping[str, Any]:
    """A message's body as a mapping; raises `NotReadable`."""
    if not isinstance(said, Mapping):
        raise NotReadable("body")
    return said
