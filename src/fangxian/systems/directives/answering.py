"""The unit's verbs: receive, deploy, answer. Each keeps its time, and the act after has happened by then too."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.registers import attachments
from fangxian.systems.directives.announcements import announce
from fangxian.systems.directives.issuing import split
from fangxian.systems.directives.models import Handing, Meeting
from fangxian.systems.directives.transitions import Verb, step
from fangxian.systems.directives.words import Depth, Outcome

File = tuple[str, bytes]


def receive(*, handing: Handing, by: Officer, leader: str = "", deputy: str = "") -> Handing:
    """The unit has read it and names the two leaders who answer for it; one corrected since is read again."""
    with transaction.atomic():
        current = locked(handing)
        if current.is_outdated:
            return records.change(current, by=by, action="directives.handing.read_again",
                                  revision_seen=current.directive.revision)  # fmt: skip
        named = {"leader": leader.strip() or current.leader, "deputy": deputy.strip() or current.deputy}
        return move(current, Verb.RECEIVE, by, **_received(current, by), **named)


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
    shortfall: str = "",
) -> Handing:  # fmt: skip
    """The unit answers: what was done, with photos or papers (name, content).

    Raises `ValidationError` without the evidence the directive wants, and while units below have not answered unless
    `shortfall` says why the answer goes without them.
    """
    with transaction.atomic():
        current = locked(handing)
        changes = {"outcome": outcome, "answer": stated(answer), "answered_at": now(), "answered_by": by,
                   "shortfall": _without(current, shortfall), "checked_at": None, "checked_by": None}  # fmt: skip
        for name, content in evidence:
            attachments.attach(current, name=name, content=content, by=by)
        if current.directive.needs_evidence and outcome != Outcome.NOT_DONE:
            _require_evidence(current)
        return move(current, Verb.ANSWER, by, **_received(current, by), **changes)


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


def _received(current: Handing, by: Officer) -> dict[str, Any]:
    """Whoever acts has read it, in its wording of now."""
    stamps = {} if current.received_at else {"received_at": now(), "received_by": by}
    return {**stamps, "revision_seen": current.directive.revision}


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
