"""One task a contact to the grid worker of that cell, what is left to do about letters, and the case's clocks.

Contacts of other counties go there by letter (`workflows/letter_of_assistance.py`).

Titles and instructions are message ids with params: everyone reads them in their own language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.core.clock import shown
from fangxian.core.policy import Pack
from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.people import selectors as people
from fangxian.workflows.response.clocks import CLOCKS, due
from fangxian.workflows.response.plan import ContactPlan

SUBJECT = "cases.case"
TITLES = {
    "CLOSE": _("Bring close contact %(name)s to quarantine, follow up until %(until)s"),
    "SECONDARY": _("Bring secondary contact %(name)s to quarantine, follow up until %(until)s"),
    "GENERAL": _("Give %(name)s a risk notice"),
}
INSTRUCTIONS = {
    "CLOSE": _(
        "Near case %(case)s, last on %(last)s, %(minutes)s minutes in all. Go to the address, check the identity, "
        "explain the rule, arrange the transfer. Tests on: %(tests)s. Temperature twice a day."
    ),
    "SECONDARY": _(
        "Near a close contact of case %(case)s, last on %(last)s. Go to the address, check the identity, explain the "
        "rule. Tests on: %(tests)s. Temperature twice a day."
    ),
    "GENERAL": _(
        "At the same place as case %(case)s, last on %(last)s, without the criteria of a close contact. Hand over the "
        "risk notice; self-monitoring; see a doctor at the first symptom."
    ),
}
LETTERS_TITLE = _("%(letters)s letters of assistance about case %(case)s wait for you")
LETTERS = _("Decide the receivers nobody could place, have what leaves the installation signed, and send the letters.")
SHORTFALL_TITLE = _("%(missing)s quarantine rooms are missing for case %(case)s")
SHORTFALL = _("Open reserve rooms or ask the prefecture: %(missing)s people wait for a room from %(day)s on.")
DUE = {
    "CLOSE": "investigation.contact_transfer_hours",
    "SECONDARY": "investigation.secondary_transfer_hours",
    "GENERAL": "investigation.general_notice_hours",
}
CLOCK_TITLES = {
    "report": _("Report case %(case)s on the network"),
    "track": _("Write the movement track of case %(case)s"),
    "initial": _("First epidemiological report on case %(case)s"),
}
CLOCK_KIND = {"report": Task.Kind.CASE_REPORT}
#: keys of the tasks a response hands down and takes back; other tasks about the case are not its own
OWN = ("contact:", "case:")
CHANGING = ("title", "instructions", "params", "due_at", "priority")


@dataclass(frozen=True)
class Planned:
    """A contact with its plan and what it takes to write its task."""

    contact: object
    plan: ContactPlan
    minutes: int


@dataclass
class Handed:
    """What became of the tasks: new, kept, changed, withdrawn; and of how many people letters speak."""

    new: int = 0
    kept: int = 0
    changed: int = 0
    withdrawn: int = 0
    letters: int = 0

    def as_json(self) -> dict[str, int]:
        """For the response's record."""
        return vars(self)


def hand_down(
    case, planned: Iterable[Planned], pack: Pack, *, county: Area, missing: int, by, letters: int = 0, drafts: int = 0
) -> Handed:
    """Hand down every task the response asks for; withdraw those of contacts who are none any more.

    `planned` are the contacts of the county itself; of the others `letters` counts the people, `drafts` the letters
    that wait for an officer.
    """
    planned = list(planned)
    workers = people.workers_of({row.contact.area_id for row in planned})
    wanted = [_contact_task(case, row, pack, county, workers) for row in planned]
    wanted += [_clock_task(case, key, rule, pack, county) for key, _name, rule in CLOCKS if key in CLOCK_TITLES]
    wanted += [_shortfall_task(case, missing, pack, county)] if missing else []
    wanted += [_letters_task(case, drafts, pack, county)] if drafts else []
    outcome = command.hand_down_many(by=by, tasks=wanted)
    fresh = {task.key: task for task in wanted}
    changed = _refresh(outcome.kept, fresh, by)
    withdrawn = _withdraw_others(case, set(fresh), by)
    return Handed(len(outcome.new), len(outcome.kept) - changed, changed, withdrawn, letters)


def withdraw_all(case, *, by) -> int:
    """Take back every open task about a case that is none any more."""
    return _withdraw_others(case, set(), by)


def _contact_task(case, row: Planned, pack: Pack, county: Area, workers: dict) -> Task:
    contact, worker = row.contact, workers.get(row.contact.area_id)
    kind = Task.Kind.CONTACT_FOLLOW_UP if contact.ring == "GENERAL" else Task.Kind.CONTACT_TRANSFER
    params = {
        "name": contact.person.name,
        "case": case.number,
        "until": _day(row.plan.until),
        "last": _moment(contact.last_contact_at),
        "minutes": row.minutes,
        "tests": "、".join(_day(test.due_on) for test in row.plan.tests) or "–",
    }
    return Task(
        key=f"contact:{contact.pk}", kind=kind, title=TITLES[contact.ring], instructions=INSTRUCTIONS[contact.ring],
        params=params, person=contact.person, address=_address(contact.person), area=contact.area, from_area=county,
        role="grid_worker" if worker else "township_officer", officer=worker, subject_kind=SUBJECT, subject_id=case.pk,
        due_at=due(case, DUE[contact.ring], pack),
        priority=Task.Priority.HIGH if contact.ring == "CLOSE" else Task.Priority.NORMAL,
    )  # fmt: skip


def _letters_task(case, drafts: int, pack: Pack, county: Area) -> Task:
    return Task(
        key=f"case:{case.pk}:letters", kind=Task.Kind.LETTER_OF_ASSISTANCE, area=county, from_area=county,
        title=LETTERS_TITLE, instructions=LETTERS, params={"letters": drafts, "case": case.number}, role="investigator",
        subject_kind=SUBJECT, subject_id=case.pk, due_at=due(case, DUE["CLOSE"], pack), priority=Task.Priority.HIGH,
    )  # fmt: skip


def _clock_task(case, key: str, rule: str, pack: Pack, county: Area) -> Task:
    return Task(
        key=f"case:{case.pk}:{key}", kind=CLOCK_KIND.get(key, Task.Kind.CASE_INVESTIGATION), area=county,
        from_area=county, title=CLOCK_TITLES[key], params={"case": case.number}, role="investigator",
        person=case.person, subject_kind=SUBJECT, subject_id=case.pk, due_at=due(case, rule, pack),
        priority=Task.Priority.HIGH,
    )  # fmt: skip


def _shortfall_task(case, missing: int, pack: Pack, county: Area) -> Task:
    params = {"missing": missing, "case": case.number, "day": _day(timezone.localdate(case.positive_at))}
    return Task(
        key=f"case:{case.pk}:rooms", kind=Task.Kind.ROOM_SHORTFALL, area=county, from_area=county,
        title=SHORTFALL_TITLE, instructions=SHORTFALL, params=params, role="duty_officer", subject_kind=SUBJECT,
        subject_id=case.pk, due_at=due(case, DUE["CLOSE"], pack), priority=Task.Priority.HIGH,
    )  # fmt: skip


def _refresh(stored: list[Task], wanted: dict[str, Task], by) -> int:
    """Open tasks follow the plan they came from; done work is left alone. Returns how many changed."""
    moved = [task for task in stored if task.status in Task.OPEN and _differs(task, wanted[task.key])]
    for task in moved:
        for name in CHANGING:
            setattr(task, name, getattr(wanted[task.key], name))
    return records.save_many(moved, list(CHANGING), by=by, action="command.tasks.replanned")


def _differs(stored: Task, wanted: Task) -> bool:
    return any(getattr(stored, name) != getattr(wanted, name) for name in CHANGING)


def _withdraw_others(case, wanted: set[str], by) -> int:
    known = command_selectors.open_keys(SUBJECT, case.pk)
    tasks = command_selectors.by_ids(pk for pk, key in known if key and key.startswith(OWN) and key not in wanted)
    return command.withdraw_many(tasks=tasks, by=by, reason=gettext("No longer asked for by the evidence."))


def command_tasks(case) -> list[Task]:
    """All tasks about a case."""
    return list(command_selectors.for_subject(SUBJECT, case.pk))


def _address(person) -> str:
    if person.address:
        return person.address.reveal()
    return person.household.address.reveal() if person.household else ""


def _day(day) -> str:
    return day.isoformat() if day else "–"


def _moment(moment: datetime | None) -> str:
    return shown(moment) if moment else "–"
