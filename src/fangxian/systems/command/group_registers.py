"""The ledgers of working groups and of who belongs to them."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.command import groups
from fangxian.systems.command.models import GroupMember, WorkingGroup


class WorkingGroupRegister(Register):
    """Groups of several departments in an area: what they answer for, from when until when."""

    model = WorkingGroup
    columns = ("name", "kind", "answers_for", "area", "valid_from", "valid_to")
    filters = ("kind",)
    search = ("name",)
    form = ("area", "name", "kind", "answers_for", "valid_from", "valid_to")
    key = ("area", "name", "valid_from")
    permission = "command"
    icon = "users-group"

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs."""
        if record is None:
            return groups.form_group(by=by, source=source, **values)
        return groups.change_group(group=record, by=by, base_version=base_version, **values)


class GroupMemberRegister(Register):
    """Who leads a working group, who stands in for the leader, who belongs to it; and who did before."""

    model = GroupMember
    columns = ("group", "officer", "position", "duty", "valid_from", "valid_to", "area")
    filters = ("position",)
    form = ("area", "group", "officer", "position", "duty", "valid_from")
    key = ("group", "officer", "valid_from")
    permission = "command"
    icon = "user-star"
    one_by_one = True  # a new leader takes the place of the one before

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs; the area is that of the group, and another position is a row of its own."""
        values.pop("area", None)
        if record is None:
            return groups.add_member(by=by, source=source, **values)
        return groups.move_member(member=record, by=by, base_version=base_version, **values)
