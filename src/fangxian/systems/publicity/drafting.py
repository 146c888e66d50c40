"""Writing messages: a draft, its change while nobody has approved it, a correction of what is published."""

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fangxian.core import identity, records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.identity import InvalidIdentifier
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.publicity import library, rules
from fangxian.systems.publicity.models import Message

State = Message.State
TEXTS = ("title", "text", "title_en", "text_en")
SAID = (*TEXTS, "kind", "disease", "text_key", "audience", "role", *Message.CHANNELS.values(), "from_at", "until_at")
LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


def draft(
    *, by, area: Area, title: str, text: str, from_at: datetime | None = None, until_at: datetime | None = None,
    corrects: Message | None = None, source: str = Source.WEB, **values: Any,
) -> Message:  # fmt: skip
    """Begin a message. Without an end it holds as long as the pack says.

    values: any of `SAID`, `basis`, `change_note`, `id`. Raises ValidationError for an unfilled word in braces and for
    an identity number in the text: what everybody reads names nobody.
    """
    pack = rules.pack_of(area.code, values.get("disease", ""))
    begins = from_at or now()
    ends = until_at or begins + rules.time_in_force(pack)
    _check_texts({"title": title, "text": text, **values})
    if corrects is not None:
        values |= {"corrects": corrects, "series": corrects.series, "number": _next_number(corrects)}
    return records.create(
        Message, by=by, action="publicity.message.drafted", source=source, area=area, title=title, text=text,
        from_at=begins, until_at=ends, pack=pack.version, writers=[by.pk] if by else [], **values,
    )  # fmt: skip


def change_draft(*, message: Message, by, base_version: int | None = None, **changes: Any) -> Message:
    """Change what is still a draft; whoever does is one of its writers from then on."""
    with transaction.atomic():
        current = Message.objects.select_for_update().get(pk=message.pk)
        changes = {name: value for name, value in changes.items() if getattr(current, name) != value}
        if not changes:
            return current
        if current.state != State.DRAFT:
            raise ValidationError(_("Only a draft can be changed. Correct what is published by a new version."))
        if "area" in changes and current.corrects_id:
            raise ValidationError({"area": _("A correction is said to the same area.")})
        if "until_at" in changes and changes["until_at"] is None:
            changes["until_at"] = current.from_at + rules.time_in_force(rules.pack_of(current.area_id))
        _check_texts(changes)
        writers = current.writers if by is None or by.pk in current.writers else [*current.writers, by.pk]
        return records.change(
            current, by=by, action="publicity.message.changed", base_version=base_version, writers=writers, **changes
        )


def correct(*, message: Message, by, change_note: str, source: str = Source.WEB, **changes: Any) -> Message:
    """Begin the version that takes the place of a published message, saying what changed.

    The published one stands until the new one is approved by two. Raises ValidationError where a new version is under
    way already.
    """
    if message.state != State.PUBLISHED:
        raise ValidationError(_("Only what is published can be corrected."))
    if Message.unscoped.filter(series=message.series, state__in=[State.DRAFT, *Message.WAITING]).exists():
        raise ValidationError(_("A new version is being written already: change that one."))
    note = stated(change_note)
    same = {name: getattr(message, name) for name in (*SAID, "area")}
    return draft(by=by, corrects=message, change_note=note[:300], source=source, **{**same, **changes})


def _next_number(message: Message) -> int:
    rows = Message.unscoped.select_for_update().filter(series=message.series)
    return (rows.order_by().aggregate(highest=Max("number"))["highest"] or 0) + 1


def _check_texts(values: dict[str, Any]) -> None:
    for name in TEXTS:
        told = str(values.get(name) or "")
        missing = library.WORD.findall(told)
        if missing:
            raise ValidationError(
                {name: _("Fill in what stands in braces: %(words)s.") % {"words": "、".join(missing)}}
            )
        if any(_is_identity_number(found) for found in LONG_NUMBER.findall(told)):
            raise ValidationError({name: _("This text holds an identity number. What everybody reads names nobody.")})


def _is_identity_number(number: str) -> bool:
    try:
        identity.resident_id(number)
    except InvalidIdentifier:
        return False
    return True
