"""Drafting letters: a receiver, a reason, a list of people; and where the people go whose receiver nobody knows yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.letters import channels, history
from fangxian.systems.letters.models import Action, HandOver, Letter, LetterItem
from fangxian.systems.letters.transitions import S

PERSONAL = ("name", "sex", "id_type", "id_number", "phone", "address")


@dataclass(frozen=True)
class Receiver:
    """Whom a letter goes to: an area's code where there is one, a name, and how to reach them. Nothing: undecided."""

    code: str = ""
    name: str = ""
    contact: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.name)


def draft(
    *, by: Officer | None, area: Area, receiver: Receiver, disease: str, reason: str, items: Iterable[LetterItem] = (),
    actions: Iterable[str] = (), subject: tuple[str, UUID] | None = None, source: str = Source.WEB, **values: Any,
) -> Letter:  # fmt: skip
    """A letter to one receiver, not sent yet. Items are unsaved rows; they get the letter's area and positions."""
    kind, subject_id = subject or ("", None)
    with transaction.atomic():
        letter = records.create(
            Letter, by=by, action="letters.letter.drafted", source=source, area=area, direction=Letter.Direction.OUT,
            disease=disease, reason=reason[:300], asked=_words(actions), subject_kind=kind, subject_id=subject_id,
            **_addressed(area, receiver, disease), **values,
        )  # fmt: skip
        history.note(letter, HandOver.Kind.DRAFTED, by=by)
        add_items(by=by, letter=letter, items=items, source=source)
    return letter


def readdress(*, by: Officer | None, letter: Letter, receiver: Receiver) -> Letter:
    """Another receiver for a draft."""
    _is_draft(letter)
    return records.change(
        letter, by=by, action="letters.letter.readdressed", **_addressed(letter.area, receiver, letter.disease),
        signed_at=None, signed_by=None,
    )  # fmt: skip


def add_items(*, by: Officer | None, letter: Letter, items: Iterable[LetterItem], source: str = Source.WEB) -> int:
    """Put people (vehicles, goods) on a draft; set-based. A signature given before does not cover them."""
    _is_draft(letter)
    rows = list(items)
    last = LetterItem.objects.filter(letter=letter).aggregate(last=Max("position"))["last"] or 0
    for number, row in enumerate(rows, start=last + 1):
        row.letter, row.letter_area, row.position = letter, letter.area, number
        if row.area_id is None:
            row.area = letter.area
    with transaction.atomic():
        records.create_many(LetterItem, rows, by=by, action="letters.items.added", source=source)
        if rows and letter.signed_at:
            records.change(letter, by=by, action="letters.letter.unsigned", signed_at=None, signed_by=None)
    return len(rows)


def move_items(*, by: Officer | None, items: Iterable[LetterItem], letter: Letter) -> int:
    """An officer decides where people belong: from one draft of a command to another draft of it."""
    rows = list(items)
    _is_draft(letter)
    for row in rows:
        _is_draft(row.letter)
    if any(row.letter_area_id != letter.area_id for row in rows):
        raise ValidationError(_("People can only be moved between letters of one command."))
    last = LetterItem.objects.filter(letter=letter).aggregate(last=Max("position"))["last"] or 0
    for number, row in enumerate(rows, start=last + 1):
        row.letter, row.position = letter, number
        row.basis, row.certainty = LetterItem.Basis.OFFICER, LetterItem.Certainty.HIGH
    with transaction.atomic():
        count = records.save_many(
            rows, ["letter", "position", "basis", "certainty"], by=by, action="letters.items.moved"
        )
        records.change(letter, by=by, action="letters.letter.unsigned", signed_at=None, signed_by=None)
    return count


def item_of_person(person, **values: Any) -> LetterItem:
    """An unsaved row with what a letter has to say about a person we know."""
    return LetterItem(
        person=person, name=person.name, sex=person.sex, id_type=person.id_type, id_number=_plain(person.id_number),
        phone=_plain(person.phone), address=_home(person), **values,
    )  # fmt: skip


def _addressed(area: Area, receiver: Receiver, disease: str) -> dict[str, Any]:
    way = channels.of(area, receiver.code, disease)
    return {
        "other_code": receiver.code, "other_name": receiver.name[:80], "other_contact": receiver.contact[:200],
        "channel": way.channel, "peer": way.peer, "signature_needed": way.signature_needed,
    }  # fmt: skip


def _words(actions: Iterable[str]) -> str:
    return " ".join(Action(word) for word in dict.fromkeys(actions))


def _is_draft(letter: Letter) -> None:
    if letter.state != S.DRAFT:
        raise ValidationError({"state": _("Only a draft can be changed. Recall the person, or write another letter.")})


def _plain(secret: Any) -> str:
    return secret.reveal() if secret else ""


def _home(person) -> str:
    return _plain(person.address) or (_plain(person.household.address) if person.household else "")
