"""The way of a request: asked, agreed by both sides, dispatched, received with the difference noted, closed."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records, scope
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.core.second_person import deciding, require_other
from fangxian.systems.supplies import moving, rules
from fangxian.systems.supplies.announcements import request_moved
from fangxian.systems.supplies.models import Movement, RequestLine, Store, SupplyRequest
from fangxian.systems.supplies.transitions import ASKING, GIVING, check, side_to_agree, speaks_for
from fangxian.systems.supplies.words import SupplyItem, SupplyMove, label_of

S = SupplyRequest.State
Amounts = Mapping[str, int]
BOTH = "a request belongs to both its sides"


def ask(
    *, by: Officer | None, to_store: Store, from_store: Store, items: Amounts, reason: str, source: str = Source.WEB,
    **values: Any,
) -> SupplyRequest:  # fmt: skip
    """Ask another store for things. Who leads the asking area agrees for it by asking.

    A known id answers with the stored request. Raises ValidationError for nothing asked, and for one's own store.
    """
    wanted = _amounts(items)
    if not any(wanted.values()):
        raise ValidationError(_("Enter how many of at least one item."))
    if to_store.pk == from_store.pk:
        raise ValidationError({"from_store": _("Things cannot be sent to the store they lie in.")})
    pack = rules.pack_of(to_store.area_id)
    agreed = {"leader_by": by, "leader_at": now()} if speaks_for(by, to_store.area_id) else {}
    with transaction.atomic():
        asked = records.create(
            SupplyRequest, by=by, action="supplies.request.asked", source=source, area=to_store.area, to_store=to_store,
            from_store=from_store, from_area=from_store.area, reason=stated(reason), pack=pack.version,
            due_at=now() + rules.time_to(pack, "agree"), **agreed, **values,
        )  # fmt: skip
        if not asked.lines.exists():
            lines = [RequestLine(request=asked, item=item, asked=many) for item, many in wanted.items() if many]
            RequestLine.objects.bulk_create(lines)
            _on_record(asked, "asked", wanted, by)
        return _told(asked, by)


def agree(*, request: SupplyRequest, by: Officer | None, items: Amounts | None = None) -> SupplyRequest:
    """Agree for the side one may speak for, the giving side perhaps to less; two sides are never one officer."""
    with deciding(request, by=by, action="supplies.request.agreed"), transaction.atomic():
        current = _locked(request, "agree", by)
        require_other(by, [current.leader_by_id, current.keeper_by_id])
        side = side_to_agree(current, by)
        if side == GIVING:
            _agree_to(current, items or {}, by)
        other = ASKING if side == GIVING else GIVING
        both = getattr(current, f"{other}_by_id") is not None
        more = {"state": S.AGREED, "due_at": now() + _time_to("dispatch", current.from_area_id)} if both else {}
        return _change(current, "agreed", by, **{f"{side}_by": by, f"{side}_at": now()}, **more)


def refuse(*, request: SupplyRequest, by: Officer | None, reason: str) -> SupplyRequest:
    """Either side refuses, with the reason."""
    return _end(request, "refuse", by, S.REFUSED, reason)


def cancel(*, request: SupplyRequest, by: Officer | None, reason: str) -> SupplyRequest:
    """The asking side takes it back before anything was sent."""
    return _end(request, "cancel", by, S.CANCELLED, reason)


def dispatch(
    *, request: SupplyRequest, by: Officer | None, items: Amounts | None = None, carrier: str = ""
) -> SupplyRequest:
    """Things leave the giving store, what expires first first; what was agreed, or less. Never more than is there."""
    with transaction.atomic():
        current = _locked(request, "dispatch", by)
        moving.locked(current.from_store, current.to_store)
        moved: list[Movement] = []
        for line, many in _of_lines(current, items or {}, "agreed"):
            for part in moving.first_expiring(current.from_store, line.item, many) if many else []:
                moved.append(moving.send(by, part, current.to_store, request=current))
            RequestLine.objects.filter(pk=line.pk).update(sent=many)
        if not moved:
            raise ValidationError(_("Enter how many of at least one item."))
        moving.told(moved, by)
        return _change(current, "dispatched", by, state=S.SENT, sent_at=now(), carrier=carrier.strip()[:60],
                       due_at=now() + _time_to("receive", current.area_id))  # fmt: skip


def receive(*, request: SupplyRequest, by: Officer | None, items: Amounts | None = None) -> SupplyRequest:
    """Things arrive under their lots. All of it closes the request; a difference is for the giver to settle.

    Raises ValidationError for more than was sent: that is a count, not a receipt.
    """
    with transaction.atomic():
        current = _locked(request, "receive", by)
        moving.locked(current.from_store, current.to_store)
        came = {line.item: many for line, many in _of_lines(current, items or {}, "sent")}
        moved = _arrived(current, by, came)
        for item, many in came.items():
            current.lines.filter(item=item).update(received=many)
        moving.told(moved, by)
        whole = all(line.missing == 0 for line in current.lines.all())
        if whole:
            more = {"state": S.CLOSED, "closed_at": now(), "due_at": None}
        else:
            more = {"state": S.RECEIVED, "due_at": now() + _time_to("settle", current.from_area_id)}
        return _change(current, "received", by, received_at=now(), **more)


def settle(*, request: SupplyRequest, by: Officer | None, reason: str) -> SupplyRequest:
    """The giving side says where the difference went; what turns up again is entered as a count of its store."""
    return _end(request, "settle", by, S.CLOSED, reason)


def _arrived(request: SupplyRequest, by: Officer | None, came: Amounts) -> list[Movement]:
    """What was sent comes in lot by lot, until as much has come as was counted at the door."""
    left, moved = dict(came), []
    with scope.everywhere(BOTH):  # what was sent is a movement of the other side
        sent = list(request.moves.filter(kind=SupplyMove.SENT).select_related("store").order_by("pk"))
    for one in sent:
        many = min(left[one.item], one.quantity)
        left[one.item] -= many
        if many:
            moved.append(moving.arrive(by, one, request.to_store, many, request=request))
    return moved


def _agree_to(request: SupplyRequest, items: Amounts, by: Officer | None) -> None:
    agreed = _of_lines(request, items, "asked")
    if not any(many for _line, many in agreed):
        raise ValidationError(_("Enter how many of at least one item."))
    for line, many in agreed:
        RequestLine.objects.filter(pk=line.pk).update(agreed=many)
    _on_record(request, "agreed", {line.item: many for line, many in agreed}, by)


def _on_record(request: SupplyRequest, word: str, items: Amounts, by: Officer | None) -> None:
    """The amounts stand in the audit beside the step; what was sent and came stands there by its movements."""
    audit.write(f"supplies.request.amounts_{word}", by=by, area=request.area, target=request, detail=dict(items))


def _of_lines(request: SupplyRequest, items: Amounts, most: str) -> list[tuple[RequestLine, int]]:
    """Each line with the amount given for it; what is not named is all of it. Never more than the step before."""
    given, found = _amounts(items), []
    for line in request.lines.order_by("item"):
        limit = getattr(line, most) or 0
        many = given.pop(line.item, limit)
        if many > limit:
            words = {"item": label_of(line.item), "most": limit}
            raise ValidationError(_("%(item)s: at most %(most)s.") % words)
        found.append((line, many))
    if given:
        raise ValidationError(_("The request does not ask for this."))
    return found


def _amounts(items: Amounts) -> dict[str, int]:
    if any(item not in SupplyItem.values for item in items):
        raise ValidationError(_("Choose what it is."))
    if any(many < 0 for many in items.values()):
        raise ValidationError(_("Enter how many."))
    return dict(items)


def _end(request: SupplyRequest, verb: str, by: Officer | None, state: str, reason: str) -> SupplyRequest:
    with transaction.atomic():
        current = _locked(request, verb, by)
        return _change(current, verb, by, state=state, answer=stated(reason)[:200], closed_at=now(), due_at=None)


def _change(request: SupplyRequest, word: str, by: Officer | None, **changes: Any) -> SupplyRequest:
    changed = records.change(request, by=by, action=f"supplies.request.{word}", **changes)
    return _told(changed, by)


def _told(request: SupplyRequest, by: Officer | None) -> SupplyRequest:
    request_moved.send(sender=None, request=request, by=by)
    return request


def _locked(request: SupplyRequest, verb: str, by: Officer | None) -> SupplyRequest:
    rows = SupplyRequest.objects.select_for_update(of=("self",)).select_related("from_store__area", "to_store__area")
    current = rows.get(pk=request.pk)
    check(current, verb, by)
    return current


def _time_to(step: str, area_code: str) -> timedelta:
    return rules.time_to(rules.pack_of(area_code), step)
