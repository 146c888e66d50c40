"""The verbs of working groups (联防联控): form, lead, join, leave; and handing a task to a group.

Whoever leads a group or stands in for its leader holds the group's tasks; its members see them.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area, covers
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.core.records import Source
from fangxian.systems.command.group_selectors import current_members
from fangxian.systems.command.handing import hand_down
from fangxian.systems.command.models import GroupMember, Task, WorkingGroup

Position = GroupMember.Position


def form_group(*, by: Officer | None, source: str = Source.WEB, **values: Any) -> WorkingGroup:
    """Form a group of an area."""
    return records.create(WorkingGroup, by=by, action="command.group.formed", source=source, **values)


def change_group(
    *, group: WorkingGroup, by: Officer | None, base_version: int | None = None, **changes: Any
) -> WorkingGroup:
    """Change what is said of a group; a last day ends it."""
    return records.change(group, by=by, action="command.group.changed", base_version=base_version, **changes)


def add_member(
    *, by: Officer | None, group: WorkingGroup, officer: Officer, position: str = Position.MEMBER,
    source: str = Source.WEB, **values: Any,
) -> GroupMember:  # fmt: skip
    """Let an officer join, or take another position. A new leader takes the place of the one before, who leaves.

    Raises `ValidationError` for an officer none of whose posts reaches the group's area: the group's tasks could not
    be seen.
    """
    _require_sight(officer, group.area)
    with transaction.atomic():
        known = current_members(group).filter(officer=officer).first()
        if known is not None and known.position == position:
            return known
        _make_room(group, officer, position, by)
        return records.create(
            GroupMember, by=by, action="command.group.joined", source=source, area=group.area, group=group,
            officer=officer, position=position, **values,
        )  # fmt: skip


def move_member(
    *, member: GroupMember, by: Officer | None, base_version: int | None = None, **changes: Any
) -> GroupMember:
    """Correct what was entered of a member."""
    group = changes.get("group", member.group)
    _require_sight(changes.get("officer", member.officer), group.area)
    return records.change(
        member, by=by, action="command.group.member_changed", base_version=base_version, area=group.area, **changes
    )


def remove_member(*, member: GroupMember, by: Officer | None) -> GroupMember:
    """End a membership today. Whoever alone leads a group with open tasks stays until there is another leader."""
    with transaction.atomic():
        if member.position in GroupMember.LEADING and _leads_alone(member) and _has_open_tasks(member.group):
            raise ValidationError(_("The group has open tasks: name another leader first."))
        return _end(member, by)


def hand_to_group(*, by: Officer | None, group: WorkingGroup, area: Area | None = None, **values: Any) -> Task:
    """Hand a task to a group; it acts in its own area or in one below it. Raises `ValidationError` without a leader."""
    acts_in = area or group.area
    if not covers(group.area_id, acts_in.code):
        raise ValidationError({"group": _("The group acts in %(area)s only.") % {"area": group.area}})
    if not current_members(group).filter(position__in=GroupMember.LEADING).exists():
        raise ValidationError({"group": _("Nobody leads this group. Name a leader first.")})
    return hand_down(by=by, area=acts_in, group=group, **values)


def _make_room(group: WorkingGroup, officer: Officer, position: str, by: Officer | None) -> None:
    """End what the officer was in the group, and the leadership of whoever led it before."""
    for member in current_members(group):
        replaced = position == Position.LEADER and member.position == Position.LEADER
        if replaced or member.officer_id == officer.pk:
            _end(member, by)


def _end(member: GroupMember, by: Officer | None) -> GroupMember:
    return records.change(member, by=by, action="command.group.left", valid_to=max(today(), member.valid_from))


def _leads_alone(member: GroupMember) -> bool:
    leading = current_members(member.group).filter(position__in=GroupMember.LEADING)
    return not leading.exclude(pk=member.pk).exists()


def _has_open_tasks(group: WorkingGroup) -> bool:
    return Task.unscoped.filter(group=group, status__in=Task.OPEN).exists()


def _require_sight(officer: Officer, area: Area) -> None:
    if not may(officer, Permission.COMMAND_READ, area.code):
        raise ValidationError({"officer": _("%(officer)s has no post that reaches %(area)s.")
                               % {"officer": officer, "area": area}})  # fmt: skip
