"""The grid worker's page on the phone: today's doors, and what is entered at them."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.faces.field import kinds, pages
from fangxian.faces.field.kinds import Entry
from fangxian.faces.field.merging import merge
from fangxian.faces.field.said import Said
from fangxian.workflows import grid_day
from fangxian.workflows.doors import enrolling, entries, mending
from fangxian.workflows.grid_day import Door, Resident

WALK = Permission.DOORS_WALK


def cards(officer: Officer) -> dict[str, Any]:
    """The day as the phone keeps it: short names, nothing that is empty, no number of anybody."""
    day = grid_day.day_of(officer)
    return {
        "on": day.on.isoformat(),
        "cells": [str(cell) for cell in day.cells],
        "days": {"confirm": day.confirm_days, "unseen": day.unseen_days},
        "fever": str(day.fever),
        "cards": [_door(door, day) for door in day.doors],
        "others": [_resident(found, day) for found in day.others],
        "tasks": [_task(task) for task in day.tasks],
        "from": [{"code": code, "name": name} for code, name in grid_day.risky_places()],
    }


def _door(door: Door, day: grid_day.Day) -> dict[str, Any]:
    told = {
        "id": str(door.household.pk), "n": door.label, "due": int(door.is_due), "o": door.outcome, "gaps": door.gaps,
        "seen": door.reached and door.reached.isoformat(), "p": [_resident(one, day) for one in door.residents],
    }  # fmt: skip
    return _short(told)


def _resident(found: Resident, day: grid_day.Day) -> dict[str, Any]:
    person, due = found.person, found.owed
    told = {
        "id": str(person.pk), "n": person.name, "v": person.version, "gaps": found.gaps,
        "a": grid_day.age(person.birth_date, day.on) if person.birth_date else None,
        "q": due.stay and _short({
            "home": int(due.stay.place == "HOME"), "until": due.stay.ends_on.isoformat(), "open": due.slots,
            "done": due.done, "last": str(due.last) if due.last else None,
        }),
        "t": [{"id": str(duty.pk), "day": duty.day} for duty in due.tests], "told": int(due.is_reminded),
        "r": [_arrival(row) for row in due.arrivals], "k": [_task(row, at_door=True) for row in due.tasks],
    }  # fmt: skip
    return _short(told)


def _arrival(row: Any) -> dict[str, Any]:
    return {"id": str(row.pk), "on": row.arrived_on.isoformat(), "state": row.state, "by": row.carrier}


def _task(row: Any, *, at_door: bool = False) -> dict[str, Any]:
    due = row.due_at and timezone.localtime(row.due_at).isoformat()
    return _short({
        "id": str(row.pk), "n": row.title_text, "how": row.instructions_text, "due": due,
        "at": "" if at_door else row.address.reveal(),
    })  # fmt: skip


def _short(told: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: a list of the day is carried over bad networks."""
    return {name: value for name, value in told.items() if value not in (None, "", 0, [], {})}


def _entry(act: Callable[[entries.Sent, Said], Any]) -> kinds.Handler:
    """A handler out of a verb of the story and what the phone said."""

    def handle(entry: Entry) -> Any:
        return act(entries.Sent(entry.by, entry.id, entry.made_at, entry.device_at), Said(entry.payload))

    return handle


def _call(sent: entries.Sent, said: Said) -> Any:
    return entries.call(
        sent, household_id=said.id("household"), day=said.day("day"), outcome=said.text("outcome"),
        away=said.ids("away"), reminded=said.ids("reminded"), note=said.text("note"),
    )  # fmt: skip


def _check(sent: entries.Sent, said: Said) -> Any:
    return entries.check(
        sent, person_id=said.id("person"), day=said.day("day"), slot=said.text("slot"), status=said.text("status"),
        temperature=said.degrees("temperature"), symptoms=said.text("symptoms"),
    )  # fmt: skip


def _task_done(sent: entries.Sent, said: Said) -> Any:
    return entries.task(sent, task_id=said.id("task"), is_done=said.flag("done"), text=said.text("text"))


def _arrived(sent: entries.Sent, said: Said) -> Any:
    return entries.arrived(sent, arrival_id=said.id("arrival"), has_come=said.flag("come"), note=said.text("note"))


def _who(said: Said) -> dict[str, Any]:
    told = {name: said.text(name) for name in ("name", "id_number", "phone", "id_type", "sex")}
    return {**told, "birth_date": said.day_or_none("birth_date")}


def _arrival_met(sent: entries.Sent, said: Said) -> Any:
    return enrolling.arrival(
        sent, household_id=said.id("household"), who=_who(said), arrived_on=said.day("arrived_on"),
        from_name=said.text("from_name"), from_code=said.text("from_code"), from_on=said.day_or_none("from_on"),
        until_on=said.day_or_none("until_on"), carrier=said.text("carrier"),
    )  # fmt: skip


def _moved_in(sent: entries.Sent, said: Said) -> Any:
    return enrolling.moved_in(sent, household_id=said.id("household"), who=_who(said))


def _newborn(sent: entries.Sent, said: Said) -> Any:
    return enrolling.newborn(
        sent, household_id=said.id("household"), name=said.text("name"), sex=said.text("sex"),
        birth_date=said.day("birth_date"),
    )  # fmt: skip


def _moved_out(sent: entries.Sent, said: Said) -> Any:
    return enrolling.moved_out(sent, person_id=said.id("person"), on=said.day("on"))


def _reminded(sent: entries.Sent, said: Said) -> Any:
    return entries.reminded(sent, person_id=said.id("person"), duty_id=said.id("duty"), day=said.day("day"))


def _mend(entry: Entry) -> Any:
    said = Said(entry.payload)
    changes = {name: said.text(name) for name in ("phone", "id_number", "name") if said.text(name)}
    if not changes:
        raise ValidationError({"phone": _("Enter what was missing.")})
    return merge(entry, mending.of(said.id("person"), by=entry.by), base_version=said.number("version"), **changes)


ENTRIES = {
    "doors.call": _entry(_call), "doors.check": _entry(_check), "doors.task": _entry(_task_done),
    "doors.arrived": _entry(_arrived), "doors.arrival": _entry(_arrival_met), "doors.moved_in": _entry(_moved_in),
    "doors.newborn": _entry(_newborn), "doors.moved_out": _entry(_moved_out), "doors.mend": _mend,
    "doors.reminded": _entry(_reminded),
}  # fmt: skip
for _name, _handler in ENTRIES.items():
    kinds.register(_name, WALK, _handler)

TEXTS = {
    "open": _("To do"), "all": _("All doors"), "done": _("Done"), "gaps": _("To mend"),
    "find": _("Find a door or a name"),
    "left": _("%(n)s doors to do, %(done)s done"), "none_left": _("All doors of today are done."),
    "none": _("No door fits."), "no_cell": _("You have no grid cell. Doors belong to a grid worker’s post."),
    "all_here": _("All here, as before"), "nobody": _("Nobody at home"),
    "refuses": _("Refuses"), "empty": _("Nobody lives here"),
    "who_away": _("Tap who is away"), "kept": _("Kept on this phone"),
    "o_SEEN": _("All here"), "o_SOME": _("Some away"), "o_NOBODY": _("Nobody at home"), "o_REFUSED": _("Refused"),
    "o_EMPTY": _("Nobody lives here"),
    "at_home": _("Quarantine at home until %(day)s"), "at_site": _("At a quarantine site until %(day)s"),
    "AM": _("Morning"), "PM": _("Evening"), "as_yesterday": _("%(degrees)s as before"), "other_degrees": _("Other"),
    "degrees": _("Temperature (°C)"), "not_home": _("Not found"), "symptoms": _("Symptoms"),
    "enter": _("Enter"),
    "s_cough": _("Cough"), "s_fever": _("Fever"), "s_throat": _("Sore throat"), "s_tired": _("Weakness"),
    "s_smell": _("No smell or taste"), "s_diarrhoea": _("Diarrhoea"),
    "test": _("Test on day %(day)s today"), "reminded": _("Reminded"),
    "arrives": _("Arrives %(day)s"), "has_come": _("Is here"), "not_come": _("Has not come"), "why": _("Why?"),
    "task_done": _("Done"), "task_cannot": _("Cannot"), "due_at": _("until %(at)s"), "how": _("What to do"),
    "others": _("Here, but not on a roster of mine"), "tasks": _("Other tasks"),
    "came": _("Somebody came"), "moved_in": _("Moved in"), "newborn": _("Newborn"), "moved_out": _("Moved out"),
    "moved_out_sure": _("%(name)s no longer lives here?"),
    "who_id": _("Identity number (type it, or scan it into the field)"),
    "who_known": _("Who is known needs no more than the number."), "no_papers": _("No papers"),
    "bad_id": _("This is no valid identity number: look at it again."),
    "gap_never": _("Never reached so far"), "gap_empty": _("Nobody on the roster here"),
    "gap_unseen": _("Not seen for %(n)s days or more"), "gap_phone": _("No phone number"),
    "gap_id": _("No identity number"),
    "gaps_none": _("The roster lacks nothing."), "add": _("Add"), "years": _("%(n)s y."),
    "male": _("Male"), "female": _("Female"), "last_seen": _("last reached %(day)s"), "never_seen": _("never reached"),
    "field_name": _("Full name"), "field_phone": _("Phone"), "field_id_number": _("Identity number"),
    "field_sex": _("Sex"), "field_birth_date": _("Birth date"), "field_arrived_on": _("Arrived on"),
    "field_from_name": _("Comes from"), "field_until_on": _("There until"),
    "field_carrier": _("Train, flight or plate"),
    "field_temperature": _("Temperature (°C)"), "field_day": _("Day"), "field_on": _("On"), "field_note": _("Note"),
    "field_text": _("Text"), "field_reason": _("Reason"), "field_outcome": _("Outcome"), "field_status": _("Status"),
}  # fmt: skip

pages.register(
    pages.Page(
        key="doors", title=_("Today’s doors"), icon="home", permission=WALK, order=10, cards=cards, texts=TEXTS,
        more=("field/parts/doors.css", "field/parts/doors_forms.js", "field/parts/doors_model.js",
              "field/parts/doors_person.js"),
    )
)  # fmt: skip
