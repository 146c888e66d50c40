"""The verbs of a gathering: notice, decision, a second look, the look on the day.

Who decides is judged by `rules` when notice is given and whenever something changes; the officer never chooses it.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Refused
from fangxian.core.policy import Pack
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.community import rules, tickets
from fangxian.systems.community.announcements import gathering_moved
from fangxian.systems.community.models import Gathering
from fangxian.systems.community.rules import Verdict
from fangxian.systems.community.transitions import GATHERING, check, may_decide
from fangxian.systems.community.words import (
    ApprovalLevel,
    GatheringDecision,
    GatheringMeasure,
    GatheringState,
    ReportWay,
    SecondLook,
)
from fangxian.systems.people import derived

JUDGED = frozenset({"area", "kind", "expected", "coming_from", "starts_at"})
S = GatheringState


def notice(
    *, by: Officer | None, area: Area, kind: str, starts_at: datetime, ends_at: datetime, expected: int,
    ticket: str = "", way: str = ReportWay.DESK, source: str = Source.WEB, **values: Any,
) -> Gathering:  # fmt: skip
    """Give notice of a gathering; it is judged at once. What needs nobody's approval may be held, what is not allowed
    is refused by the rule. The same ticket again is answered with what is stored. Raises ValidationError."""
    index = tickets.index_of(tickets.code_of(ticket)) if ticket else None
    known = Gathering.unscoped.filter(code_index=index).first() if index else None
    if known is not None:
        return known
    _refuse_backwards(starts_at, ends_at)
    pack, at = rules.pack_of(area.code), now()
    wanted = {**values, "area": area, "kind": kind, "starts_at": starts_at, "ends_at": ends_at, "expected": expected}
    verdict = judged(Gathering(**wanted))
    with transaction.atomic():
        made = records.create(
            Gathering, by=by, action="community.gathering.noticed", source=source, code_index=index, way=way,
            noticed_at=at, is_late=_too_late(starts_at, verdict, pack, kind),
            decide_by=min(at + rules.time_to_decide(pack, kind), max(starts_at, at)),
            **{**wanted, "phone": _phone(values.get("phone", ""))}, **_verdict(verdict), **_by_rule(verdict),
        )  # fmt: skip
        gathering_moved.send(sender=None, gathering=made, by=by)
    made.refresh_from_db()  # a risk area over the place has its word at once
    return made


def found(
    *, by: Officer, area: Area, kind: str, starts_at: datetime, ends_at: datetime, came: int, seen: str, **values: Any
) -> Gathering:
    """A gathering nobody had given notice of was found on the spot."""
    _refuse_backwards(starts_at, ends_at)
    wanted = {**values, "area": area, "kind": kind, "starts_at": starts_at, "ends_at": ends_at, "expected": came}
    with transaction.atomic():
        made = records.create(
            Gathering, by=by, action="community.gathering.found", way=ReportWay.FOUND, announced=False, state=S.HELD,
            came=came, seen=stated(seen)[:400], checked_at=now(), checked_by=by, **wanted,
            **_verdict(judged(Gathering(**wanted))),
        )  # fmt: skip
        gathering_moved.send(sender=None, gathering=made, by=by)
    return made


def change_gathering(*, gathering: Gathering, by: Officer | None, base_version: int | None = None, **changes: Any):
    """Correct what was told before it is decided; it is judged anew."""
    if gathering.state not in Gathering.UNDECIDED and JUDGED & changes.keys():
        raise ValidationError(_("This is decided: have it cancelled and give notice anew."))
    fresh = {field: changes.get(field, getattr(gathering, field)) for field in JUDGED}
    verdict = _verdict(judged(Gathering(**fresh))) if gathering.state in Gathering.UNDECIDED else {}
    with transaction.atomic():
        changed = records.change(
            gathering, by=by, action="community.gathering.changed", base_version=base_version, **changes, **verdict
        )
        gathering_moved.send(sender=None, gathering=changed, by=by)
    return changed


def approve(*, gathering: Gathering, by: Officer, conditions: str = "") -> Gathering:
    """It may be held, under conditions. Refused to whoever may not decide at its level, and where a rule forbids it."""
    if gathering.level == ApprovalLevel.PROHIBITED:
        raise ValidationError(_("By the rule %(rule)s it may not be held.") % {"rule": gathering.rule})
    _require(gathering, by)
    return _move(
        gathering, "approve", by, state=S.APPROVED, decision=GatheringDecision.APPROVED, granted_under=gathering.level,
        decided_at=now(), decided_by=by, conditions=conditions.strip()[:400], reason="", cause="",
    )  # fmt: skip


def refuse(*, gathering: Gathering, by: Officer, reason: str) -> Gathering:
    """It may not be held, with the reason; also one that was approved before."""
    _require(gathering, by)
    return _move(
        gathering, "refuse", by, state=S.REFUSED, decision=GatheringDecision.REFUSED, decided_at=now(), decided_by=by,
        reason=stated(reason)[:200], cause="",
    )  # fmt: skip


def cancel(*, gathering: Gathering, by: Officer | None, reason: str = "") -> Gathering:
    """The organiser gives it up."""
    return _move(gathering, "cancel", by, state=S.CANCELLED, cause="", reason=reason.strip()[:200])


def judge_again(*, gathering: Gathering, verdict: Verdict, cause: str = SecondLook.RULES) -> Gathering:
    """Bring a gathering that lies ahead to what the rules say now. One approved under milder rules is looked at again;
    when the cause is gone it stands as it was approved. Whoever calls knows the risk areas; nothing new writes nothing.
    """
    changes = _verdict(verdict)
    if gathering.state == S.WAITING:
        changes |= _by_rule(verdict)
    elif gathering.state == S.APPROVED and verdict.level.rank > ApprovalLevel(gathering.granted_under).rank:
        changes |= {"state": S.REVIEW, "cause": cause, "decide_by": min(gathering.starts_at, _soon(gathering))}
    elif gathering.state == S.REVIEW and verdict.level.rank <= ApprovalLevel(gathering.granted_under).rank:
        changes |= {"state": S.APPROVED, "cause": ""}
    if all(getattr(gathering, name) == value for name, value in changes.items()):
        return gathering
    with transaction.atomic():
        moved = records.change(gathering, by=None, action="community.gathering.judged", **changes)
        gathering_moved.send(sender=None, gathering=moved, by=None)
    return moved


def look(
    *, gathering: Gathering, by: Officer, held: bool, came: int = 0, not_kept: list[str] | None = None, seen: str = ""
) -> Gathering:
    """What was seen on the day: held or not, how many came, which measures were not kept."""
    missing = [item for item in not_kept or [] if item in GatheringMeasure.values]
    if held and came < 1:
        raise ValidationError({"came": _("Say how many came.")})
    if gathering.starts_at > now():
        raise ValidationError(_("It has not begun yet."))
    return _move(
        gathering, "check", by, state=S.HELD if held else S.NOT_HELD, came=came if held else 0, not_kept=missing,
        seen=seen.strip()[:400], checked_at=now(), checked_by=by, cause="",
    )  # fmt: skip


def judged(gathering: Gathering) -> Verdict:
    """What the rules of its day make of it."""
    return rules.judge(
        gathering.kind, persons=gathering.expected, elsewhere=bool(gathering.coming_from.strip()),
        area_code=gathering.area_id, on=timezone.localdate(gathering.starts_at),
    )  # fmt: skip


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {"level": verdict.level, "rule": verdict.rule, "pack": verdict.pack}


def _by_rule(verdict: Verdict) -> dict[str, Any]:
    """What the rule itself decides: nobody has to approve, or nobody can."""
    yes, no = GatheringDecision.APPROVED, GatheringDecision.REFUSED
    if verdict.level == ApprovalLevel.NOBODY:
        return {"state": S.APPROVED, "decision": yes, "granted_under": verdict.level, "decided_at": now()}
    if verdict.level == ApprovalLevel.PROHIBITED:
        return {"state": S.REFUSED, "decision": no, "decided_at": now(), "reason": verdict.rule}
    return {}


def _too_late(starts_at: datetime, verdict: Verdict, pack: Pack, kind: str) -> bool:
    """Whether notice of what somebody has to decide came later than the pack asks for."""
    return verdict.level != ApprovalLevel.NOBODY and starts_at - now() < rules.notice_days(pack, kind)


def _soon(gathering: Gathering) -> datetime:
    return now() + rules.time_to_decide(rules.pack_of(gathering.area_id), gathering.kind)


def _require(gathering: Gathering, by: Officer) -> None:
    decision = may_decide(gathering, by)
    if not decision:
        raise Refused(str(decision.reason))


def _refuse_backwards(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("It ends after it has begun.")})


def _phone(phone: Any) -> str:
    return derived.complete({"phone": phone})["phone"] if phone else ""


def _move(gathering: Gathering, verb: str, by: Officer | None, **changes: Any) -> Gathering:
    with transaction.atomic():
        current = Gathering.objects.select_for_update(of=("self",)).select_related("area").get(pk=gathering.pk)
        check(GATHERING, current, verb)
        moved = records.change(current, by=by, action=f"community.gathering.{verb}", **changes)
        gathering_moved.send(sender=None, gathering=moved, by=by)
    return moved
