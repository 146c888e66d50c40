"""The unit's verbs: receive, deploy, answer. Each keeps its time, and the act after has happened by then too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now, shown
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.registers import attachments
from fangxian.systems.directives.announcements import announce
from fangxian.systems.directives.issuing import split
from fangxian.systems.directives.models import Handing, Meeting
from fangxian.systems.directives.transitions import Verb, step
from fangxian.systems.directives.words import Depth, HandingState, Outcome

File = tuple[str, bytes]


@dataclass(frozen=True)
class Acted:
    """An act on a phone without a network: when it was on our clock, what the phone's clock said, what it had read."""

    at: datetime
    device_at: datetime
    revision: int
    returns: int


def receive(
    *, handing: Handing, by: Officer, leader: str = "", deputy: str = "", acted: Acted | None = None
) -> Handing:  # fmt: skip
    """The unit has read it and names the two leaders who answer for it; one corrected since is read again.

    `acted`: on a phone, earlier. It says no more than was read there, and nothing where it was received, answered or
    taken back meanwhile.
    """
    with transaction.atomic():
        current = locked(handing)
        if current.is_outdated:
            return records.change(current, by=by, action="directives.handing.read_again", **_read(current, acted))
        if acted is not None and current.state != HandingState.HANDED:
            return current
        named = {"leader": leader.strip() or current.leader, "deputy": deputy.strip() or current.deputy}
        return move(current, Verb.RECEIVE, by, **_received(current, by, acted), **named)


def deploy(
    *, handing: Handing, by: Officer, deployment: str, meeting: Meeting | None = None,
    to: Iterable[Area] | None = None,
) -> Handing:  # fmt: skip
    """The unit says how it carries it out, and hands it on to the units below where it goes there.

    `to`: some of the units below; None for all of them where the directive goes down to the village.
    """
    with transaction.atomic():
        current = locked(handing)
        stamps = {} if current.deployed_at else {"deployed_at": now(), "deployed_by": by}
        said = {"deployment": stated(deployment), "meeting": meeting, **stamps}
        moved = move(current, Verb.DEPLOY, by, **_received(current, by), **said)
        if to is not None or moved.directive.depth == Depth.VILLAGE:
            if moved.group_id is None:
                split(handing=moved, by=by, to=to)
    return moved


def answer(
    *, handing: Handing, by: Officer, answer: str, outcome: str = Outcome.DONE, evidence: Iterable[File] = (),
    shortfall: str = "", acted: Acted | None = None,
) -> Handing:  # fmt: skip
    """The unit answers: what was done, with photos or papers (name, content).

    Raises `ValidationError` without the evidence the directive wants, and while units below have not answered unless
    `shortfall` says why the answer goes without them; and when it was given on a phone (`acted`) to a directive that is
    another by now.
    """
    with transaction.atomic():
        current = locked(handing)
        _refuse_what_moved_on(current, acted)
        changes = {"outcome": outcome, "answer": stated(answer), "answered_at": _at(current, acted), "answered_by": by,
                   "shortfall": _without(current, shortfall), "checked_at": None, "checked_by": None}  # fmt: skip
        for name, content in evidence:
            attachments.attach(current, name=name, content=content, by=by)
        if current.directive.needs_evidence and outcome != Outcome.NOT_DONE:
            _require_evidence(current)
        return move(current, Verb.ANSWER, by, **_received(current, by, acted), **changes)


def locked(handing: Handing) -> Handing:
    """The row as it is stored, held until the act is done."""
    rows = Handing.objects.select_for_update(of=("self",))
    return rows.select_related("directive", "area", "from_area", "group").get(pk=handing.pk)


def move(current: Handing, verb: Verb, by: Officer | None, **changes: Any) -> Handing:
    """One step of a row that is held, told to whoever listens."""
    state = step(current, verb, by)
    directive = current.directive
    moved = records.change(current, by=by, action=f"directives.handing.{verb}", state=state, **changes)
    moved.directive = directive
    announce([moved], by=by)
    return moved


def _received(current: Handing, by: Officer, acted: Acted | None = None) -> dict[str, Any]:
    """Whoever acts has read it, in its wording of now or, on a phone, of then."""
    stamps = {} if current.received_at else {"received_at": _at(current, acted), "received_by": by}
    return {**stamps, **_read(current, acted), "device_at": acted and acted.device_at}


def _read(current: Handing, acted: Acted | None) -> dict[str, int]:
    wording = current.directive.revision
    return {"revision_seen": max(min(acted.revision, wording), current.revision_seen) if acted else wording}


def _at(current: Handing, acted: Acted | None) -> datetime:
    """When the unit acted: on a phone after what it acts on, whatever that phone believed, and never after now."""
    if acted is None:
        return now()
    before = (current.handed_at, current.received_at, current.returned_at)
    return min(max(acted.at, *filter(None, before)), now())


def _refuse_what_moved_on(current: Handing, acted: Acted | None) -> None:
    """Raise `ValidationError`, saying what happened, when what a phone answers is no longer what it had read."""
    if acted is None:
        return
    if current.state == HandingState.WITHDRAWN:
        raise ValidationError(_("Taken back meanwhile: %(why)s") % {"why": current.reason})
    if current.state in Handing.ANSWERED:
        told = {"who": str(current.answered_by), "at": shown(current.answered_at, "%m-%d %H:%M")}
        raise ValidationError(_("Answered already, by %(who)s at %(at)s.") % told)
    if acted.returns < current.returns:
        raise ValidationError(_("To be done again: %(why)s") % {"why": current.reason})
    if acted.revision < current.directive.revision:
        raise ValidationError(_("Corrected since you read it: %(what)s") % {"what": current.directive.correction})


def _without(current: Handing, shortfall: str) -> str:
    """Why an answer goes up without units below that have not answered; empty when all have."""
    missing = Handing.unscoped.filter(parent=current, state__in=Handing.OPEN).count()
    if not missing:
        return ""
    if not shortfall.strip():
        told = _("%(count)s units below have not answered. Say why you answer without them.") % {"count": missing}
        raise ValidationError({"shortfall": told})
    return shortfall.strip()


def _require_evidence(current: Handing) -> None:
    if not attachments.of(current).exists():
        raise ValidationError({"evidence": _("This directive wants evidence: add a photo or a paper.")})
