"""Points of entry of Mengzhou, a day's passages at each, a shift handed over, a flight that stops in the neighbourhood.

The first of them is the one an inspection of August 2021 visited (孟吉交界处防疫卡点). What passes is invented.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from fangxian.core import clock, records
from fangxian.core.ids import uuid7
from fangxian.core.records import Source
from fangxian.demo import names
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.numbers import phones
from fangxian.demo.officers import Staff
from fangxian.systems.checkpoints import selectors, services
from fangxian.systems.checkpoints.models import (
    Consignment,
    Manifest,
    Passenger,
    PointOfEntry,
    Shift,
    SoughtVehicle,
)
from fangxian.workflows import passage as story

POINTS = (
    ("孟吉交界处防疫卡点", "ROAD", "410883105", "419001", "济源市", "查验、登记、测温", (34.929, 112.647)),
    ("菏宝高速孟州东站卡点", "ROAD", "410883103", "410882", "沁阳市", "查验、登记、测温、采样", (34.935, 112.917)),
    ("黄河公路大桥卡点", "ROAD", "410883004", "410306", "洛阳市孟津区", "查验、登记、测温", (34.845, 112.733)),
    ("孟州汽车站", "COACH", "410883001", "410800", "焦作市区", "扫码、测温", (34.907, 112.781)),
)
"""Name, kind, township, where most come from, posts, point (roughly)."""
A_DAY, REGULAR = 60, 0.6
SIGNS = ("豫U", "豫U", "豫U", "豫C", "豫H", "豫H", "豫A", "晋E", "鲁R", "陕A")
LETTERS = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"))


def load_checkpoints(rng: np.random.Generator, staff: Staff) -> None:
    """Enter points, shifts and a day's passages with the real verbs, the evening before the morning."""
    with clock.frozen(MORNING - timedelta(days=20)):
        points = [_point(*row, phone) for row, phone in zip(POINTS, phones(rng, len(POINTS)), strict=True)]
    guards = [staff[f"checkpoint-guard{number}"] for number in (1, 2, 3)]
    for point in points:
        _pass(rng, point, guards[0], MORNING - timedelta(hours=24), A_DAY // 2)
    _shifts(points, guards)
    for point in points:
        _pass(rng, point, guards[1], MORNING - timedelta(hours=8), A_DAY // 2)
    with clock.frozen(MORNING - timedelta(minutes=5)):
        _settle_one(staff, points[0])
        _run(rng, points[-1])


def _point(name: str, kind: str, area: str, from_code: str, from_name: str, posts: str, where: tuple, phone: str):
    latitude, longitude = where
    return records.create(
        PointOfEntry, by=None, action="checkpoints.point.demo_loaded", source=Source.DEMO, area_id=area, name=name,
        kind=kind, from_code=from_code, from_name=from_name, posts=posts, phone=phone, latitude=latitude,
        longitude=longitude, opened_on=(MORNING - timedelta(days=20)).date(),
    )  # fmt: skip


def _pass(rng: np.random.Generator, point: PointOfEntry, guard, begin: datetime, count: int) -> None:
    """Passages of eight hours; regulars come again, one in twelve stands out."""
    regulars = [_plate(rng) for _n in range(count // 4)]
    entries = [_entry(rng, point, regulars, begin + timedelta(minutes=8 * 60 * n / count)) for n in range(count)]
    with clock.frozen(begin + timedelta(hours=8)):
        story.record(by=guard, entries=entries, source=Source.DEMO)


def _entry(rng: np.random.Generator, point: PointOfEntry, regulars: list[str], at: datetime) -> services.Entry:
    plate = regulars[int(rng.integers(len(regulars)))] if rng.random() < REGULAR else _plate(rng)
    degrees = min(round(float(rng.normal(36.4, 0.2)), 1), 37.2)
    seen = {"code_state": "GREEN", "temperature": Decimal(str(degrees)), "test_hours": 48}
    odd = rng.random()
    if odd < 0.03:
        seen |= {"code_state": "YELLOW", "decision": "REFERRED"}
    elif odd < 0.05:
        seen |= {"temperature": Decimal("37.6"), "decision": "REFERRED"}
    elif odd < 0.07:
        seen |= {"test_hours": 0, "decision": "TURNED_BACK"}
    elif odd < 0.08:
        seen |= {"code_state": "RED", "decision": "HELD"}
    name = str(names.surnames(rng, 1)[0]) + str(names.given_names(rng, np.array([True]))[0])
    purpose = ("COMMUTE", "GOODS", "HOME", "TRANSIT")[int(rng.integers(4))]
    people = int(rng.integers(1, 4))
    values = {
        "id": uuid7(), "point": point, "passed_at": at, "plate": plate, "name": name, "people": people,
        "purpose": purpose, "from_code": point.from_code, "from_name": point.from_name,
        "direction": "IN" if rng.random() < 0.6 else "OUT", **seen,
    }  # fmt: skip
    return services.entry(values, [{"name": f"{name[0]}某"}] if people > 1 and odd < 0.2 else [])


def _plate(rng: np.random.Generator) -> str:
    return SIGNS[int(rng.integers(len(SIGNS)))] + "".join(rng.choice(LETTERS[-10:], 4)) + str(rng.choice(LETTERS))


def _shifts(points: list[PointOfEntry], guards: list) -> None:
    """Three shifts a point; the night hands over to the morning, which is on duty."""
    for number, point in enumerate(points):
        leaving, coming = guards[number % 2], guards[number % 2 + 1]
        with clock.frozen(MORNING - timedelta(hours=8)):
            night, _day = (_shift(point, MORNING + timedelta(hours=begin)) for begin in (-8, 0))
            _shift(point, MORNING + timedelta(hours=8))
            services.begin_shift(shift=night, by=leaving)
        if number:  # the last point of the night is relieved a little later: its sheet waits
            continue
        with clock.frozen(MORNING - timedelta(minutes=10)):
            given = {"额温枪": "3 支", "防护服": "20 套", "消毒液": "6 桶", "对讲机": "4 部"}
            sheet = services.hand_over(shift=night, by=leaving, equipment=given, note="东侧照明灯已报修")
            services.take_over(sheet=sheet, by=coming, objection="消毒液实有 5 桶")


def _shift(point: PointOfEntry, begins: datetime) -> Shift:
    return records.create(
        Shift, by=None, action="checkpoints.shift.demo_loaded", source=Source.DEMO, area=point.area, point=point,
        starts_at=begins, ends_at=begins + timedelta(hours=8), members="查验：2 人；登记：1 人；测温：1 人",
    )  # fmt: skip


def _settle_one(staff: Staff, point: PointOfEntry) -> None:
    """One exception is settled, a vehicle is sought."""
    for passage in selectors.exceptions(point.pk)[:1]:
        services.settle(passage=passage, by=staff["checkpoint-guard1"], outcome="采样后转送集中隔离点留观")
    records.create(
        SoughtVehicle, by=staff["duty-officer1"], action="checkpoints.sought.demo_loaded", source=Source.DEMO,
        area_id=COUNTY, plate="豫A7K119", reason="驾驶员为协查对象，电话无人接听",
        until=(MORNING + timedelta(days=7)).date(),
    )  # fmt: skip


def _run(rng: np.random.Generator, point: PointOfEntry) -> None:
    """A coach from elsewhere, with people and goods."""
    coach = records.create(
        Manifest, by=None, action="checkpoints.manifest.demo_loaded", source=Source.DEMO, area=point.area, point=point,
        number="K8021/2022-03-15", carrier="COACH", from_code="410100", from_name="郑州市", to_name="济源市",
        arrives_at=MORNING + timedelta(hours=2),
    )  # fmt: skip
    count = 24
    people = np.char.add(names.surnames(rng, count), names.given_names(rng, rng.random(count) < 0.5)).tolist()
    rows = [
        Passenger(
            area=point.area, manifest=coach, seat=f"{n + 1:02d}", name=name, from_code="410100",
            stop="ALIGHT" if n % 3 else "TRANSIT",
        ) for n, name in enumerate(people)
    ]  # fmt: skip
    records.create_many(Passenger, rows, by=None, action="checkpoints.passengers.demo_loaded", source=Source.DEMO)
    for waybill, goods, cold in (("781-50211", "冷冻虾仁", True), ("781-50212", "汽车配件", False)):
        records.create(
            Consignment, by=None, action="checkpoints.consignment.demo_loaded", source=Source.DEMO, area=point.area,
            manifest=coach, waybill=waybill, goods=goods, is_cold=cold, pieces=12, weight_kg=Decimal("180"),
            from_code="410100",
        )  # fmt: skip
    story.match_manifest(coach)
