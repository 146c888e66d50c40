"""The secretary's directives on the phone: read, received and answered with photos, where there is no network."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.faces.field import kinds, pages
from fangxian.faces.field.kinds import Entry
from fangxian.faces.field.said import Said
from fangxian.systems.directives import selectors, services
from fangxian.systems.directives.services import Acted
from fangxian.systems.directives.words import HandingState, Outcome

WRITE = Permission.DIRECTIVES_WRITE
MOST = 60
"""Directives a phone carries along; a unit has a handful."""


def cards(officer: Officer) -> dict[str, Any]:
    """What the officer's units owe, and what they owe no more since a phone of this shift may have read it."""
    open_ = list(selectors.mine(officer)[:MOST])
    below = selectors.open_below(row.pk for row in open_)
    gone = selectors.gone_from_mine(officer, now() - timedelta(seconds=settings.SESSION_COOKIE_AGE))[:MOST]
    return {"cards": [_open(row, below.get(row.pk, 0)) for row in open_] + [_gone(row) for row in gone]}


def _open(row: Any, below: int) -> dict[str, Any]:
    """What one has to know to carry it out and to answer; no leader, no history."""
    told = {
        **_named(row), "text": row.directive.text, "goal": row.directive.goal, "due": row.due_at.isoformat(),
        "receive": row.state == HandingState.HANDED and row.receive_by.isoformat(), "revision": row.directive.revision,
        "seen": row.revision_seen, "returns": row.returns, "evidence": row.directive.needs_evidence and not row.returns,
        "below": below, "why": row.reason, "corrected": row.directive.correction,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _gone(row: Any) -> dict[str, Any]:
    """That it is answered, by whom and when, or taken back and why."""
    if row.state == HandingState.WITHDRAWN:
        return {**_named(row), "why": row.reason}
    return {**_named(row), "who": str(row.answered_by), "at": row.answered_at.isoformat()}


def _named(row: Any) -> dict[str, Any]:
    unit = str(row.group or row.area)
    return {"id": str(row.pk), "n": row.directive.title, "unit": unit, "from": str(row.from_area), "state": row.state}


def _acted(entry: Entry, said: Said) -> Acted:
    return Acted(entry.made_at, entry.device_at, said.number("revision") or 0, said.number("returns") or 0)


def _receive(entry: Entry) -> Any:
    said = Said(entry.payload)
    return services.receive(
        handing=selectors.handing(said.id("handing")), by=entry.by, leader=said.text("leader"),
        deputy=said.text("deputy"), acted=_acted(entry, said),
    )  # fmt: skip


def _answer(entry: Entry) -> Any:
    said = Said(entry.payload)
    return services.answer(
        handing=selectors.handing(said.id("handing")), by=entry.by, answer=said.text("answer"),
        outcome=said.text("outcome") or Outcome.DONE, shortfall=said.text("shortfall")[:300],
        evidence=said.photos("photos"), acted=_acted(entry, said),
    )  # fmt: skip


kinds.register("directives_receive", WRITE, _receive)
kinds.register("directives_answer", WRITE, _answer)
pages.register(
    pages.Page(
        key="directives", title=_("Directives"), icon="arrow-fork", order=15, permission=WRITE, cards=cards,
        more=("field/parts/directives.css",),
        texts={
            "none": _("Nothing waits for you: everything handed down to your unit is answered."),
            "open": _("To receive or to answer"), "gone": _("Answered or taken back"), "from": _("from %(from)s"),
            "due": _("Answer due"), "receive_by": _("Receive by"), "late": _("Overdue"), "goal": _("Goal"),
            "receive": _("Received"), "leaders": _("Name the two leaders"), "leader": _("Leader who answers for it"),
            "deputy": _("Leader in charge"), "again": _("I have read it again"),
            "corrected": _("Corrected since you read it: %(what)s"), "corrected_once": _("Corrected: %(what)s"),
            "moved": _("The time was moved; it was %(was)s."), "returned": _("To be done again: %(why)s"),
            "taken_back": _("Taken back meanwhile: %(why)s"),
            "answer": _("Answer"), "photo": _("Photo"), "need_photo": _("Evidence wanted: add a photo."),
            "shortfall": _("%(n)s units below have not answered: why answer without them?"),
            "waits": _("kept on the phone"), "sent": _("sent"), "refused": _("Not taken"), "mend": _("Mend"),
            "back": _("Back to the directives"),
            "over": _("It is no longer open for your unit; what you wrote stands here until you throw it away."),
            **{f"s_{state.value}": state.label for state in HandingState},
            **{f"o_{outcome.value}": outcome.label for outcome in Outcome},
            "field_answer": _("What your unit did"), "field_outcome": _("Outcome"), "field_evidence": _("Photo"),
            "field_photos": _("Photo"), "field_reason": _("What your unit did"),
            "field_shortfall": _("Why without all units below"),
        },
    )
)  # fmt: skip
