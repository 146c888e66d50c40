"""Supplies of the county on the day: four stores, ten days of use, one short item, requests on their way."""

from datetime import date, timedelta

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.supplies import services
from fangxian.systems.supplies.models import Store

RESERVE = (
    ("SURGICAL_MASK", 150_000, "M2109", date(2023, 9, 1)), ("N95", 9_000, "N2105", date(2024, 5, 1)),
    ("SUIT", 2_400, "F2011", date(2022, 4, 20)), ("SUIT", 3_000, "F2110", date(2023, 10, 1)),
    ("GOWN", 4_000, "G2110", date(2023, 10, 1)), ("FACE_SHIELD", 3_000, "", None),
    ("GLOVES", 30_000, "", date(2024, 1, 1)),
    ("SHOE_COVERS", 2_000, "", None), ("SWAB", 60_000, "S2201", date(2024, 1, 1)),
    ("SAMPLE_TUBE", 6_500, "T2112", date(2022, 12, 1)), ("REAGENT", 2_800, "R2202", date(2022, 8, 1)),
    ("ANTIGEN", 8_000, "A2201", date(2022, 5, 5)), ("DISINFECTANT", 1_900, "X2201", date(2022, 12, 1)),
    ("HAND_SANITISER", 700, "", date(2023, 6, 1)), ("THERMOMETER", 90, "", None), ("WASTE_BAG", 9_000, "", None),
)  # fmt: skip
"""What came into the county's reserve: item, how much, lot, last day."""

POINT = (("SUIT", 260, date(2023, 10, 1)), ("N95", 600, date(2024, 5, 1)), ("SWAB", 4_000, date(2024, 1, 1)),
         ("SAMPLE_TUBE", 420, date(2022, 12, 1)), ("DISINFECTANT", 60, date(2022, 12, 1)))  # fmt: skip
USE = (("SUIT", 14), ("N95", 38), ("SWAB", 420), ("SAMPLE_TUBE", 45))
"""What a store of a township had at first, and what it uses a day."""
DAYS = 6


def load_supplies(staff: Staff) -> None:
    """Enter it all with the real verbs, the counts and the requests too."""
    keeper = staff["store-keeper1"]
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[:3])
    with clock.frozen(MORNING - timedelta(days=DAYS + 2)):
        reserve, company = _stores(Area.objects.get(code=COUNTY), keeper)
        points = [_store(town, f"{town.name}防疫物资点", owner="UNIT", staff=30) for town in towns]
        _fill(reserve, company, points, keeper)
    for number in range(DAYS, 0, -1):
        with clock.frozen(MORNING - timedelta(days=number)):
            _day(points, keeper, number)
    _requests(reserve, points, staff)
    with clock.frozen(MORNING - timedelta(hours=14)):
        services.count(by=keeper, store=reserve, item="DISINFECTANT", lot="X2201", quantity=1_868, source=Source.DEMO)
        services.waste(by=keeper, store=reserve, item="GOWN", quantity=40, note="库房漏雨受潮", source=Source.DEMO)


def _stores(county: Area, keeper) -> tuple[Store, Store]:
    company = _store(county, "医药公司代储库", owner="COMPANY", keeper=keeper)
    return _store(county, "市应急物资储备库", keeper=keeper, staff=260, place="会昌街道韩愈大街"), company


def _store(area: Area, name: str, **values) -> Store:
    return records.create(
        Store, by=None, action="supplies.store.added", source=Source.DEMO, area=area, name=name, **values
    )


def _fill(reserve: Store, company: Store, points: list[Store], keeper) -> None:
    for item, quantity, lot, last_day in RESERVE:
        services.receive(by=keeper, store=reserve, item=item, quantity=quantity, lot=lot, expires_on=last_day,
                         note="年度采购", source=Source.DEMO)  # fmt: skip
    services.receive(by=keeper, store=company, item="SURGICAL_MASK", quantity=40_000, lot="M2112",
                     expires_on=date(2023, 12, 1), note="协议代储", source=Source.DEMO)  # fmt: skip
    for point in points:
        for item, quantity, last_day in POINT:
            services.receive(by=keeper, store=point, item=item, quantity=quantity, expires_on=last_day,
                             source=Source.DEMO)  # fmt: skip


def _day(points: list[Store], keeper, number: int) -> None:
    """A day of use; no two points use the same."""
    for place, point in enumerate(points):
        for item, many in USE:
            services.use(by=keeper, store=point, item=item, quantity=many + (number * 3 + place * 2) % 7,
                         source=Source.DEMO)  # fmt: skip


def _requests(reserve: Store, points: list[Store], staff: Staff) -> None:
    """Four requests: closed with a difference settled, on its way and late, agreed by one side, just asked."""
    keeper = staff["store-keeper1"]
    asked = []
    for hours, point, items, reason in (
        (60, points[0], {"SUIT": 200, "N95": 400}, "补充采样人员防护用品"),
        (50, points[1], {"SWAB": 3_000, "SAMPLE_TUBE": 300}, "第二轮区域核酸检测"),
        (20, points[2], {"SUIT": 150, "GLOVES": 600}, "隔离点转运保障"),
        (2, points[0], {"DISINFECTANT": 80}, "集贸市场每日两次消毒"),
    ):
        with clock.frozen(MORNING - timedelta(hours=hours)):
            by = staff[f"township-{point.area_id}"]
            asked.append(services.ask(by=by, to_store=point, from_store=reserve, items=items, reason=reason,
                                      source=Source.DEMO))  # fmt: skip
    for number, hours in ((0, 55), (1, 45), (2, 18)):
        with clock.frozen(MORNING - timedelta(hours=hours)):
            services.agree(request=asked[number], by=keeper)
    for number, hours in ((0, 48), (1, 40)):
        with clock.frozen(MORNING - timedelta(hours=hours)):
            services.dispatch(request=asked[number], by=keeper, carrier="豫HA2016 王师傅")
    with clock.frozen(MORNING - timedelta(hours=46)):
        leader = staff[f"township-{points[0].area_id}"]
        services.take_in(request=asked[0], by=leader, items={"SUIT": 196})
        services.settle(request=asked[0], by=keeper, reason="装卸时外包装破损4套，已拍照登记")
