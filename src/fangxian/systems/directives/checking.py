"""The giver's verbs: check, send back, look again; correct and take back a directive."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.areas import code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may, require
from fangxian.core.reasons import stated
from fangxian.systems.directives import rules
from fangxian.systems.directives.announcements import announce
from fangxian.systems.directives.answering import locked, move
from fangxian.systems.directives.definitions import FIGURES
from fangxian.systems.directives.models import Directive, Handing
from fangxian.systems.directives.transitions import Verb
from fangxian.systems.directives.words import DirectiveState, HandingState

WORDING = ("title", "text", "goal", "basis_text", "requirement", "number")


def check(*, handing: Handing, by: Officer) -> Handing:
    """Whoever handed it down has looked and agrees; when the last unit is checked, the directive is carried out."""
    with transaction.atomic():
        checked = move(locked(handing), Verb.CHECK, by, checked_at=now(), checked_by=by)
        if checked.parent_id is None:
            _end_if_done(checked.directive, by)
    return checked


def send_back(*, handing: Handing, by: Officer, reason: str, due_at: datetime | None = None) -> Handing:
    """Whoever handed it down has looked, now or later, and does not agree: it is to be done again, with new time."""
    with transaction.atomic():
        current, at = locked(handing), now()
        due = due_at or rules.due_again(rules.pack_of(current.area_id), at, current.due_at)
        if due <= at:
            raise ValidationError({"due_at": _("The new time has passed already.")})
        moved = move(
            current, Verb.SEND_BACK, by, reason=stated(reason), returned_at=at, returns=current.returns + 1, due_at=due,
            checked_at=None, checked_by=None,
        )  # fmt: skip
        if moved.directive.state == DirectiveState.DONE:
            _to(moved.directive, by, "taken_up_again", state=DirectiveState.ISSUED, ended_at=None)
    return moved


def look_again(*, handing: Handing, by: Officer) -> Handing:
    """What was checked once is looked at again later and still is so (再检视、再检点); if not, it is sent back."""
    with transaction.atomic():
        return move(locked(handing), Verb.LOOK_AGAIN, by, looked_again_at=now())


def remind(*, directive: Directive, by: Officer, figure: str, area_code: str = "") -> int:
    """Remind every unit behind a figure that owes something, in one statement; its page shows since when. Returns how
    many were reminded.

    Raises `Refused` for who speaks neither for the issuing area nor for the one the units lie in.
    """
    low, high = code_range(area_code)
    rows = Handing.objects.filter(FIGURES[figure].condition(now()), directive=directive, state__in=Handing.OPEN)
    found = list(rows.filter(area_id__gte=low, area_id__lt=high).select_related("area", "from_area"))
    if not may(by, Permission.DIRECTIVES_WRITE, directive.area_id):
        require(by, Permission.DIRECTIVES_WRITE, area_code or directive.area_id)
    return records.change_many(found, by=by, action="directives.handings.reminded", reminded_at=now())


def correct(
    *, directive: Directive, by: Officer | None, reason: str, base_version: int | None = None, **changes
) -> Directive:
    """Correct the wording, the goal or the time of a directive; units that had read it are asked to read it again.

    A new time moves every open clock by the same share as when it was handed down.
    """
    with transaction.atomic():
        current = _held(directive, by)
        if current.state not in (DirectiveState.RESOLVED, DirectiveState.ISSUED):
            raise ValidationError(_("What is carried out or taken back is not corrected any more."))
        worded = any(changes.get(name, getattr(current, name)) != getattr(current, name) for name in WORDING)
        done = records.change(
            current, by=by, action="directives.directive.corrected", base_version=base_version,
            correction=stated(reason), revision=current.revision + worded, **changes,
        )  # fmt: skip
        if current.state == DirectiveState.ISSUED and done.due_at != current.due_at:
            _move_clocks(done, by)
    return done


def withdraw(*, directive: Directive, by: Officer | None, reason: str) -> Directive:
    """Take a directive back from every unit that has not answered; what was done stays on record."""
    with transaction.atomic():
        current = _held(directive, by)
        if current.state not in (DirectiveState.RESOLVED, DirectiveState.ISSUED):
            raise ValidationError(_("This directive is over already."))
        _take_off(list(_open_of(current)), by, stated(reason))
        return _to(current, by, "withdrawn", state=DirectiveState.WITHDRAWN, ended_at=now(), reason=stated(reason))


def withdraw_unit(*, handing: Handing, by: Officer | None, reason: str) -> Handing:
    """Take a directive off one unit, with the units below it that have not answered."""
    with transaction.atomic():
        current = move(locked(handing), Verb.WITHDRAW, by, reason=stated(reason))
        below = [current.pk]
        while below:
            rows = list(Handing.objects.filter(parent__in=below, state__in=Handing.OPEN).select_related("directive"))
            _take_off(rows, by, stated(reason))
            below = [row.pk for row in rows]
        _end_if_done(current.directive, by)
    return current


def _take_off(rows: list[Handing], by: Officer | None, reason: str) -> None:
    records.change_many(
        rows, by=by, action="directives.handings.withdrawn", state=HandingState.WITHDRAWN, reason=reason
    )
    announce(rows, by=by)


def _held(directive: Directive, by: Officer | None) -> Directive:
    current = Directive.objects.select_for_update(of=("self",)).select_related("area").get(pk=directive.pk)
    if by is not None:
        require(by, Permission.DIRECTIVES_WRITE, current.area_id)
    return current


def _open_of(directive: Directive) -> QuerySet[Handing]:
    rows = Handing.objects.filter(directive=directive, state__in=Handing.OPEN)
    return rows.select_related("directive", "area", "from_area")


def _move_clocks(directive: Directive, by: Officer | None) -> None:
    """New times at every unit that owes an answer, level by level from the time of the directive."""
    rows = list(_open_of(directive).order_by("area_id"))
    pack, due = rules.pack_of(directive.area_id), {None: directive.due_at}
    for row in sorted(rows, key=lambda row: len(row.area_id)):
        above = due.get(row.parent_id, directive.due_at)
        row.due_at = rules.due_below(pack, row.handed_at, above) if row.parent_id else above
        row.due_at = max(row.due_at, row.handed_at)
        row.receive_by = min(row.receive_by, row.due_at)
        due[row.pk] = row.due_at
    fields = ["due_at", "receive_by"]
    records.save_many(rows, fields, by=by, action="directives.handings.clock_moved")
    announce(rows, by=by)


def _end_if_done(directive: Directive, by: Officer | None) -> None:
    """Carried out when every unit it was handed to by its own area is checked, and there is one."""
    first = Handing.unscoped.filter(directive=directive, parent=None).exclude(state=HandingState.WITHDRAWN)
    if not first.exclude(state=HandingState.CHECKED).exists() and first.exists():
        _to(directive, by, "carried_out", state=DirectiveState.DONE, ended_at=now())


def _to(directive: Directive, by: Officer | None, act: str, **changes) -> Directive:
    """The directive's own state follows from what happens at its units, also for who sees only one of them."""
    with scope.everywhere("a directive's state follows from its units"):
        return records.change(directive, by=by, action=f"directives.directive.{act}", **changes)
