"""全面排查: the people of one or several lists are looked for, cell by cell, until it is known of each where they are.

Read downwards. Lists are matched first (`list_matching.py`), so that whoever stands on three lists is looked for once.
Beginning makes one target a person and hands down one task a cell to its grid worker; beginning again with another list
adds who is new. A worker reports outcomes one by one; when the last of a cell is reported, its task is done by that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.command.transitions import Verb, allowed
from fangxian.systems.people import lists
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import SourceList
from fangxian.systems.screening import campaigns
from fangxian.systems.screening.campaign_models import Campaign, Target

SUBJECT = "screening.campaign"
TITLE = _("%(campaign)s: find %(people)s people of %(area)s")
INSTRUCTIONS = _(
    "Go from door to door. Say of each person whether they were found, could not be found, or are now elsewhere; the "
    "list is on your page “People to be found”. When nobody is left, the task is done by itself."
)


@dataclass(frozen=True)
class Begun:
    """What beginning did: the campaign, people added, tasks handed down, people who belong to nobody's cell here."""

    campaign: Campaign
    added: int
    tasks: int
    outside: int


def begin(
    *,
    by: Officer,
    area: Area,
    name: str,
    reason: str,
    source_lists: Iterable[SourceList],
    due_at: datetime | None = None,
) -> Begun:
    """Begin a campaign with everybody of the lists, or widen one of the same name. Repeating it changes nothing.

    Raises ValidationError when the lists name nobody who is known, `Refused` where the officer may not.
    """
    require(by, Permission.SCREENING_WRITE, area.code)
    brought = list(source_lists)
    wanted = people.by_ids(lists.persons_of(brought))
    inside = [person for person in wanted.values() if person.area_id.startswith(area.code)]
    if not inside:
        raise ValidationError(gettext("The lists name nobody of this area who is on record: match them first."))
    with transaction.atomic():
        campaign = campaigns.begin(
            by=by, area=area, name=name, reason=reason, due_at=due_at or campaigns.due(area.code),
            lists=[one.pk for one in brought],
        )  # fmt: skip
        added = campaigns.add_targets(campaign=campaign, people=inside, by=by)
        handed = command.hand_down_many(by=by, tasks=_tasks(campaign, added))
    return Begun(campaign, len(added), len(handed.new), len(wanted) - len(inside))


def report(*, target: Target, outcome: str, by: Officer, note: str = "", moved_to: str = "") -> Target:
    """A worker says what became of one person; the cell's task is done with its last person."""
    require(by, Permission.PEOPLE_WRITE, target.area_id)
    with transaction.atomic():
        reported = campaigns.report(target=target, outcome=outcome, by=by, note=note, moved_to=moved_to)
        if not campaigns.pending(reported.campaign_id, reported.area_id):
            _finish(reported, by)
    return reported


def close(*, campaign: Campaign, by: Officer) -> Campaign:
    """End a campaign in which nobody is left to be found; open tasks about it are withdrawn."""
    require(by, Permission.SCREENING_WRITE, campaign.area_id)
    with transaction.atomic():
        closed = campaigns.close(campaign=campaign, by=by)
        open_ = [task for task in command_selectors.for_subject(SUBJECT, campaign.pk) if task.status in Task.OPEN]
        command.withdraw_many(tasks=open_, by=by, reason=gettext("The campaign is closed."))
    return closed


def _tasks(campaign: Campaign, added: list[Target]) -> list[Task]:
    """One task a cell for those added; a second list gives a cell a task of its own for who is new."""
    by_area: dict[str, list[Target]] = {}
    for target in added:
        by_area.setdefault(target.area_id, []).append(target)
    workers = people.workers_of(by_area)
    areas = {area.code: area for area in Area.objects.filter(code__in=by_area)}
    return [_task(campaign, areas[code], rows, workers.get(code)) for code, rows in sorted(by_area.items())]


def _task(campaign: Campaign, area: Area, rows: list[Target], worker: Officer | None) -> Task:
    return Task(
        key=_key(campaign.pk, area.code, rows[0].pk), kind=Task.Kind.GENERAL, title=TITLE, instructions=INSTRUCTIONS,
        params={"campaign": campaign.name, "people": len(rows), "area": str(area)}, area=area,
        from_area=campaign.area, subject_kind=SUBJECT, subject_id=campaign.pk, due_at=campaign.due_at,
        role="grid_worker" if worker else "township_officer", officer=worker, priority=Task.Priority.HIGH,
    )  # fmt: skip


def _key(campaign: UUID, area: str, first: UUID) -> str:
    return f"campaign:{campaign}:{area}:{first.hex[-8:]}"


def _finish(target: Target, by: Officer) -> None:
    """The cell's open tasks are done: whoever reported the last person has received and finished them."""
    begins = f"campaign:{target.campaign_id}:{target.area_id}:"
    for task in command_selectors.for_subject(SUBJECT, target.campaign_id):
        if (task.key or "").startswith(begins) and allowed(task, Verb.FINISH, by):
            command.finish(task=task, by=by, outcome=gettext("Everybody of this cell was reported."))
