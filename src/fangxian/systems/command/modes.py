"""The verbs of the operating mode of an area: declare, agree, turn down, take back before it begins.

who                                   may
who commands the area                 declare a mode for it, at once or from a coming moment on
a second officer who commands it      agree, where it goes up to emergency or comes down from it
only who commands the area above      let it be milder than the area above it
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import modes, records, second_person
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.modes import FOLLOW, Mode, OperatingMode
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, may, require
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.command.announcements import mode_declared

State = OperatingMode.State


def declare(
    *, by: Officer | None, area: Area, mode: str, reason: str, basis: str, from_at: datetime | None = None,
    source: str = Source.WEB, **values: Any,
) -> OperatingMode:  # fmt: skip
    """Declare a mode for an area, at once or from a coming moment on; `FOLLOW` ends the area's own.

    To and from emergency it is a proposal that waits for a second person. Raises `ValidationError` for a moment that
    has passed, `Refused` for an area the officer does not command or may not let be milder than the one above.
    """
    begins = from_at or now()
    if begins < now():
        raise ValidationError({"from_at": _("A mode cannot begin before it is declared.")})
    _require_command(by, area.code)
    _require_above(by, area, mode, begins)
    said = {**values, "area": area, "mode": mode, "from_at": begins, "reason": stated(reason), "basis": basis}
    with transaction.atomic():
        made = records.create(OperatingMode, by=by, action="command.mode.proposed", source=source, **said)
        if made.state != State.PROPOSED or needs_second(area, mode, begins):
            return made  # waits, or was sent before
        return _put_in_force(made, by=by)


def change_proposal(
    *, declaration: OperatingMode, by: Officer | None, base_version: int | None = None, **changes: Any
) -> OperatingMode:
    """Change what still waits for a second person; whoever changes it is one of the first."""
    if all(getattr(declaration, name) == value for name, value in changes.items()):
        return declaration
    with transaction.atomic():
        current = _open(declaration)
        wanted = {name: changes.get(name, getattr(current, name)) for name in ("area", "mode", "from_at")}
        if wanted["from_at"] < now():
            raise ValidationError({"from_at": _("A mode cannot begin before it is declared.")})
        _require_above(by, wanted["area"], wanted["mode"], wanted["from_at"])
        return records.change(current, by=by, action="command.mode.changed", base_version=base_version, **changes)


def confirm(*, declaration: OperatingMode, by: Officer | None) -> OperatingMode:
    """The second person agrees; a moment that has passed meanwhile becomes now.

    Raises `SamePerson` for whoever proposed or changed it; the attempt is on record.
    """
    _require_command(by, declaration.area_id)
    with second_person.deciding(declaration, by=by, action="command.mode.declared"):
        current = _open(declaration)
        second_person.require_other(by, [current.created_by_id, current.changed_by_id])
        _require_above(by, current.area, current.mode, max(current.from_at, now()))
        return _put_in_force(current, by=by, **_decided(by))


def refuse(*, declaration: OperatingMode, by: Officer | None, reason: str) -> OperatingMode:
    """Say no to a proposal, or take one's own back."""
    _require_command(by, declaration.area_id)
    with transaction.atomic():
        return records.change(
            _open(declaration), by=by, action="command.mode.refused", state=State.REFUSED,
            decision=stated(reason), **_decided(by),
        )  # fmt: skip


def withdraw(*, declaration: OperatingMode, by: Officer | None, reason: str) -> OperatingMode:
    """Take back what was declared for a coming moment; what has begun is ended by another declaration."""
    _require_command(by, declaration.area_id)
    with transaction.atomic():
        current = OperatingMode.objects.select_for_update().get(pk=declaration.pk)
        if current.state != State.DECLARED or current.from_at <= now():
            raise ValidationError(_("Only what has not begun yet can be taken back. Declare another mode instead."))
        done = records.change(
            current, by=by, action="command.mode.withdrawn", state=State.WITHDRAWN, decision=stated(reason)
        )
        _forget()
    return done


def followed(*, declaration: OperatingMode, by: Officer | None) -> OperatingMode:
    """What follows from a declaration has been set going; says so once."""
    current = OperatingMode.objects.get(pk=declaration.pk)
    if current.followed_at is not None:
        return current
    return records.change(current, by=by, action="command.mode.carried_out", followed_at=now())


def needs_second(area: Area, mode: str, at: datetime) -> bool:
    """Whether a declaration goes up to emergency, comes down from it, or keeps an area there by its own word."""
    return Mode.EMERGENCY in (modes.mode_of(area.code, at), resulting(area, mode, at))


def resulting(area: Area, mode: str, at: datetime) -> Mode:
    """The mode an area is in by a declaration; one that follows is in that of the area above."""
    if mode != FOLLOW:
        return Mode(mode)
    declared = modes.Said(at, max(at, now()), FOLLOW, area.code)
    return modes.book().with_also(declared).mode(area.code, at)


def _put_in_force(declaration: OperatingMode, *, by: Officer | None, **decided: Any) -> OperatingMode:
    at = now()
    done = records.change(
        declaration, by=by, action="command.mode.declared", state=State.DECLARED, declared_at=at,
        from_at=max(declaration.from_at, at), **decided,
    )  # fmt: skip
    _forget()
    mode_declared.send(sender=None, declaration=done, by=by)
    return done


def _decided(by: Officer | None) -> dict[str, Any]:
    return {"decided_by": by, "decided_at": now()} if by else {}


def _forget() -> None:
    """Now for the rest of this transaction, and again when it is done: another book may have been read meanwhile."""
    modes.forget()
    transaction.on_commit(modes.forget)


def _open(declaration: OperatingMode) -> OperatingMode:
    current = OperatingMode.objects.select_for_update(of=("self",)).select_related("area").get(pk=declaration.pk)
    if current.state != State.PROPOSED:
        raise ValidationError(_("This is decided already. Declare another mode instead."))
    return current


def _require_command(by: Officer | None, area_code: str) -> None:
    if by is not None:
        require(by, Permission.COMMAND_WRITE, area_code)


def _require_above(by: Officer | None, area: Area, mode: str, at: datetime) -> None:
    """An area may be stricter than the one above by its own word, milder only by the word of the one above."""
    if by is None or area.parent_id is None or mode == FOLLOW:
        return
    above = modes.mode_of(area.parent_id, at)
    if Mode(mode).gravity < above.gravity and not may(by, Permission.COMMAND_WRITE, area.parent_id):
        raise Refused(str(_("Only who commands the area above may declare a milder mode than it is in itself.")))
