"""Corrections after sending: somebody is recalled, somebody's words change, the whole letter is recalled.

A letter that is corrected becomes a later edition of itself; the other side takes the edition as a whole.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.letters import history
from fangxian.systems.letters.models import HandOver, Letter, LetterItem
from fangxian.systems.letters.sending import pass_over
from fangxian.systems.letters.transitions import S, Verb, allows, step

CORRECTABLE = {"name", "sex", "id_type", "id_number", "phone", "address", "note", "ring", "last_contact_at"}


def recall_items(*, letter: Letter, items: Iterable[LetterItem], by: Officer | None, reason: str) -> int:
    """Nobody has to look for these people any more. In a draft they are taken off; later the other side is told."""
    rows = [row for row in items if not row.is_recalled and row.letter_id == letter.pk]
    if not rows:
        return 0
    reason = stated(reason)[:200]
    with transaction.atomic():
        for row in rows:
            row.recalled_at, row.recall_reason = now(), reason
        records.save_many(rows, ["recalled_at", "recall_reason"], by=by, action="letters.items.recalled")
        if letter.state != S.DRAFT and allows(letter, Verb.CORRECT):
            _next_edition(letter, by, HandOver.Kind.RECALLED, reason, len(rows))
        _recall_the_empty(letter, by, reason)
    return len(rows)


def correct_item(*, item: LetterItem, by: Officer | None, **changes: Any) -> LetterItem:
    """Say something else about a person who is on a letter already sent."""
    unknown = set(changes) - CORRECTABLE
    if unknown:
        raise ValidationError(_("This cannot be corrected: %(names)s") % {"names": ", ".join(sorted(unknown))})
    with transaction.atomic():
        done = records.change(item, by=by, action="letters.item.corrected", **changes)
        if done.version != item.version and item.letter.state != S.DRAFT:
            step(item.letter, Verb.CORRECT)
            _next_edition(item.letter, by, HandOver.Kind.CORRECTED, item.name, 1)
    return done


def recall(*, letter: Letter, by: Officer | None, reason: str) -> Letter:
    """Take the whole letter back."""
    reason = stated(reason)[:200]
    with transaction.atomic():
        was_draft, state = letter.state == S.DRAFT, step(letter, Verb.RECALL)
        done = records.change(
            letter, by=by, action="letters.letter.recalled", state=state, revision=letter.revision + 1
        )
        history.note(done, HandOver.Kind.RECALLED, by=by, text=reason)
        if not was_draft:
            pass_over(done, _rows(done), by=by)
    return done


def _next_edition(letter: Letter, by: Officer | None, kind: str, text: str, count: int) -> None:
    done = records.change(letter, by=by, action="letters.letter.corrected", revision=letter.revision + 1)
    history.note(done, kind, by=by, text=text, items=count)
    pass_over(done, _rows(done), by=by)


def _recall_the_empty(letter: Letter, by: Officer | None, reason: str) -> None:
    """A letter with nobody on it any more asks for nothing."""
    current = Letter.objects.select_related("area", "peer").get(pk=letter.pk)
    if allows(current, Verb.RECALL) and not any(not row.is_recalled for row in _rows(current)):
        recall(letter=current, by=by, reason=reason)


def _rows(letter: Letter) -> list[LetterItem]:
    return list(LetterItem.objects.filter(letter=letter).order_by("position", "pk"))
