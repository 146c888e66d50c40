"""A letter that came on paper or as a file: entered with its list, then like any other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.letters import handing, history, matching, rules
from fangxian.systems.letters.drafting import Receiver
from fangxian.systems.letters.models import HandOver, Letter, LetterItem
from fangxian.systems.letters.numbers import next_number


def enter_received(
    *, by: Officer | None, area: Area, sender: Receiver, their_number: str, disease: str, reason: str,
    items: Iterable[LetterItem], actions: Iterable[str] = (), sent_at: datetime | None = None,
    due_at: datetime | None = None, **values: Any,
) -> Letter:  # fmt: skip
    """Enter a letter of another command with everyone on it; they are recognised, and the command gets its task.

    The same number of the same sender is the same letter: only people who are not on it yet are added.
    """
    at, pack = now(), rules.for_area(disease, area.code)
    acknowledge_by, feedback = rules.deadlines(pack, "", at)
    with transaction.atomic():
        letter = _known(area, sender, their_number)
        if letter is None:
            letter = records.create(
                Letter, by=by, action="letters.letter.received", source=Source.IMPORT, area=area,
                direction=Letter.Direction.IN, state=Letter.State.SENT, channel=Letter.Channel.DOCUMENT, revision=1,
                number=next_number(area, Letter.Direction.IN, timezone.localtime(at).year), their_number=their_number,
                other_code=sender.code, other_name=sender.name[:80], other_contact=sender.contact[:200],
                disease=disease, reason=reason[:300], asked=" ".join(actions), sent_at=sent_at or at,
                acknowledge_by=acknowledge_by, due_at=due_at or feedback, pack=pack.version, **values,
            )  # fmt: skip
            history.note(letter, HandOver.Kind.RECEIVED, by=by, who=sender.name, text=their_number)
        _add(letter, list(items), by)
        handing.announce(letter, by=by)
    return letter


def _known(area: Area, sender: Receiver, their_number: str) -> Letter | None:
    if not their_number:
        return None
    same = Letter.objects.filter(area=area, direction=Letter.Direction.IN, their_number=their_number)
    return same.filter(other_name=sender.name[:80]).exclude(state=Letter.State.RECALLED).select_related("area").first()


def _add(letter: Letter, items: list[LetterItem], by: Officer | None) -> None:
    here = {_who(row) for row in LetterItem.objects.filter(letter=letter)}
    fresh = [row for row in items if _who(row) not in here]
    for number, row in enumerate(fresh, start=len(here) + 1):
        row.id, row.letter, row.letter_area, row.position = uuid7(), letter, letter.area, number
        row.area = letter.area
    matching.recognise(fresh, letter.area)
    records.create_many(LetterItem, fresh, by=by, action="letters.items.received", source=Source.IMPORT)


def _who(row: LetterItem) -> tuple[str, str]:
    number = row.id_number.reveal() if hasattr(row.id_number, "reveal") else row.id_number or ""
    phone = row.phone.reveal() if hasattr(row.phone, "reveal") else row.phone or ""
    return row.name, number or phone
