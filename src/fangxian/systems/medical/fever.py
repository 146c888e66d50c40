"""Fever patients seen: entered once, judged by the pack."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.records import Source
from fangxian.systems.medical import rules
from fangxian.systems.medical.announcements import fever_seen
from fangxian.systems.medical.models import Facility, FeverVisit
from fangxian.systems.people.models import Person


def record_visit(
    *, by, facility: Facility, person: Person, temperature, outcome: str, source: str = Source.WEB, **values: Any
) -> FeverVisit:
    """A patient was seen. Whether it was fever, and whether the facility may see it, follows from the pack.

    A known id answers with the stored visit. Raises ValidationError for a moment yet to come.
    """
    seen_at = values.setdefault("visited_at", now())
    if seen_at > now():
        raise ValidationError({"visited_at": _("This moment is yet to come.")})
    judged = rules.judge(facility, temperature)
    with transaction.atomic():
        visit = records.create(
            FeverVisit, by=by, action="medical.fever.seen", source=source, area=facility.area, facility=facility,
            person=person, home_area=person.area, temperature=temperature, outcome=outcome, is_fever=judged.is_fever,
            is_forbidden=judged.is_forbidden, rule=judged.rule, pack=judged.pack, **values,
        )  # fmt: skip
        fever_seen.send(sender=None, visits=[visit], by=by)
    return visit
