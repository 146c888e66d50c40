"""Asking people: a refusal with its reason and the day to ask again."""

from typing import Any

from django.db import transaction

from fangxian.core import records
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.immunization import rules
from fangxian.systems.immunization.models import Refusal
from fangxian.systems.people.models import Person


def refuse(
    *, by: Officer | None, person: Person, disease: str, reason: str, source: str = Source.WEB, **values: Any
) -> Refusal:
    """Somebody was asked and will not, or cannot now. The latest answer holds; the day to ask again is the pack's."""
    values.pop("area", None)
    values["ask_again_on"] = values.get("ask_again_on") or rules.reminder(reason, person.area_id)
    with transaction.atomic():
        known = Refusal.unscoped.select_for_update().filter(person=person, disease=disease, is_latest=True)
        for row in known:
            records.change(row, by=by, action="immunization.refusal.replaced", is_latest=False)
        return records.create(
            Refusal, by=by, action="immunization.refusal.entered", source=source, area=person.area, person=person,
            disease=disease, reason=reason, **values,
        )  # fmt: skip
