"""Rounds of infection control: every item of the pack is answered, and a “no” says what was seen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.medical import rules
from fangxian.systems.medical.announcements import round_done
from fangxian.systems.medical.models import ControlAnswer, ControlRound, Facility
from fangxian.systems.medical.words import Answered, Item

NO = Answered.NO


class Answer(NamedTuple):
    """What was answered to an item, and what was seen."""

    value: str
    seen: str = ""


def record_round(
    *, by, facility: Facility, answers: Mapping[str, Answer], done_at: datetime | None = None,
    source: str = Source.WEB, **values: Any,
) -> ControlRound:  # fmt: skip
    """Keep a round. Raises ValidationError by item: unanswered, unknown, or a “no” without what was seen."""
    pack = rules.pack_of(facility.area_id)
    _check(answers, rules.items(pack))
    missed = sum(answer.value == NO for answer in answers.values())
    with transaction.atomic():
        done = records.create(
            ControlRound, by=by, action="medical.control.done", source=source, area=facility.area, facility=facility,
            done_at=done_at or now(), asked=len(answers), missed=missed, pack=pack.version, **values,
        )  # fmt: skip
        rows = [
            ControlAnswer(area=facility.area, control_round=done, item=item, value=answer.value, seen=answer.seen)
            for item, answer in answers.items()
        ]
        records.create_many(ControlAnswer, rows, by=by, action="medical.control.answered", source=source)
        round_done.send(sender=None, control_round=done, by=by)
    return done


def _check(answers: Mapping[str, Answer], asked: list[str]) -> None:
    wrong = {item: _("Answer this item.") for item in asked if item not in answers}
    wrong |= {item: _("The pack does not ask this.") for item in answers if item not in asked}
    for item, answer in answers.items():
        if answer.value not in Answered.values:
            wrong[item] = _("Answer this item.")
        elif answer.value == NO and not answer.seen.strip():
            wrong[item] = _("Say what was seen: whoever mends it has to find it.")
    if wrong:
        raise ValidationError(
            [ValidationError(f"{Item(i).label if i in Item.values else i}: {w}") for i, w in wrong.items()]
        )
