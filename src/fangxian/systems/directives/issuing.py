"""Handing directives down: resolve, issue, split by level and group. Set-based: a statement a level, not a unit.

resolve    a meeting wants it: a directive that is not handed down yet
hand_down  to the units of the level below, or straight through to the villages; and to working groups
issue      both at once, for a decision without a meeting and for a measure of a bulletin
split      a unit hands on to the units below it
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area, ranges
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.policy import Pack
from fangxian.core.records import Source
from fangxian.systems.command.models import WorkingGroup
from fangxian.systems.directives import rules
from fangxian.systems.directives.announcements import announce
from fangxian.systems.directives.models import Directive, Handing, Meeting
from fangxian.systems.directives.words import Basis, Depth, DirectiveState

UNITS = (Area.Kind.PREFECTURE, Area.Kind.COUNTY, Area.Kind.ZONE, Area.Kind.TOWNSHIP, Area.Kind.VILLAGE)
LEVELS = 5


def resolve(
    *, by: Officer | None, area: Area, title: str, text: str, meeting: Meeting | None = None,
    to: Iterable[Area] | None = None, groups: Iterable[WorkingGroup] = (), source: str = Source.WEB, **values: Any,
) -> Directive:  # fmt: skip
    """Enter what was resolved; nothing is handed down yet. `to` and `groups`, where given, are kept for that."""
    _require(by, area.code)
    chosen = [str(group.pk) for group in groups]
    if to is not None or chosen:
        values["meant_for"] = {"units": None if to is None else [unit.code for unit in to], "groups": chosen}
    if meeting is not None:
        values.setdefault("basis", Basis.MEETING)
    return records.create(
        Directive, by=by, action="directives.directive.resolved", source=source, area=area, title=title, text=text,
        meeting=meeting, **values,
    )  # fmt: skip


def issue(
    *, by: Officer | None, area: Area, title: str, text: str, to: Iterable[Area] | None = None,
    groups: Iterable[WorkingGroup] = (), measure_id: UUID | None = None, source: str = Source.WEB, **values: Any,
) -> Directive:  # fmt: skip
    """Resolve and hand down in one act. A measure of a bulletin that was handed down answers with its directive.

    `to`: the units of the level below, None for all of them; `values`: any field of `Directive`.
    """
    if measure_id is not None:
        values.setdefault("basis", Basis.BULLETIN)
    with transaction.atomic():
        known = of_measure(measure_id)
        if known is not None and known.state != DirectiveState.RESOLVED:
            return known
        directive = known or resolve(
            by=by, area=area, title=title, text=text, measure_id=measure_id, source=source, **values
        )
        return hand_down(directive=directive, by=by, to=to, groups=groups, source=source)


def hand_down(
    *, directive: Directive, by: Officer | None, to: Iterable[Area] | None = None,
    groups: Iterable[WorkingGroup] = (), source: str = Source.WEB,
) -> Directive:  # fmt: skip
    """Hand a resolved directive down, to all units below or to some of them, and to working groups.

    Without either it goes to those it was resolved for, to all units below where none were named.
    One that goes down to the village reaches every level at once, each with a shorter time than the one above. Raises
    `ValidationError` where there is nobody to hand it to, and for a time that has passed.
    """
    at = now()
    with transaction.atomic():
        current = Directive.objects.select_for_update(of=("self",)).select_related("area").get(pk=directive.pk)
        _require(by, current.area_id)
        if current.state != DirectiveState.RESOLVED:
            raise ValidationError(_("This directive was handed down already, or taken back."))
        pack = rules.pack_of(current.area_id)
        due_at = current.due_at or rules.answer_due(pack, at)
        if due_at <= at:
            raise ValidationError({"due_at": _("The answer would be due before the directive is handed down.")})
        issued = records.change(
            current, by=by, action="directives.directive.handed_down", state=DirectiveState.ISSUED, issued_at=at,
            due_at=due_at,
        )  # fmt: skip
        units, bodies = meant_for(current) if to is None and not groups else (to, groups)
        _reach(issued, units_below(current.area) if units is None else list(units), list(bodies), by, source)
    return issued


def meant_for(directive: Directive) -> tuple[list[Area] | None, list[WorkingGroup]]:
    """The units and groups it was resolved for; None for all units below."""
    kept = directive.meant_for
    units, groups = kept.get("units"), kept.get("groups", [])
    named = None if units is None else list(Area.objects.filter(code__in=units).order_by("code"))
    return named, list(WorkingGroup.objects.filter(pk__in=groups).select_related("area")) if groups else []


def split(
    *, handing: Handing, by: Officer | None, to: Iterable[Area] | None = None, source: str = Source.WEB
) -> list[Handing]:
    """A unit hands a directive on to the units below it; those that have it already keep it. Returns the new ones.

    `to`: some of them; None for all. Raises `ValidationError` for a unit this one does not command.
    """
    _require(by, handing.area_id)
    below = {area.code for area in units_below(handing.area)}
    chosen = below if to is None else {area.code: area for area in to}.keys()
    if strange := sorted(chosen - below):
        raise ValidationError({"to": _("%(area)s is not commanded from here.") % {"area": strange[0]}})
    wanted = [area for area in without(handing) if area.code in chosen]
    pack, at = rules.pack_of(handing.area_id), now()
    made = [_handing(handing.directive, handing, area, at, pack) for area in wanted]
    return _put_down(made, by, source)


def add_units(
    *, directive: Directive, by: Officer | None, to: Iterable[Area] = (), groups: Iterable[WorkingGroup] = (),
    source: str = Source.WEB,
) -> list[Handing]:  # fmt: skip
    """Hand a directive that is in execution to more units or groups; those that have it keep it."""
    _require(by, directive.area_id)
    to, groups = list(to), list(groups)
    if directive.state != DirectiveState.ISSUED:
        raise ValidationError(_("Only a directive in execution takes more units."))
    there = set(standing(directive).values_list("area_id", "group_id"))
    units = [area for area in to if (area.code, None) not in there]
    known = {group for _area, group in there}
    return _reach(directive, units, [group for group in groups if group.pk not in known], by, source)


def without(handing: Handing) -> list[Area]:
    """The units below one that do not have its directive yet."""
    there = set(standing(handing.directive).values_list("area_id", flat=True))
    return [area for area in units_below(handing.area) if area.code not in there]


def units_below(area: Area) -> list[Area]:
    """The units an area commands: those right below it, and a zone's members; a village has none."""
    return _children([area])


def standing(directive: Directive) -> Any:
    """All units that have a directive and were not taken off it, whoever asks."""
    return Handing.unscoped.filter(directive=directive).exclude(state="WITHDRAWN")


def of_measure(measure_id: UUID | None) -> Directive | None:
    """The directive a measure of a bulletin has become, if it was not taken back."""
    if measure_id is None:
        return None
    rows = Directive.objects.filter(measure_id=measure_id).exclude(state=DirectiveState.WITHDRAWN)
    return rows.select_related("area").first()


def _reach(
    directive: Directive, units: list[Area], groups: list[WorkingGroup], by: Officer | None, source: str
) -> list[Handing]:
    """Put the directive down at units and groups, and below the units level by level where it goes to the village."""
    if not units and not groups:
        raise ValidationError({"to": _("There is no unit to hand this directive to.")})
    _require_inside(directive, [*units, *(group.area for group in groups)])
    at, pack = now(), rules.pack_of(directive.area_id)
    level = [_handing(directive, None, area, at, pack) for area in units]
    made = [*level, *(_handing(directive, None, group.area, at, pack, group) for group in groups)]
    for _level in range(LEVELS if directive.depth == Depth.VILLAGE else 0):
        level = _level_below(directive, level, at, pack)
        made += level
    return _put_down(made, by, source)


def _level_below(directive: Directive, above: list[Handing], at: datetime, pack: Pack) -> list[Handing]:
    """The directive at every unit below these; one query for the areas of a whole level."""
    parents = {row.area_id: row for row in above}
    units = _children([row.area for row in above])
    inside = [area for area in units if area.parent_id in parents]
    return [_handing(directive, parents[area.parent_id], area, at, pack) for area in inside]


def _handing(
    directive: Directive, parent: Handing | None, area: Area, at: datetime, pack: Pack,
    group: WorkingGroup | None = None,
) -> Handing:  # fmt: skip
    """The row of one unit; below another unit it is due earlier than there."""
    due = rules.due_below(pack, at, parent.due_at) if parent else directive.due_at
    return Handing(
        directive=directive, parent=parent, area=area, from_area=parent.area if parent else directive.area,
        group=group, handed_at=at, receive_by=rules.receive_by(pack, at, due), due_at=due, pack=pack.version,
    )  # fmt: skip


def _put_down(made: list[Handing], by: Officer | None, source: str) -> list[Handing]:
    """Store the rows of all units with what is known of their leaders, and say so."""
    _name_leaders(made)
    with transaction.atomic():
        records.create_many(Handing, made, by=by, action="directives.handing.handed_down", source=source)
        announce(made, by=by)
    return made


def _name_leaders(made: list[Handing]) -> None:
    """The two leaders a unit last named answer for the next directive too: a fact is entered once."""
    named = Handing.unscoped.filter(area__in=[row.area_id for row in made], group=None).exclude(leader="")
    last = {area: names for area, *names in named.order_by("pk").values_list("area_id", "leader", "deputy")}
    for row in made:
        if row.group_id is None and row.area_id in last:
            row.leader, row.deputy = last[row.area_id]


def _children(areas: list[Area]) -> list[Area]:
    codes = [area.code for area in areas if area.kind != Area.Kind.VILLAGE]
    current = Q(valid_to=None) | Q(valid_to__gt=today())
    rows = Area.objects.filter(current, Q(parent__in=codes) | Q(zones__zone__in=codes), kind__in=UNITS)
    return list(rows.order_by("code").distinct())


def _require_inside(directive: Directive, areas: list[Area]) -> None:
    """A directive goes to what the issuing area commands."""
    reach = [low for low, _high in ranges(directive.area)]
    outside = [area for area in areas if not any(area.code.startswith(code) for code in reach)]
    if outside:
        raise ValidationError({"to": _("%(area)s is not commanded from here.") % {"area": outside[0]}})


def _require(by: Officer | None, area_code: str) -> None:
    if by is not None:
        require(by, Permission.DIRECTIVES_WRITE, area_code)


__all__ = ["add_units", "hand_down", "issue", "meant_for", "of_measure", "resolve", "split", "standing", "units_below"]
