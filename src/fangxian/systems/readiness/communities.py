"""The verbs of an epidemic-free community. Each takes the verdicts found now; none believes what was typed.

verb          from              to
apply         nothing open      APPLIED   (every criterion holds; the waiting time after a revocation is over)
approve       APPLIED           GRANTED   (by another person, whose post reaches above the community; all hold still)
refuse        APPLIED           REFUSED   (with a reason)
take_check    APPLIED GRANTED   REFUSED REVOKED when a criterion is broken, EXPIRED when the time is over
ask_to_revoke GRANTED           GRANTED   (with a reason)
revoke        GRANTED           REVOKED   (by another person than who asked)

There is no verb that grants against the evidence: who doubts a figure mends the rows behind it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import records, second_person
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, require
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.readiness import rules
from fangxian.systems.readiness.models import EpidemicFree
from fangxian.systems.readiness.rules import Verdict

COMMUNITIES = (Area.Kind.VILLAGE, Area.Kind.GRID_CELL)
BROKEN = gettext_noop("A criterion is not met any more.")
OVER = gettext_noop("Its time is over.")
State = EpidemicFree.State


def apply(
    *, by: Officer | None, area: Area, verdicts: Sequence[Verdict], note: str = "", source: str = Source.WEB
) -> EpidemicFree:
    """A community applies. Raises ValidationError that names every criterion not met, or the day it may try again."""
    if area.kind not in COMMUNITIES:
        raise ValidationError({"area": _("Only a village, a community or a grid cell applies.")})
    with transaction.atomic():
        _refuse_too_early(area)
        if EpidemicFree.unscoped.filter(area=area, state__in=EpidemicFree.OPEN).exists():
            raise ValidationError({"area": _("An application or the status of this community is open already.")})
        _refuse_broken(verdicts)
        return records.create(
            EpidemicFree, by=by, action="readiness.community.applied", source=source, area=area, note=note.strip(),
            **_checked(verdicts, area.code),
        )  # fmt: skip


def approve(*, row: EpidemicFree, by: Officer, verdicts: Sequence[Verdict]) -> EpidemicFree:
    """Grant the status. Raises `SamePerson`, Refused, ValidationError; the evidence of this moment decides."""
    with second_person.deciding(row, by=by, action="readiness.community.granted"):
        current = _locked(row, State.APPLIED)
        second_person.require_other(by, [current.created_by_id])
        _require_above(by, current.area)
        _refuse_broken(verdicts)
        pack = rules.pack_of(current.area_id)
        return records.change(
            current, by=by, action="readiness.community.granted", state=State.GRANTED, decided_at=now(), decided_by=by,
            valid_until=today() + rules.validity(pack), **_checked(verdicts, current.area_id),
        )  # fmt: skip


def refuse(*, row: EpidemicFree, by: Officer, reason: str) -> EpidemicFree:
    """Not grant it, with a reason."""
    with second_person.deciding(row, by=by, action="readiness.community.refused"):
        current = _locked(row, State.APPLIED)
        second_person.require_other(by, [current.created_by_id])
        _require_above(by, current.area)
        return records.change(
            current, by=by, action="readiness.community.refused", state=State.REFUSED, decided_at=now(), decided_by=by,
            ended_at=now(), ended_by=by, ended_why=stated(reason)[:200],
        )  # fmt: skip


def take_check(*, row: EpidemicFree, verdicts: Sequence[Verdict]) -> EpidemicFree:
    """What a check found: a broken criterion ends it at once and says which, the day after the last one ends it too.

    An application ends by whatever is broken, the status only by what the pack lets end it. A check that finds
    nothing writes nothing.
    """
    with transaction.atomic():
        current = EpidemicFree.objects.select_for_update(of=("self",)).select_related("area").get(pk=row.pk)
        if current.state not in EpidemicFree.OPEN:
            return current
        found = (rules.broken if current.state == State.APPLIED else rules.ending)(verdicts)
        if found:
            return _end(current, verdicts, found)
        if current.valid_until is not None and current.valid_until < today():
            return _change(current, "expired", state=State.EXPIRED, ended_at=now(), ended_why=OVER)
    return current


def ask_to_revoke(*, row: EpidemicFree, by: Officer, reason: str) -> EpidemicFree:
    """Ask that the status end for what no criterion measures; a second person has to agree."""
    with transaction.atomic():
        current = _locked(row, State.GRANTED)
        _require_above(by, current.area)
        return _change(current, "revocation_asked", by=by, asked_by=by, asked_why=stated(reason)[:200])


def revoke(*, row: EpidemicFree, by: Officer) -> EpidemicFree:
    """Agree to it. Raises `SamePerson` for whoever asked."""
    with second_person.deciding(row, by=by, action="readiness.community.revoked"):
        current = _locked(row, State.GRANTED)
        if current.asked_by_id is None:
            raise ValidationError(_("Nobody has asked for this yet: say why first, then another person agrees."))
        second_person.require_other(by, [current.asked_by_id])
        _require_above(by, current.area)
        return _change(
            current, "revoked", by=by, state=State.REVOKED, ended_at=now(), ended_by=by, ended_why=current.asked_why,
            again_from=_again(current.area_id),
        )  # fmt: skip


def _end(current: EpidemicFree, verdicts: Sequence[Verdict], found: list[Verdict]) -> EpidemicFree:
    was_granted = current.state == State.GRANTED
    ended: dict[str, Any] = {
        "state": State.REVOKED if was_granted else State.REFUSED, "ended_at": now(), "ended_why": BROKEN,
        "again_from": _again(current.area_id) if was_granted else None,
        **_checked(verdicts, current.area_id), "broken": len(found),
    }  # fmt: skip
    return _change(current, "revoked" if was_granted else "refused", **ended)


def _change(current: EpidemicFree, verb: str, *, by: Officer | None = None, **changes: Any) -> EpidemicFree:
    return records.change(current, by=by, action=f"readiness.community.{verb}", **changes)


def _checked(verdicts: Iterable[Verdict], area_code: str) -> dict[str, Any]:
    """What a row keeps of a check."""
    kept = list(verdicts)
    return {
        "verdicts": [one.as_json() for one in kept], "broken": 0, "checked_at": now(),
        "pack": rules.pack_of(area_code).version,
    }  # fmt: skip


def _again(area_code: str) -> date:
    return today() + rules.waiting(rules.pack_of(area_code))


def _refuse_broken(verdicts: Sequence[Verdict]) -> None:
    found = rules.broken(verdicts)
    if not verdicts or found:
        named = "; ".join(one.criterion.text for one in found)
        raise ValidationError(_("Not all criteria are met: %(named)s") % {"named": named})


def _refuse_too_early(area: Area) -> None:
    last = EpidemicFree.unscoped.filter(area=area, again_from__gt=today()).order_by("-again_from").first()
    if last is not None:
        raise ValidationError({"area": _("It may apply again from %(day)s.") % {"day": last.again_from}})


def _require_above(by: Officer, area: Area) -> None:
    """Whoever decides commands more than the community itself."""
    require(by, Permission.READINESS_WRITE, area.code)
    posts = by.posts_with(Permission.READINESS_WRITE)
    if not any(post.covers(area.code) and post.area.kind not in COMMUNITIES for post in posts):
        raise Refused(str(_("The township or the county decides, not the community itself.")))


def _locked(row: EpidemicFree, state: str) -> EpidemicFree:
    current = EpidemicFree.objects.select_for_update(of=("self",)).select_related("area").get(pk=row.pk)
    if current.state != state:
        raise ValidationError(_("This is not possible any more: %(state)s.") % {"state": current.get_state_display()})
    return current
