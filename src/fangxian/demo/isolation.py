"""The hotel as a site that runs: three zones, two wings, guests in every state, one with fever, one infected.

Everything is done with the verbs a site uses, on the days it would have been done.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from fangxian.core import clock, policy
from fangxian.core.areas import Area, code_range
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.demo.days import MORNING, OUTBREAK_DAY, ZONE
from fangxian.demo.officers import Staff
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import day as days
from fangxian.systems.quarantine import services
from fangxian.systems.quarantine.models import DailyCheck, GuestRequest, Room, Site, Stay
from fangxian.systems.quarantine.services import Need
from fangxian.systems.testing import services as testing
from fangxian.workflows import isolation_release

SITE, DISEASE, AREA = "焦作路集中隔离点", "covid19", "410883001"
FLOORS, A_FLOOR, ROUND_OF = 3, 8, 12
ROUNDS, GUESTS = 3, 14
"""Days of rounds behind us, and people who stay here; the first four leave, the last is infected."""
SERVICE = (
    ("清101", Room.Zone.CLEAN, Room.Purpose.STAFF), ("清102", Room.Zone.CLEAN, Room.Purpose.STORE),
    ("缓103", Room.Zone.SEMI, Room.Purpose.CHANGING), ("缓104", Room.Zone.SEMI, Room.Purpose.NURSE),
    ("污105", Room.Zone.CONTAMINATED, Room.Purpose.WASTE),
)  # fmt: skip
ASKED = (
    (GuestRequest.Category.MEDICINE, "降压药还剩两天的量，请帮忙取药"),
    (GuestRequest.Category.REPAIR, "卫生间水龙头漏水"),
    (GuestRequest.Category.COMFORT, "老人睡不好，想和医生说说话"),
)


def load_isolation(staff: Staff) -> Site:
    """Make the site and live through a week of it; returns it."""
    manager, nurse = staff["isolation-manager1"], staff["nurse1"]
    area = Area.objects.get(code=AREA)
    with _at(OUTBREAK_DAY - timedelta(days=15), 8):
        site = _site(area, manager)
    guests = _guests(_people())
    stays = _live(site, guests, manager, nurse)
    _infection(stays[-1], manager)
    _today(site, stays, manager, nurse, staff["isolation-manager2"])
    _on_the_way(site, manager)
    return site


def _site(area: Area, by: Officer) -> Site:
    site = services.add_site(
        by=by, area=area, name=SITE, address="会昌街道焦作路8号", head="王站长", exits=2, source=Source.DEMO,
        opened_on=OUTBREAK_DAY - timedelta(days=15),
    )  # fmt: skip
    for number, zone, purpose in SERVICE:
        services.add_rooms(by=by, site=site, numbers=[number], zone=zone, purpose=purpose, beds=0, floor="1")
    for floor in range(2, 2 + FLOORS):
        for wing, numbers in (("A", range(1, A_FLOOR // 2 + 1)), ("B", range(A_FLOOR // 2 + 1, A_FLOOR + 1))):
            services.add_rooms(
                by=by, site=site, numbers=[f"{floor}{number:02d}" for number in numbers], floor=str(floor),
                flow=f"{floor}{wing}", beds=2 if wing == "B" else 1,
            )  # fmt: skip
    return site


def _people() -> list[Person]:
    """People of the district who are not in quarantine already."""
    taken = Stay.unscoped.filter(state__in=Stay.OPEN).values("person_id")
    low, high = code_range(AREA)
    rows = Person.objects.filter(area_id__gte=low, area_id__lt=high).exclude(pk__in=taken).select_related("area")
    return list(rows.order_by("pk")[: GUESTS + 2])


def _guests(found: Iterable[Person]) -> list[tuple[Person, date, date]]:
    """Who comes when: two may leave, two have their last day, the others are in the middle of their days."""
    begins = (
        [OUTBREAK_DAY - timedelta(days=14)] * 2
        + [OUTBREAK_DAY - timedelta(days=13)] * 2
        + [OUTBREAK_DAY - timedelta(days=5)] * 10
    )
    return [(person, first, first + timedelta(days=13)) for person, first in zip(found, begins, strict=False)]


def _live(site: Site, guests: list, manager: Officer, nurse: Officer) -> list[Stay]:
    """Booked, brought, checked in, looked at twice a day until this morning."""
    pack = policy.pack(disease=DISEASE, area_code=AREA, on=OUTBREAK_DAY).version
    stays = []
    for person, first, last in guests:
        subject = uuid7()
        with _at(first, 9):
            needs = [
                Need(person, person.area, first, last, subject, Stay.Place.CENTRAL, "contact.close.isolation", pack),
                Need(person, person.area, last + timedelta(days=1), last + timedelta(days=7), subject, Stay.Place.HOME,
                     "contact.close.isolation", pack),
            ]  # fmt: skip
            booked = next(stay for stay in services.book(by=manager, needs=needs).stays if stay.place == "CENTRAL")
            services.place(stay=booked, room=_room(site, len(stays)), by=manager)
            booked = Stay.objects.select_related("room__site__area", "person", "area").get(pk=booked.pk)
            sent = services.order_transfer(by=manager, person=person, area=person.area, stay=booked, to_site=site)
            services.depart(transfer=sent, by=manager, vehicle="豫H1207", team="转运一组")
        with _at(first, 11):
            services.receive(transfer=sent, by=manager)
        stays.append(booked)
        _plan_tests(person, first, last, subject, pack, manager)
    _rounds(stays, nurse)
    # two samples at release: the first guest has both, the second lacks one
    _sample(stays[0].person, OUTBREAK_DAY - timedelta(days=1), f"R{stays[0].person_id.hex[-6:]}", manager)
    return [Stay.objects.select_related("room__site", "person", "area").get(pk=stay.pk) for stay in stays]


def _room(site: Site, index: int) -> Room:
    """The rooms in their order; the infected guest is next to the last but one, in the same wing."""
    rooms = Room.objects.filter(site=site, purpose=Room.Purpose.GUEST).select_related("site", "area").order_by("number")
    return rooms[index]


def _plan_tests(person: Person, first: date, last: date, subject, pack: str, by: Officer) -> None:
    rules = policy.pack(disease=DISEASE, area_code=AREA, on=OUTBREAK_DAY)
    days = [day for day in rules.days("contact.close.test_days") if first + timedelta(days=day - 1) <= last]
    rows = [
        testing.PlannedTest(person, DISEASE, first + timedelta(days=day - 1), day, "central", subject, person.area,
                            "contact.close.test_days", pack)
        for day in days
    ]  # fmt: skip
    testing.plan_duties(rows, by=by)
    for day in (day for day in days if first + timedelta(days=day - 1) < OUTBREAK_DAY):
        _sample(person, first + timedelta(days=day - 1), f"G{person.pk.hex[-6:]}{day:02d}", by)


def _sample(person: Person, day: date, barcode: str, by: Officer, value: str = "NEGATIVE"):
    """A single sample and what the laboratory said of it."""
    with _at(day, 9):
        testing.register_tube(by=by, area=person.area, barcode=barcode)
        testing.add_sample(by=by, tube=barcode, person=person, sampled_at=clock.now())
    with _at(day, 20):
        return testing.enter_result(
            by=by, barcode=barcode, disease=DISEASE, value=value, tested_at=clock.now(), laboratory="孟州市疾控中心"
        )


def _rounds(stays: list[Stay], nurse: Officer) -> None:
    """Every morning and evening of the last days; this morning is still open."""
    for number in range(ROUNDS):
        day = OUTBREAK_DAY - timedelta(days=ROUNDS - number)
        with _at(day, 18):
            for index, stay in enumerate(stays):
                if stay.starts_on <= day:
                    for slot in DailyCheck.Slot:
                        degrees = Decimal(360 + (index * 3 + number * 5) % 9) / 10
                        services.record_check(
                            by=nurse, person=stay.person, area=stay.area, day=day, slot=slot, temperature=degrees,
                            pack=stay.pack,
                        )  # fmt: skip


def _infection(stay: Stay, by: Officer) -> None:
    """The last guest is positive; the same wing begins its days anew."""
    result = _sample(stay.person, OUTBREAK_DAY - timedelta(days=1), "G-POSITIVE", by, value="POSITIVE")
    with _at(OUTBREAK_DAY, 7):
        isolation_release.on_infection(result_id=result.pk, by=by)


def _today(site: Site, stays: list[Stay], manager: Officer, nurse: Officer, other: Officer) -> None:
    """This morning: part of the round, requests, meals, disinfection, waste, the shift, an opening."""
    with clock.frozen(MORNING):
        checked = [(stays[4], "38.3", "咽痛"), (stays[5], "36.4", ""), (stays[6], "36.6", ""), (stays[7], "36.5", "")]
        for stay, degrees, symptoms in checked:
            services.record_check(
                by=nurse, person=stay.person, area=stay.area, day=OUTBREAK_DAY, slot=DailyCheck.Slot.MORNING,
                temperature=Decimal(degrees), symptoms=symptoms, pack=stay.pack,
            )  # fmt: skip
        asked = [
            services.ask(by=None, stay=_again(stay), category=category, text=text, by_guest=True)
            for stay, (category, text) in zip(stays[4:], ASKED, strict=False)
        ]
        services.answer(request=asked[1], by=nurse, answer="维修工已约好，今天上午来")
        services.plan_deliveries(by=manager, site=site, day=OUTBREAK_DAY)
        log = services.log_disinfection(
            by=nurse, area=site.area, site=site, zone=Room.Zone.SEMI, where="缓冲区地面与门把手", mg_per_litre=500,
            minutes=30, day=OUTBREAK_DAY,
        )  # fmt: skip
        services.countersign(record=log, by=manager)
        services.log_waste(
            by=nurse, site=site, area=site.area, number="W-0314", day=OUTBREAK_DAY - timedelta(days=1), bags=9,
            weight_kg=Decimal("21.4"), mg_per_litre=1000, minutes=30, carrier="焦作市医疗废物处置中心",
        )  # fmt: skip
        # the round of tests may have found somebody who was to go today
        ready = [line.stay for line in isolation_release.release_list(_again(stay) for stay in stays[:4]) if line.ok]
        isolation_release.release(by=manager, stays=ready[:1])
        sheet = services.hand_over(site=site, by=other, notes="205 需夜间再测一次体温", figures=days.figures(site))
        services.take_over(sheet=sheet, by=manager)
        services.order_opening(
            by=manager, area=Area.objects.get(code="410883"), name="备用隔离房间启用（3月15日）", rooms=ROUND_OF,
            ordered_at=MORNING - timedelta(hours=20),
        )  # fmt: skip


def _again(stay: Stay) -> Stay:
    return Stay.objects.select_related("room__site__area", "room__area", "person", "area").get(pk=stay.pk)


def _on_the_way(site: Site, by: Officer) -> None:
    """Two people who are to come today: one ordered, one in the vehicle."""
    pack = policy.pack(disease=DISEASE, area_code=AREA, on=OUTBREAK_DAY).version
    with clock.frozen(MORNING - timedelta(hours=1)):
        for index, person in enumerate(_people()[:2]):
            need = Need(person, person.area, OUTBREAK_DAY, OUTBREAK_DAY + timedelta(days=13), uuid7(),
                        Stay.Place.CENTRAL, "contact.close.isolation", pack)  # fmt: skip
            (stay,) = services.book(by=by, needs=[need]).stays
            sent = services.order_transfer(
                by=by, person=person, area=person.area, stay=stay, to_site=site, from_address="会昌街道韩愈大街",
            )  # fmt: skip
            if index:
                services.depart(transfer=sent, by=by, vehicle="豫H1207", team="转运一组")


def _at(day: date, hour: int):
    """The clock at an hour of a day, never later than the morning of the story."""
    return clock.frozen(min(datetime.combine(day, time(hour), ZONE), MORNING))
