"""Verbs and questions of screening campaigns: list in; found, not found, transferred, done."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core import policy, records
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.people.models import Person
from fangxian.systems.screening.campaign_models import Campaign, Target

Outcome = Target.Outcome
RULE = "screening.campaign_hours"
VILLAGE = 12  # digits of a village's code: where coverage is counted
NEXT = {
    Outcome.PENDING: {Outcome.FOUND, Outcome.NOT_FOUND, Outcome.TRANSFERRED, Outcome.DONE},
    Outcome.NOT_FOUND: {Outcome.FOUND, Outcome.TRANSFERRED, Outcome.DONE},
    Outcome.FOUND: {Outcome.DONE, Outcome.TRANSFERRED, Outcome.NOT_FOUND},
    Outcome.TRANSFERRED: {Outcome.FOUND, Outcome.DONE},
    Outcome.DONE: set(),
}
"""From which outcome which may follow. Done is the end; whoever was found may still move away before it is done."""
EXPLAINED = {Outcome.NOT_FOUND, Outcome.TRANSFERRED}


@dataclass
class Covered:
    """How far one area is: how many have each outcome."""

    area: str
    name: str = ""
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        """Everybody to be found there."""
        return sum(self.outcomes.values())

    @property
    def reached(self) -> int:
        """Those of whom it is known where they are."""
        return sum(self.outcomes[one] for one in (Outcome.FOUND, Outcome.TRANSFERRED, Outcome.DONE))

    @property
    def percent(self) -> int:
        """Share reached, in whole percent, never 100 while somebody is missing."""
        return self.reached * 100 // self.total if self.total else 0


def due(area_code: str) -> datetime:
    """When a campaign that begins now is due, by the pack."""
    hours = policy.pack(disease=ANY_DISEASE, area_code=area_code).number(RULE)
    return now() + timedelta(hours=float(hours))


def begin(
    *, by: Officer | None, area: Area, name: str, reason: str, due_at: datetime, lists: Iterable[UUID]
) -> Campaign:
    """Begin a campaign in an area; a campaign of that name is answered with the one that is there."""
    with transaction.atomic():
        known = Campaign.objects.filter(area=area, name=name, closed_at__isnull=True).first()
        listed = [str(one) for one in lists]
        if known is not None:
            return records.change(
                known, by=by, action="screening.campaign.widened", lists=sorted({*known.lists, *listed})
            )
        return records.create(
            Campaign, by=by, action="screening.campaign.begun", area=area, name=name, reason=stated(reason),
            due_at=due_at, lists=listed,
        )  # fmt: skip


def add_targets(*, campaign: Campaign, people: Iterable[Person], by: Officer | None) -> list[Target]:
    """Add people who are not in the campaign yet; gives the new targets. Repeating it adds nobody."""
    known = set(Target.unscoped.filter(campaign=campaign).values_list("person_id", flat=True))
    fresh = [
        Target(campaign=campaign, person=person, area_id=person.area_id) for person in people if person.pk not in known
    ]
    return records.create_many(
        Target, fresh, by=by, action="screening.campaign.targets_added", source=Source.WORKFLOW
    )  # fmt: skip


def report(*, target: Target, outcome: str, by: Officer, note: str = "", moved_to: str = "") -> Target:
    """Say what became of one person. Not found and transferred need a word; raises ValidationError with the reason."""
    with transaction.atomic():
        current = Target.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=target.pk)
        if current.campaign.closed_at is not None:
            raise ValidationError(_("This campaign is closed."))
        if outcome == current.outcome:
            return current
        if outcome not in NEXT[Outcome(current.outcome)]:
            raise ValidationError(_("This person is done already."))
        if outcome in EXPLAINED and not (note or moved_to).strip():
            raise ValidationError(_("Say what was tried, or where the person is now."))
        changes: dict[str, Any] = {"outcome": outcome, "note": note, "moved_to": moved_to, "told_by": by}
        if outcome == Outcome.FOUND or (outcome == Outcome.DONE and current.found_at is None):
            changes["found_at"] = now()
        return records.change(current, by=by, action="screening.target.reported", **changes)


def close(*, campaign: Campaign, by: Officer) -> Campaign:
    """End a campaign. Raises ValidationError while somebody is still to be found."""
    missing = Target.objects.filter(campaign=campaign, outcome=Outcome.PENDING).count()
    if missing:
        raise ValidationError(_("%(missing)s people are still to be found.") % {"missing": missing})
    return records.change(campaign, by=by, action="screening.campaign.closed", closed_at=now())


def campaign(pk: UUID | str) -> Campaign:
    """One campaign; raises Campaign.DoesNotExist outside the scope as for none."""
    return Campaign.objects.select_related("area", "created_by").get(pk=pk)


def campaigns() -> QuerySet[Campaign]:
    """All campaigns inside the scope, open ones first, the latest first."""
    return Campaign.objects.select_related("area").order_by("closed_at", "-created_at")


def target(pk: UUID | str) -> Target:
    """One target with person and campaign; raises Target.DoesNotExist outside the scope as for none."""
    return Target.objects.select_related("person__area", "campaign", "area").get(pk=pk)


def targets(of: UUID | None = None, *, outcome: str = "", area_code: str = "") -> QuerySet[Target]:
    """Targets inside the scope, of one campaign or of all open ones, cell by cell."""
    rows = Target.objects.select_related("person", "area", "campaign", "told_by")
    rows = rows.filter(campaign_id=of) if of else rows.filter(campaign__closed_at__isnull=True)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if area_code:
        low, high = code_range(area_code)
        rows = rows.filter(area_id__gte=low, area_id__lt=high)
    return rows.order_by("area_id", "outcome", "pk")


def coverage(of: Campaign) -> list[Covered]:
    """Village by village how far it is: one query whatever the number of people."""
    rows = Target.objects.filter(campaign=of).order_by().values_list("area_id", "outcome").annotate(rows=Count("pk"))
    found: dict[str, Covered] = {}
    for code, outcome, count in rows:
        place = code[:VILLAGE]
        found.setdefault(place, Covered(place)).outcomes[outcome] += count
    names = dict(Area.objects.filter(code__in=found).values_list("code", "name"))
    for place, covered in found.items():
        covered.name = names.get(place, place)
    return sorted(found.values(), key=lambda one: (one.percent, one.area))


def whole(parts: Iterable[Covered]) -> Covered:
    """All areas together."""
    total = Covered("")
    for part in parts:
        for outcome, count in part.outcomes.items():
            total.outcomes[outcome] += count
    return total


def pending(of: UUID, area_code: str) -> int:
    """How many are still to be found in one area of a campaign."""
    return targets(of, outcome=Outcome.PENDING).filter(area_id=area_code).count()
