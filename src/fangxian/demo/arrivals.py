"""People who came home in the fortnight before the outbreak day, in every state their closed loop knows.

One has a gap nobody has closed, one appeals, one is handed over by the airport city of Zhengzhou with a release record,
a family has declared itself and waits in the inbox. All by the real verbs, on a clock that is moved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from fangxian.core import clock, jobs
from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.records import Source
from fangxian.demo import names, numbers
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.load import Loaded
from fangxian.demo.officers import Staff
from fangxian.systems.arrivals import appealing, declaring, residents, services
from fangxian.systems.arrivals.models import Arrival, Loop
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import selectors as quarantine_selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.testing import services as testing
from fangxian.workflows import closed_loop

SEED = 370285
LAIXI, JIYUAN, ABROAD, AIRPORT = "370285", "419001001", "SG", "410171"
MANAGED, GAP, MISSED, LATE, OPEN, STAYED_AWAY, CORRECTED = (
    "managed", "gap", "missed", "late", "open", "stayed away", "corrected",
)  # fmt: skip


@dataclass(frozen=True)
class Came:
    """One arrival: days before the demo day, from where, how, known from what, and what became of it."""

    days: int
    code: str
    place: str
    means: str
    carrier: str
    channel: str
    then: str = MANAGED


CAME = (
    Came(23, ABROAD, "新加坡", "AIRCRAFT", "CZ3070", "AIRPORT"),
    Came(12, ABROAD, "新加坡", "AIRCRAFT", "CZ3070", "AIRPORT"),
    Came(5, LAIXI, "青岛市莱西市水集街道", "TRAIN", "G1856", "STATION"),
    Came(4, LAIXI, "青岛市莱西市沽河街道", "TRAIN", "G1856", "STATION", MISSED),
    Came(3, JIYUAN, "济源市沁园街道", "ROAD", "豫U6K218", "CHECKPOINT", GAP),
    Came(3, JIYUAN, "济源市沁园街道", "COACH", "豫U10523", "DOOR"),
    Came(3, JIYUAN, "济源市沁园街道", "ROAD", "豫U7K551", "CHECKPOINT", CORRECTED),
    Came(2, "310115", "上海市浦东新区", "TRAIN", "G1564", "STATION", LATE),
    Came(2, "440305", "深圳市南山区", "AIRCRAFT", "CZ3976", "AIRPORT", OPEN),
    Came(1, "410105", "郑州市金水区", "ROAD", "豫A8D3F1", "CHECKPOINT", LATE),
    Came(1, "320505", "苏州市虎丘区", "TRAIN", "G1884", "DECLARED", STAYED_AWAY),
    Came(0, JIYUAN, "济源市沁园街道", "ROAD", "豫U2C917", "DOOR", OPEN),
    Came(-2, "320505", "苏州市虎丘区", "TRAIN", "G1884", "DECLARED", OPEN),
)
HANDED_OVER = 2
"""Days before the demo day on which the airport city hands somebody over."""


def load_arrivals(loaded: Loaded, staff: Staff) -> None:
    """Let them come one after the other, and look after them until the morning of the demo day."""
    rng = np.random.default_rng(SEED)
    cells = list(Area.objects.filter(kind="grid_cell", code__startswith=COUNTY).order_by("code"))
    who = _people(rng, [cells[int(n)] for n in rng.integers(len(cells), size=len(CAME) + 2)])
    came = {one: _come(staff, one, person) for one, person in zip(CAME, who, strict=False)}
    handed = _hand_over(staff, who[-2])
    for back in range(max(one.days for one in CAME), 0, -1):
        for one, arrival in came.items():
            _look_after(staff, one, arrival, back)
    _look_after(staff, Came(HANDED_OVER, AIRPORT, "", "", "", ""), handed, 1)
    with _at(0):
        closed_loop.look()
        jobs.run_pending()
        _appeal(came[CAME[5]])
        _corrected(staff, came)
        _declare(who[-1])


def _people(rng: np.random.Generator, homes: list[Area]) -> list[Person]:
    male = rng.random(len(homes)) < 0.5
    called = np.char.add(names.surnames(rng, len(homes)), names.given_names(rng, male)).tolist()
    phones = numbers.phones(rng, len(homes))
    return [
        people.add_person(by=None, area=home, name=name, id_type="NONE", phone=phone, source=Source.DEMO)
        for home, name, phone in zip(homes, called, phones, strict=True)
    ]


def _come(staff: Staff, one: Came, person: Person) -> Arrival:
    """The coming itself: recorded where they land, pushed home, checked and received unless the story says not."""
    ahead = one.days < 0 or one.then == STAYED_AWAY
    with _at(max(one.days, 0) + (one.then == STAYED_AWAY)):
        home = person.area
        landed = home if one.channel == "DOOR" else Area.objects.get(code=home.code[:9])
        on = today() + timedelta(days=max(-one.days, int(ahead)) if ahead else 0)
        stay = Stayed(one.code, on - timedelta(days=10), on, one.place)
        arrival = services.record_arrival(
            by=staff[f"township-{home.code[:9]}"], person=person, area=home, arrived_on=on, stays=[stay],
            source=Source.DEMO, present_area=landed, means=one.means, carrier=one.carrier, channel=one.channel,
        )  # fmt: skip
        jobs.run_pending()
        if ahead or one.then == OPEN:
            return arrival
        arrival = services.check(by=staff[f"township-{home.code[:9]}"], arrival=arrival, tested_at=clock.now())
        if one.then != LATE:
            services.receive(by=staff.worker_of[home.code], arrival=arrival)
        jobs.run_pending()
    return arrival


def _hand_over(staff: Staff, person: Person) -> Arrival:
    """Entered the country at Zhengzhou airport, fourteen days in quarantine there, released with a record."""
    with _at(HANDED_OVER + 2):
        on = today() + timedelta(days=2)
        made = declaring.announce_hand_over(
            by=staff["duty-officer1"], source=Source.DEMO, area=person.area, person=person, from_code=AIRPORT,
            from_name="郑州航空港区防控办", entered_on=on - timedelta(days=14), released_on=on - timedelta(days=1),
            expected_on=on,
            site="郑州航空港区集中隔离点", certificate="ZZHK-2022-0317",
            last_test_on=on - timedelta(days=1), means="COACH", present_area=Area.objects.get(code=COUNTY),
        )  # fmt: skip
        jobs.run_pending()
    with _at(HANDED_OVER):
        services.receive(by=staff["duty-officer1"], arrival=made.arrival)
        jobs.run_pending()
    return made.arrival


def _look_after(staff: Staff, one: Came, arrival: Arrival, back: int) -> None:
    """One day of a loop: brought and taken in on the first, temperature, tests. The gap is never taken in."""
    if back > one.days or one.days <= 0:
        return
    with _at(back, hours=4):
        loop = Loop.objects.filter(subject_id=arrival.pk, state=Loop.State.OPEN).select_related("person").first()
        if loop is None:
            return
        if back == one.days and one.then != GAP:
            _take_in(staff, loop)
        if one.then not in (GAP, MISSED) or (one.then == MISSED and back != 2):
            _check(staff, loop, today(), back)
            testing.settle_duties(by=staff["sampler1"], persons=[loop.person], at=clock.now())
        _move_on(staff, loop)


def _corrected(staff: Staff, came: dict[Came, Arrival]) -> None:
    """One did not come, one had been taken for somebody who was in the risk area."""
    for one, arrival in came.items():
        if one.then == STAYED_AWAY:
            services.not_come(by=staff[f"township-{arrival.area_id[:9]}"], arrival=arrival, note="改签至下周")
        elif one.then == CORRECTED:
            closed_loop.close_loop(
                by=staff["duty-officer1"], subject_id=arrival.pk, reason="经核实仅在济源市轵城镇停留，未到过沁园街道"
            )


def _take_in(staff: Staff, loop: Loop) -> None:
    for ride in quarantine_selectors.transfers_for([loop.subject_id])[loop.subject_id]:
        if ride.received_at is None:
            quarantine.depart(transfer=ride, by=staff["duty-officer1"], vehicle="豫H0120警", team="第一转运组")
            quarantine.receive(transfer=ride, by=staff["isolation-manager1"])


def _move_on(staff: Staff, loop: Loop) -> None:
    """On the last day of a stage with the proof in hand, on the first day at home confirmed there."""
    for stay in quarantine_selectors.stays_for([loop.subject_id], open_only=True)[loop.subject_id]:
        if stay.state == Stay.State.IN and stay.ends_on <= today():
            quarantine.release(stay=stay, by=staff["isolation-manager1"])
        elif stay.state == Stay.State.BOOKED and stay.place == Stay.Place.HOME and stay.starts_on <= today():
            quarantine.check_in(stay=stay, by=staff.worker_of[loop.area_id])


def _check(staff: Staff, loop: Loop, day: date, back: int) -> None:
    slots = {"AM": Decimal("36.4"), "PM": Decimal("36.7") + Decimal(back % 3) / 10}
    for slot, temperature in slots.items():
        quarantine.record_check(
            by=staff["isolation-manager1"], person=loop.person, area=loop.area, day=day, slot=slot,
            temperature=temperature, pack=loop.pack, source=Source.DEMO,
        )  # fmt: skip


def _appeal(arrival: Arrival) -> None:
    """The one found at the door says the stay was elsewhere, from the own page."""
    loop = Loop.objects.filter(subject_id=arrival.pk).select_related("person", "area").first()
    if loop is not None:
        residents.issue(person=loop.person, by=None)
        appealing.ask(loop=loop, text="我只在济源市轵城镇停留，未去过沁园街道，请核对通信行程。")


def _declare(person: Person) -> None:
    """A family of two declares itself by phone for the day after tomorrow."""
    on, area = today() + timedelta(days=2), Area.objects.get(code=person.area_id[:9])
    stay = {"code": "3205", "name": "苏州市姑苏区", "from": str(on - timedelta(days=20)), "until": str(on)}
    papers = numbers.identity_numbers(
        np.array([320508, 320508]), np.array([19880614, 20150927]), np.array([True, False])
    )
    declaring.declare(
        area=area, phone=person.phone.reveal(), arrives_on=on, means="TRAIN", carrier="G1884", seat="08D",
        address="随家人居住", stays=[stay], from_code="3205", from_name="苏州市姑苏区",
        persons=[{"name": name, "id_type": "RESIDENT", "id_number": number}
                 for name, number in zip((person.name, person.name[0] + "小宝"), papers, strict=True)],
    )  # fmt: skip


@contextmanager
def _at(days: float, hours: float = 0) -> Iterator[None]:
    """The morning so many days before the demo day."""
    with clock.frozen(MORNING - timedelta(days=days, hours=-hours)):
        yield
