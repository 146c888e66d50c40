"""A leader goes down to the front line (靠前指挥、下沉一线), and what they found is mended.

Read downwards: a visit is logged with where, when and what for (`log`); what was found there is raised as a finding of
the place by the inspection's own verb, so that it has an owner, a time and the ladder like any other, and the visit
remembers which. Each unit names two leaders when it receives a directive (主要领导、分管同志); `standing` says of each
of them when they were last down, and who has not been for longer than the pack allows.

Logging a visit again with the same id is harmless: the stored visit and its finding are the answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.systems.directives import selectors as directives
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Finding
from fangxian.systems.workforce import rules, selectors, services
from fangxian.systems.workforce.models import Deployment

LOOK_BACK = 4
"""How many of the pack's periods `standing` looks back for a last visit."""


@dataclass(frozen=True)
class Leader:
    """A named leader of a unit: how often they were down in the period of the pack, and when last.

    last: None when not within the time looked at; overdue: longer ago than the pack allows.
    """

    area: Area
    name: str
    is_deputy: bool
    visits: int
    last: datetime | None
    overdue: bool


def log(*, by: Officer, found: str = "", severity: str = Finding.Severity.MINOR, **values: Any) -> Deployment:
    """Log a visit; what was found becomes a finding of the place. values: those of `services.log_visit`.

    Raises ValidationError as the two verbs do; then neither is kept.
    """
    with transaction.atomic():
        visit = services.log_visit(by=by, found=found.strip(), **values)
        if visit.finding_id is not None or not visit.found:
            return visit
        return services.found_is(visit=visit, by=by, finding_id=_raised(visit, by, severity).pk)


def standing(area_code: str) -> list[Leader]:
    """The named leaders of the units of an area, whoever is overdue first."""
    every = rules.between_visits(rules.pack_of(area_code))
    made: dict[tuple[str, str], list[datetime]] = {}
    for visit in selectors.visits(area_code, now() - LOOK_BACK * every):
        made.setdefault((visit.from_area_id, visit.name), []).append(visit.starts_at)
    named = directives.named_leaders(area_code).values()
    found = [
        _leader(area, name, is_deputy, made.get((area.code, name), []), every)
        for area, leader, deputy in named
        for name, is_deputy in ((leader, False), (deputy, True))
        if name
    ]
    return sorted(found, key=lambda one: (not one.overdue, len(one.area.code), one.area.code, one.is_deputy))


def _leader(area: Area, name: str, is_deputy: bool, times: list[datetime], every: timedelta) -> Leader:
    last = max(times, default=None)
    lately = sum(at >= now() - every for at in times)
    return Leader(area, name, is_deputy, lately, last, not lately)


@translation.override(settings.LANGUAGE_CODE)  # a ledger has one language, whoever acts
def _raised(visit: Deployment, by: Officer, severity: str) -> Finding:
    """The finding of a visit, known by the visit."""
    return inspection.raise_finding(
        by=by, id=visit.pk, area=visit.area, where=visit.where, what=visit.found, severity=severity, subject=visit,
        found_on=timezone.localdate(visit.starts_at), basis=_("Field visit of %(who)s") % {"who": visit.name},
    )  # fmt: skip


__all__ = ["Leader", "log", "standing"]
