"""Reading working groups: which there are, who belongs to them, what lies with them."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fangxian.core.areas import code_range
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.systems.command.models import GroupMember, Task, WorkingGroup

_ORDER = {GroupMember.Position.LEADER: 0, GroupMember.Position.DEPUTY: 1, GroupMember.Position.MEMBER: 2}


@dataclass
class Group:
    """A group with its people, leader first, and how many of its tasks are open and overdue."""

    group: WorkingGroup
    members: list[GroupMember] = field(default_factory=list)
    open: int = 0

    @property
    def leader(self) -> GroupMember | None:
        """Who leads it."""
        return next((one for one in self.members if one.position == GroupMember.Position.LEADER), None)

    @property
    def deputies(self) -> list[GroupMember]:
        """Who stands in for the leader."""
        return [one for one in self.members if one.position == GroupMember.Position.DEPUTY]

    @property
    def others(self) -> list[GroupMember]:
        """Everybody else."""
        return [one for one in self.members if one.position == GroupMember.Position.MEMBER]


def group(pk: UUID | str) -> WorkingGroup:
    """One group; `WorkingGroup.DoesNotExist` outside the scope."""
    return WorkingGroup.objects.select_related("area").get(pk=pk)


def member(pk: UUID | str) -> GroupMember:
    """One membership, with group and officer."""
    return GroupMember.objects.select_related("group", "group__area", "officer", "area").get(pk=pk)


def groups_in(area_code: str) -> list[Group]:
    """The groups of an area and below it that exist today, with their people; three queries."""
    low, high = code_range(area_code)
    rows = WorkingGroup.objects.filter(_today(""), area_id__gte=low, area_id__lt=high).select_related("area")
    return described(list(rows.order_by("area_id", "kind", "name")))


def described(rows: list[WorkingGroup]) -> list[Group]:
    """Groups with their people and open tasks; two queries."""
    found = {row.pk: Group(row) for row in rows}
    people = GroupMember.objects.filter(_today(""), group__in=found).select_related("officer")
    for one in sorted(people, key=lambda one: (_ORDER[GroupMember.Position(one.position)], str(one.pk))):
        found[one.group_id].members.append(one)
    open_ = Task.objects.filter(group__in=found, status__in=Task.OPEN).values_list("group")
    for pk, tasks in open_.annotate(tasks=Count("pk")).order_by():
        found[pk].open = tasks
    return list(found.values())


def past_members(group: WorkingGroup) -> QuerySet[GroupMember]:
    """Who belonged to a group before."""
    return GroupMember.objects.filter(group=group, valid_to__isnull=False).select_related("officer").order_by("-pk")


def tasks_of(group: WorkingGroup) -> QuerySet[Task]:
    """The tasks of a group, open ones first."""
    return Task.objects.filter(group=group).select_related("area", "officer").order_by("-created_at", "pk")


def current_members(group: WorkingGroup) -> QuerySet[GroupMember]:
    """Who belongs to a group today."""
    return GroupMember.objects.filter(_today(""), group=group).select_related("officer", "area", "group")


def groups_of(officer: Officer, *, leading: bool = False) -> QuerySet[WorkingGroup]:
    """The groups an officer belongs to today, or leads, as ids fit for a condition."""
    mine = GroupMember.unscoped.filter(_today(""), _today("group__"), officer=officer)
    mine = mine.filter(position__in=GroupMember.LEADING) if leading else mine
    return mine.order_by().values("group_id")


def led_by(officer: Officer) -> list[WorkingGroup]:
    """The groups an officer leads today, or stands in for."""
    rows = WorkingGroup.objects.filter(pk__in=groups_of(officer, leading=True)).select_related("area")
    return list(rows.order_by("area_id", "name"))


def leads(officer: Officer, group_id: UUID) -> bool:
    """Whether an officer leads a group today or stands in; asked once for all groups of the officer."""
    known: set[UUID] | None = officer.__dict__.get("_groups_led")
    if known is None:
        known = officer.__dict__["_groups_led"] = {row["group_id"] for row in groups_of(officer, leading=True)}
    return group_id in known


def _today(prefix: str) -> Q:
    day = today()
    ended = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    return ended & Q(**{f"{prefix}valid_from__lte": day})
