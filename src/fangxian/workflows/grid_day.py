"""A grid worker's day: today's doors in walking order, at each only what is owed today, and what the roster lacks.

    roster and calls (people) ─┐
    home quarantine (quarantine) ├→ one card a door, in the order of the way
    tests due (testing)        │
    arrivals (arrivals)        │
    tasks (command)           ─┘

Everything is read for whole cells at once: the number of queries depends on the cells of the worker (one or two), never
on the doors. Nothing is asked that the store knows: a card carries what is known, the phone asks for the rest.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from fangxian.core import policy, scope
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.command import selectors as command
from fangxian.systems.people import calling, walking
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Household, Person
from fangxian.systems.quarantine.rules import FEVER
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.workflows.doors import owed
from fangxian.workflows.doors.owed import Owed

CONFIRM, UNSEEN, PHONE_FROM = "door.confirm_days", "door.unseen_days", "door.phone_from_years"
MOST_TASKS = 100


@dataclass
class Resident:
    """Somebody of the roster: what is owed to them today, and what the roster lacks about them."""

    person: Person
    owed: Owed = field(default_factory=Owed)
    gaps: list[str] = field(default_factory=list)


@dataclass
class Door:
    """One household as the worker meets it.

    label: the last part of the address. outcome: what was found there today, "" for not called at yet. reached: the
    last day somebody was seen. is_due: the pack's days since then are over, or nobody was ever seen.
    """

    household: Household
    label: str
    residents: list[Resident]
    outcome: str = ""
    reached: date | None = None
    is_due: bool = False
    gaps: list[str] = field(default_factory=list)


@dataclass
class Day:
    """What a worker takes along. `others` are tasks and people that belong to no door of the cells."""

    on: date
    cells: list[Area]
    confirm_days: int
    unseen_days: int
    phone_from: int
    fever: Decimal
    doors: list[Door] = field(default_factory=list)
    others: list[Resident] = field(default_factory=list)
    tasks: list = field(default_factory=list)


def day_of(officer: Officer) -> Day:
    """Today's doors of a worker's cells, those of a colleague handed over included.

    Needs the scope of the officer's posts that walk from door to door in force; an officer without one has no doors.
    """
    cells = [post.area for post in officer.posts_with(Permission.DOORS_WALK)]
    cells = sorted({cell.pk: cell for cell in cells}.values(), key=lambda cell: cell.pk)
    rules = policy.pack(disease=ANY_DISEASE, area_code=cells[0].code if cells else "")
    numbers = [int(rules.number(key)) for key in (CONFIRM, UNSEEN, PHONE_FROM)]
    day = Day(today(), cells, *numbers, Decimal(str(rules.number(FEVER))))
    tasks = owed.by_person(list(command.ledger(officer)[:MOST_TASKS]), lambda task: task.person_id)
    for cell in cells:
        _add_cell(day, cell, tasks)
    day.tasks = [task for left in tasks.values() for task in left]
    return day


def _add_cell(day: Day, cell: Area, tasks: dict[UUID | None, list]) -> None:
    """The doors of one cell. Tasks about its people are taken out of `tasks`: they stand at their doors."""
    with scope.narrowed(cell.code):
        roster = people.roster(cell.code)
        living = {found.household.pk: found.people for found in roster.doors}
        everybody = [person for found in living.values() for person in found] + roster.others
        since = day.on - timedelta(days=max(day.confirm_days, day.unseen_days))
        known = calling.known_of(cell.code, living, since=since)
        ever = calling.ever_reached(cell.code)
        dues = owed.of_cell(cell.code, day.on, [person.pk for person in everybody], known.reminded)
    place = _place(cell)
    residents = {person.pk: _resident(person, day, dues, known, tasks) for person in everybody}
    doors = []
    for found in roster.doors:
        address = found.household.address.reveal()
        there = [residents[person.pk] for person in found.people]
        doors.append((address, _door(found.household, walking.door(address, place), there, day, known, ever)))
    day.doors += walking.in_order(doors)
    day.others += [residents[person.pk] for person in roster.others]
    day.others += [_guest(due, tasks) for person, due in dues.items() if person not in residents and due]


def _door(home: Household, label: str, there: list[Resident], day: Day, known: calling.Known, ever: set[UUID]) -> Door:
    reached = known.reached.get(home.pk)
    is_due = reached is None or (day.on - reached).days >= day.confirm_days
    gaps = ["empty"] if not there else []
    gaps += ["never"] if home.pk not in ever else []
    return Door(home, label or home.number, there, known.today.get(home.pk, ""), reached, is_due, gaps)


def _resident(
    person: Person, day: Day, dues: dict[UUID, Owed], known: calling.Known, tasks: dict[UUID | None, list]
) -> Resident:
    due = dues.get(person.pk, Owed())
    due.take(tasks.pop(person.pk, []))
    return Resident(person, due, _gaps(person, day, known))


def _guest(due: Owed, tasks: dict[UUID | None, list]) -> Resident:
    """Somebody another area answers for, who stays here or is expected: the roster has them not."""
    person = next(row.person for row in (due.stay, *due.tests, *due.arrivals) if row)
    due.take(tasks.pop(person.pk, []))
    return Resident(person, due)


def _gaps(person: Person, day: Day, known: calling.Known) -> list[str]:
    """What the roster lacks about somebody: a phone of their own or of the family is asked of grown-ups only."""
    seen, gaps = known.seen.get(person.pk), []
    if seen is None or (day.on - seen).days >= day.unseen_days:
        gaps.append("unseen")
    if person.phone_index is None and not _is_child(person, day):
        gaps.append("phone")
    if person.id_index is None or person.id_type == Person.IdType.TEMPORARY:
        gaps.append("id")
    return gaps


def _is_child(person: Person, day: Day) -> bool:
    return person.birth_date is not None and age(person.birth_date, day.on) < day.phone_from


def risky_places() -> list[tuple[str, str]]:
    """Code and name of the areas in force as risk areas, for the question where somebody comes from."""
    found = {zone.name: next(iter(zone.codes), "") for zone in risk_areas.in_force()}
    return sorted(((code, name) for name, code in found.items()), key=lambda place: place[1])


def age(born: date, on: date) -> int:
    """Full years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _place(cell: Area) -> str:
    """The names above the cell as addresses begin with them: county, township, village."""
    names = Area.objects.filter(code__in=[cell.code[:length] for length in (6, 9, 12)]).order_by("code")
    return "".join(names.values_list("name", flat=True))


__all__ = ["Day", "Door", "Resident", "age", "day_of", "risky_places"]
