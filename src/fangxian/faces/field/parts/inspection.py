"""The inspector's trip on the phone: the route, a checklist a stop, photos, and what no list asks for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.records import Source
from fangxian.faces.field import kinds, pages
from fangxian.faces.field.kinds import Entry
from fangxian.faces.field.said import Said
from fangxian.systems.inspection import rules, selectors, services
from fangxian.systems.inspection.services import Answer
from fangxian.systems.inspection.words import Attitude, Topic

WRITE = Permission.INSPECTION_WRITE


def cards(officer: Officer) -> dict[str, Any]:
    """The trips the officer leads with their stops, and every list asked on them; no person, no number."""
    trips = selectors.trips_to_make(officer, today())
    sheets = selectors.sheets_of(trips)
    lists = {(sheet.area_id, sheet.checklist) for sheet in sheets}
    asked = {key: rules.checklist(rules.pack_of(area), key) for area, key in sorted(lists)}
    return {
        "on": today().isoformat(),
        "trips": [{"id": str(trip.pk), "n": trip.name, "team": trip.team} for trip in trips],
        "lists": {key: {"n": one.name, "items": [[item.key, item.text, item.severity] for item in one.items]}
                  for key, one in asked.items()},
        "topics": [[topic.value, str(topic.label)] for topic in Topic],
        "minds": [[mind.value, str(mind.label)] for mind in Attitude],
        "cards": [{"id": str(sheet.pk), "trip": str(sheet.trip_id), "no": sheet.number, "n": sheet.where,
                   "area": sheet.area.name, "list": sheet.checklist, "state": sheet.state} for sheet in sheets],
    }  # fmt: skip


def _sheet(entry: Entry, said: Said) -> Any:
    found = selectors.sheet(said.id("sheet"))
    require(entry.by, WRITE, found.area_id)
    return found


def _answer(entry: Entry) -> Any:
    """One stop with all its answers."""
    said, given = Said(entry.payload), entry.payload.get("answers")
    if not isinstance(given, dict):
        raise ValidationError({"answers": _("This value cannot be read.")})
    answers = {}
    for key, row in given.items():
        one = Said(row if isinstance(row, dict) else {})
        answers[str(key)] = Answer(one.text("value"), one.text("seen")[:150], one.photos("photos"))
    return services.answer_sheet(
        sheet=_sheet(entry, said), by=entry.by, answers=answers, done_at=entry.made_at, source=Source.FIELD
    )


def _leave_out(entry: Entry) -> Any:
    """A stop that is not visited, and why."""
    said = Said(entry.payload)
    return services.leave_out(sheet=_sheet(entry, said), by=entry.by, reason=said.text("reason"))


def _finding(entry: Entry) -> Any:
    """Something found that no list asks for."""
    said = Said(entry.payload)
    return services.note_finding(
        sheet=_sheet(entry, said), by=entry.by, id=entry.id, what=said.text("what")[:200],
        topic=said.text("topic") or Topic.OTHER, severity=said.text("severity") or "MINOR",
        attitude=said.text("attitude"), photos=said.photos("photos"), source=Source.FIELD,
    )  # fmt: skip


kinds.register("inspection_answer", WRITE, _answer)
kinds.register("inspection_leave_out", WRITE, _leave_out)
kinds.register("inspection_finding", WRITE, _finding)
pages.register(
    pages.Page(
        key="inspection", title=_("Inspection trip"), icon="clipboard-check", order=25, permission=WRITE, cards=cards,
        more=("field/parts/inspection.css",),
        texts={
            "none": _("You lead no trip today. Trips are planned on the page of inspection trips."),
            "left": _("%(n)s stops to visit, %(done)s done"), "yes_all": _("All others are as they should be"),
            "ok": _("In order"), "bad": _("Not in order"), "na": _("Not asked"),
            "seen": _("What was seen"), "photo": _("Photo"), "photos": _("%(n)s photos"),
            "keep": _("Keep the answers"), "more": _("Something else was found"), "what": _("What was found"),
            "skip": _("Leave out"), "why": _("Why this stop is left out"), "waits": _("kept on the phone"),
            "sent": _("sent"), "visited": _("Visited"), "skipped": _("Left out"), "open": _("To be visited"),
            "missing": _("Answer every item; say what was seen where it is not in order."),
            "grave": _("Critical"), "minor": _("Minor"), "major": _("Major"), "topic": _("Topic"),
            "mind": _("State of mind behind it"), "nothing": _("not said"), "severity": _("Severity"),
            "found": _("%(n)s not in order"), "field_reason": _("Reason"), "field_what": _("What was found"),
            "back": _("Back to the route"),
        },
    )
)  # fmt: skip
