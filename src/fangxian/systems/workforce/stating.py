"""Statements of subsidies: drawn up from what was worked, agreed to by two; no figure is ever typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.core.second_person import deciding, require_other
from fangxian.systems.workforce.models import SubsidyStatement, first_of
from fangxian.systems.workforce.paying import Line
from fangxian.systems.workforce.words import StatementState


@dataclass(frozen=True)
class Due:
    """What one worker (`officer:7`, `person:…`) is due for a month, and whose area pays."""

    worker: str
    area: Area
    lines: tuple[Line, ...]


def as_kept(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Lines as a statement keeps them."""
    return [{"category": one.category, "days": one.days, "yuan": str(one.yuan), "pack": one.pack} for one in lines]


def draw_up(
    *, by: Officer | None, month: date, dues: Iterable[Due], source: str = Source.WEB
) -> list[SubsidyStatement]:
    """Draw the statements of a month up, or anew where nobody has agreed yet and the figures have changed.

    One somebody has agreed to stays; `agree` refuses it when it no longer fits. Raises ValidationError for a month that
    is not over: its days are not all worked.
    """
    first = first_of(month)
    if first >= first_of(today()):
        raise ValidationError({"month": _("This month is not over: statements are drawn up when it is.")})
    by_worker = {due.worker: due for due in dues}
    with transaction.atomic():
        rows = SubsidyStatement.unscoped.select_for_update(of=("self",)).filter(month=first)
        known = {row.worker: row for row in rows.select_related("area")}
        new = [_made(due, first) for worker, due in by_worker.items() if worker not in known and due.lines]
        records.create_many(SubsidyStatement, new, by=by, action="workforce.statements.drawn", source=source)
        drawn = [row for row in known.values() if row.state == StatementState.DRAWN and row.worker in by_worker]
        stale = [row for row in drawn if not fits(row, by_worker[row.worker].lines)]
        changed = [_redrawn(row, by_worker[row.worker]) for row in stale]
        records.save_many(changed, ["lines", "days", "total", "drawn_at"], by=by, action="workforce.statements.redrawn")
    return [*new, *changed]


def fits(statement: SubsidyStatement, lines: Iterable[Line]) -> bool:
    """Whether a statement says what the shifts say now."""
    return bool(statement.lines == as_kept(lines))


def agree(*, statement: SubsidyStatement, by: Officer, lines: Iterable[Line]) -> SubsidyStatement:
    """Agree to a statement. Approved once two have, who are two persons and neither of them the one it is for.

    `lines` are what the shifts say now: a statement that says something else is drawn up anew, not agreed to.
    """
    with deciding(statement, by=by, action="workforce.statement.agreed"):
        current = SubsidyStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        if current.state == StatementState.APPROVED:
            raise ValidationError(_("Two have agreed already."))
        if not fits(current, lines):
            raise ValidationError(_("Shifts have changed since it was drawn up: draw it up again, then agree."))
        if current.officer_id == by.pk:
            raise ValidationError(_("This is your own statement: two others agree to it."))
        require_other(by, [current.first_by_id] if current.first_by_id else [])
        side = "second" if current.first_by_id else "first"
        state = StatementState.APPROVED if side == "second" else StatementState.SEEN
        stamps = {f"{side}_by": by, f"{side}_at": now()}
        return records.change(current, by=by, action="workforce.statement.agreed", state=state, **stamps)


def draw_again(*, statement: SubsidyStatement, by: Officer, lines: Iterable[Line]) -> SubsidyStatement:
    """Draw one statement up anew that no longer says what the shifts say; a first agreement is gone with it."""
    with transaction.atomic():
        current = SubsidyStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        if current.state == StatementState.APPROVED:
            raise ValidationError(_("Two have agreed already."))
        changes = _figures(tuple(lines))
        return records.change(
            current, by=by, action="workforce.statement.redrawn", **changes, drawn_at=now(),
            state=StatementState.DRAWN, first_by=None, first_at=None,
        )  # fmt: skip


def _figures(lines: tuple[Line, ...]) -> dict[str, Any]:
    total = sum((one.amount for one in lines), Decimal(0))
    return {"lines": as_kept(lines), "days": sum(one.days for one in lines), "total": total}


def _made(due: Due, month: date) -> SubsidyStatement:
    kind, key = due.worker.split(":", 1)
    who = {"officer_id": int(key)} if kind == "officer" else {"person_id": UUID(key)}
    return SubsidyStatement(area=due.area, month=month, **who, **_figures(due.lines))


def _redrawn(row: SubsidyStatement, due: Due) -> SubsidyStatement:
    for name, value in _figures(due.lines).items():
        setattr(row, name, value)
    row.drawn_at = now()
    return row
