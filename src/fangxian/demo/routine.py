"""The county's routine before the outbreak: screening rounds in pooled tubes, cold-chain samples, standing orders."""

from datetime import date, datetime, time, timedelta

import numpy as np

from fangxian.core import clock, records
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import FIRST_DAY, MORNING, ZONE
from fangxian.demo.following import DISEASE
from fangxian.demo.load import Loaded
from fangxian.demo.numbers import uuids
from fangxian.demo.officers import Staff
from fangxian.demo.world import World
from fangxian.systems.command.models import Task
from fangxian.systems.testing.models import LabResult, Sample, Tube

ROUNDS = 7
"""The last so many days had a screening round of the groups that must be tested."""

RESIDENTS_A_TUBE = 400
POOL = 10
LABORATORY = "孟州市疾病预防控制中心实验室"
SURFACES = ("冷冻牛肉外包装", "冷冻带鱼外包装", "冷链仓货架表面", "农贸市场排水口", "冷藏车车厢内壁", "收银台表面")
ORDERS = (
    ("排查辖区内养老机构防控措施落实情况", Task.Status.CHECKED),
    ("核对网格内返乡人员台账", Task.Status.DONE),
    ("检查药店“两抗一止咳”药品实名登记", Task.Status.IN_PROGRESS),
    ("更新辖区场所码张贴情况", Task.Status.PENDING),
    ("组织重点人群核酸采样", Task.Status.NOT_EXECUTABLE),
    ("上报校园防控自查表", Task.Status.REMOVED),
)
"""What the county asked of its townships, and where it stands."""


def load_routine(rng: np.random.Generator, world: World, loaded: Loaded, staff: Staff) -> None:
    """Write all of it."""
    for back in range(ROUNDS, 0, -1):
        _screening_round(rng, world, loaded, FIRST_DAY + timedelta(days=14 - back))
    _cold_chain(rng, FIRST_DAY + timedelta(days=12))
    _standing_orders(world, staff)


def _screening_round(rng: np.random.Generator, world: World, loaded: Loaded, day: date) -> None:
    """One morning of ten-to-one sampling among workers; every tube negative in the evening."""
    working = np.flatnonzero((world.venues.anchor >= 0) & (world.people.age >= 18) & ~world.people.is_visitor)
    infected = [one.person for one in world.infections]
    working = np.setdiff1d(working, infected)
    count = min(max(2, world.people.residents // RESIDENTS_A_TUBE), len(working) // POOL)
    chosen = rng.choice(working, size=(count, POOL), replace=False)
    with clock.frozen(datetime.combine(day, time(19), ZONE)):
        tubes = [_tube(rng, world, day, number, POOL, int(row[0])) for number, row in enumerate(chosen)]
        samples = [
            Sample(
                tube=tube,
                area_id=world.people.code(person),
                person_id=loaded.persons[person],
                reason=Sample.Reason.PROFESSIONAL_REASON,
                sampled_at=datetime.combine(day, time(8, 30), ZONE) + timedelta(minutes=int(rng.integers(150))),
            )
            for tube, row in zip(tubes, chosen.tolist(), strict=True)
            for person in row
        ]
        _write(tubes, samples, day)


def _tube(rng: np.random.Generator, world: World, day: date, number: int, size: int, person: int) -> Tube:
    town = str(world.people.town[person])
    return Tube(
        id=uuids(rng, 1, int(datetime.combine(day, time(8), ZONE).timestamp()))[0],
        area_id=town,
        barcode=f"MZ{day:%y%m%d}{size:02d}{number:04d}",
        size=size,
        point=f"{world.tree.towns[town]}采样点",
        laboratory=LABORATORY,
        shipment=Tube.Shipment.RECEIVED,
        shipped_at=datetime.combine(day, time(12), ZONE),
        received_at=datetime.combine(day, time(13), ZONE),
    )


def _write(tubes: list[Tube], samples: list[Sample], day: date) -> None:
    results = [
        LabResult(
            tube=tube,
            area_id=tube.area_id,
            disease=DISEASE,
            value=LabResult.Value.NEGATIVE,
            laboratory=LABORATORY,
            tested_at=datetime.combine(day, time(18), ZONE),
            reported_at=datetime.combine(day, time(18, 30), ZONE),
        )
        for tube in tubes
    ]
    for model, rows in ((Tube, tubes), (Sample, samples), (LabResult, results)):
        action = f"testing.{model._meta.model_name}.demo_loaded"
        records.create_many(model, rows, by=None, action=action, source=Source.DEMO)


def _cold_chain(rng: np.random.Generator, day: date) -> None:
    """Goods and surfaces, one swab a tube."""
    with clock.frozen(datetime.combine(day, time(19), ZONE)):
        made = uuids(rng, len(SURFACES), int(datetime.combine(day, time(8), ZONE).timestamp()))
        tubes = [
            Tube(id=made[number], area_id=COUNTY, barcode=f"MZ{day:%y%m%d}HW{number:04d}", point="孟州冷链集中监管仓",
                 laboratory=LABORATORY, shipment=Tube.Shipment.RECEIVED)
            for number in range(len(SURFACES))
        ]  # fmt: skip
        samples = [
            Sample(tube=tube, area_id=COUNTY, subject=_subject(what), described=what, specimen=Sample.Specimen.SURFACE,
                   sampled_at=datetime.combine(day, time(9), ZONE))
            for tube, what in zip(tubes, SURFACES, strict=True)
        ]  # fmt: skip
        _write(tubes, samples, day)


def _subject(what: str) -> str:
    return Sample.Subject.GOODS if what.endswith("外包装") else Sample.Subject.ENVIRONMENT


def _standing_orders(world: World, staff: Staff) -> None:
    """One order of each kind to every township, in every state a task can be in; a few overdue."""
    with clock.frozen(MORNING - timedelta(days=2)):
        rows = [
            _order(staff, code, title, status, number + index)
            for index, code in enumerate(world.tree.towns)
            for number, (title, status) in enumerate(ORDERS)
        ]
        records.create_many(
            Task, rows, by=staff["duty-officer1"], action="command.tasks.demo_loaded", source=Source.DEMO
        )


def _order(staff: Staff, code: str, title: str, status: str, spread: int) -> Task:
    officer, giver = staff[f"township-{code}"], staff["duty-officer1"]
    handed = MORNING - timedelta(days=2)
    task = Task(
        area_id=code,
        from_area_id=COUNTY,
        title=title,
        instructions=f"{title}，完成后上报结果。",
        role="township_officer",
        status=status,
        due_at=MORNING + timedelta(hours=6 * (spread % 9) - 12),
    )
    if status in (Task.Status.IN_PROGRESS, Task.Status.DONE, Task.Status.CHECKED, Task.Status.NOT_EXECUTABLE):
        task.received_at, task.received_by = handed + timedelta(hours=1), officer
    if status in (Task.Status.DONE, Task.Status.CHECKED):
        task.done_at, task.done_by, task.outcome = handed + timedelta(hours=20), officer, "已完成，未发现异常。"
    if status == Task.Status.CHECKED:
        task.checked_at, task.checked_by = handed + timedelta(hours=26), giver
    if status == Task.Status.NOT_EXECUTABLE:
        task.outcome = "采样物资未到位，请调拨。"
    return task
