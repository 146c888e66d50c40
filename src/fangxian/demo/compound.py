"""A compound of flats and a street of houses in one grid cell: 120 doors, so that a worker's day has its real size.

The people of the fortnight are spread over the whole county; at a small scale a cell has five doors. This cell gets a
compound of its own, whose people met nobody: it changes no figure of the outbreak.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.identity.gb11643 import check_character
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.demo import names
from fangxian.demo.days import MORNING, OUTBREAK_DAY
from fangxian.demo.numbers import phones, uuids
from fangxian.demo.officers import Staff
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.arrivals.words import Channel, Means
from fangxian.systems.command import services as command
from fangxian.systems.people import calling
from fangxian.systems.people import services as people
from fangxian.systems.people.models import DoorCall, Household, Person
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import DailyCheck, Stay
from fangxian.systems.testing import services as testing
from fangxian.systems.testing.services import PlannedTest

DOORS, STREET, BUILDINGS = 120, 24, 4
AGES = ((34, 33), (62, 60), (41, 39, 12), (36, 35, 8, 5), (71,), (45, 44, 19), (29,), (52, 50, 77))
AT_HOME, ARRIVING = 6, 3
PACK, RULE, DISEASE = "covid19-cn-v8@demo", "arrival.outside", "covid19"
SEQUENCE = 600  # identity numbers of the fortnight's people count up from 0 within a birthday and never come so far


@dataclass
class Compound:
    """What was made: the cell, its worker, homes and people in order."""

    cell: Area
    worker: Officer
    homes: list[Household]
    people: list[Person]


def load_compound(staff: Staff) -> Compound:
    """Enter the compound and its ten days before the outbreak day, by the verbs of the systems."""
    rng = np.random.default_rng(410883)
    cell = _cell(staff)
    made = Compound(cell, staff.worker_of[cell.code], *_enter(rng, cell))
    _call(made)
    _quarantine(made)
    _arrivals(made)
    _tasks(made, staff)
    return made


def _cell(staff: Staff) -> Area:
    """The first cell of a community of the county seat."""
    cells = Area.objects.filter(code__in=staff.worker_of, parent__name__endswith="社区").select_related("parent")
    return cells.order_by("code").first() or Area.objects.get(code=min(staff.worker_of))


def _enter(rng: np.random.Generator, cell: Area) -> tuple[list[Household], list[Person]]:
    at = int((MORNING - timedelta(days=60)).timestamp())
    place = "".join(Area.objects.get(code=cell.code[:length]).name for length in (6, 9, 12))
    ids = uuids(rng, DOORS, at)
    homes = [
        Household(id=ids[number], area=cell, number=f"X{number + 1:03d}", address=place + door)
        for number, door in enumerate(_doors())
    ]
    people.add_households_many(by=None, households=homes, source=Source.DEMO)
    persons = list(_people(rng, cell, homes, at))
    people.add_people_many(by=None, people=persons, source=Source.DEMO)
    return homes, persons


def _doors() -> Iterator[str]:
    """Houses along the street, then flats: four buildings, two units, six floors, two doors a floor."""
    yield from (f"滨河路{number}号" for number in range(1, STREET + 1))
    for number in range(DOORS - STREET):
        floor, door = divmod(number // (BUILDINGS * 2), 2)
        yield f"{number % BUILDINGS + 1}号楼{number // BUILDINGS % 2 + 1}单元{floor + 1}0{door + 1}室"


def _people(rng: np.random.Generator, cell: Area, homes: list[Household], at: int) -> Iterator[Person]:
    """Families by a pattern; five homes stand empty, some people lack a phone or papers."""
    ages = [(number, age) for number in range(DOORS) if number % 24 != 23 for age in AGES[number % len(AGES)]]
    count = len(ages)
    male = np.arange(count) % 2 == 0
    called = np.char.add(names.surnames(rng, count), names.given_names(rng, male)).tolist()
    ids, calls = uuids(rng, count, at), phones(rng, count)
    for row, (number, age) in enumerate(ages):
        lacks_papers = row % 97 == 96
        born = OUTBREAK_DAY - timedelta(days=365 * age + row % 360 + 1)
        yield Person(
            id=ids[row], area=cell, household=homes[number], name=called[row], address=homes[number].address,
            id_type=Person.IdType.NONE if lacks_papers else Person.IdType.RESIDENT,
            id_number="" if lacks_papers else _number(born, row, bool(male[row])),
            sex=Person.Sex.MALE if male[row] else Person.Sex.FEMALE, birth_date=born,
            phone="" if age < 16 or row % 41 == 40 else calls[row],
        )  # fmt: skip


def _number(born: date, row: int, is_male: bool) -> str:
    first = f"410881{born:%Y%m%d}{SEQUENCE + (row % 190) * 2 + is_male:03d}"
    return first + check_character(first)


def _call(made: Compound) -> None:
    """The worker reached most doors in the last days; some are due again, five were never reached."""
    for number, home in enumerate(made.homes):
        if number % 24 == 11:
            continue
        with clock.frozen(MORNING - timedelta(days=1 + number % 9)):
            outcome = DoorCall.Outcome.EMPTY if number % 24 == 23 else DoorCall.Outcome.SEEN
            calling.record_call(by=made.worker, household=home, day=today(), outcome=outcome, source=Source.DEMO)


def _quarantine(made: Compound) -> None:
    """Six people in quarantine at home since four days: looked at twice a day, tests by the days of the plan."""
    chosen = [person for person in made.people if person.id_type == Person.IdType.RESIDENT][
        7 :: len(made.people) // AT_HOME
    ]
    for number, person in enumerate(chosen[:AT_HOME]):
        subject = uuids(np.random.default_rng(number), 1, int(MORNING.timestamp()))[0]
        starts, ends = OUTBREAK_DAY - timedelta(days=4), OUTBREAK_DAY + timedelta(days=2 + number)
        with clock.frozen(MORNING - timedelta(days=4)):
            _stay(made, person, subject, starts, ends)
            due = OUTBREAK_DAY if number % 2 == 0 else OUTBREAK_DAY + timedelta(days=1)
            testing.plan_duties(_planned(made, person, subject, due), by=None)
        _checks(made, person, number, starts)


def _stay(made: Compound, person: Person, subject: UUID, starts: date, ends: date) -> None:
    need = quarantine.Need(
        person=person, area=made.cell, place=Stay.Place.HOME, starts_on=starts, ends_on=ends, subject_id=subject,
        rule=RULE, pack=PACK,
    )  # fmt: skip
    booked = quarantine.book(by=made.worker, needs=[need])
    for stay in booked.stays:
        quarantine.check_in(stay=stay, by=made.worker)


def _planned(made: Compound, person: Person, subject: UUID, due: date) -> list[PlannedTest]:
    return [
        PlannedTest(person=person, area=made.cell, disease=DISEASE, due_on=due, day=5, stage="home",
                    subject_id=subject, rule=RULE, pack=PACK)
    ]  # fmt: skip


def _checks(made: Compound, person: Person, number: int, starts: date) -> None:
    for back in range((OUTBREAK_DAY - starts).days, 0, -1):
        for slot, hours in ((DailyCheck.Slot.MORNING, 1), (DailyCheck.Slot.EVENING, 9)):
            with clock.frozen(MORNING - timedelta(days=back) + timedelta(hours=hours)):
                quarantine.record_check(
                    by=made.worker, person=person, area=made.cell, day=today(), slot=slot, source=Source.DEMO,
                    temperature=Decimal("36.2") + Decimal((number + back) % 5) / 10,
                )  # fmt: skip


def _arrivals(made: Compound) -> None:
    """Three who are expected or on the way home."""
    for number, person in enumerate(made.people[20 : 20 + ARRIVING * 30 : 30]):
        with clock.frozen(MORNING - timedelta(hours=14)):
            arrivals.record_arrival(
                by=None, person=person, area=made.cell, arrived_on=OUTBREAK_DAY, state=Arrival.State.EXPECTED,
                landed_at=None, means=Means.TRAIN, carrier=f"G{1560 + number}", channel=Channel.STATION,
                source=Source.DEMO,
                stays=[arrivals.Stayed("", OUTBREAK_DAY - timedelta(days=9), OUTBREAK_DAY, "苏州市")],
            )  # fmt: skip


def _tasks(made: Compound, staff: Staff) -> None:
    """Two orders of the township: one at a door, one for the whole cell."""
    giver = staff[f"township-{made.cell.code[:9]}"]
    with clock.frozen(MORNING - timedelta(hours=12)):
        command.hand_down(
            by=giver, area=made.cell, role="grid_worker", title="上门送防疫告知书", person=made.people[3],
            address=made.people[3].address.reveal(), due_at=MORNING + timedelta(hours=10), source=Source.DEMO,
        )  # fmt: skip
        command.hand_down(
            by=giver, area=made.cell, role="grid_worker", title="清点小区快递柜消毒情况",
            due_at=MORNING + timedelta(hours=9), source=Source.DEMO,
        )  # fmt: skip


__all__ = ["Compound", "load_compound"]
