"""The environment of the demo county: sewage watched for a fortnight, a market treated after a case, a village round.

One sewage works has a gap of two days; another found something the day before the outbreak shows in people. The
market's final disinfection is done and proved, its check negative and accepted; that of an isolation room waits for
its sample; villages of the first township are at different stages of the season's round.
"""

from datetime import datetime, timedelta

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.records import Record, Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import DAYS, MORNING
from fangxian.demo.officers import Staff
from fangxian.registers import attachments
from fangxian.systems.command import services as command
from fangxian.systems.environment import services
from fangxian.systems.environment.models import EnvironmentOrder, MonitoringPoint
from fangxian.systems.goods.models import GoodsPlace
from fangxian.systems.quarantine.models import Site
from fangxian.systems.screening.models import Place
from fangxian.workflows import environment_positive

LABORATORY = "孟州市疾控中心实验室"
POINTS = ("污水处理厂进水口", "人民医院污水出口", "中心市场污水井")
GAP, FOUND = 1, 0
"""Which point has a gap of two days, and which was positive yesterday."""

ROUND, VILLAGES = "2022-春季", 6
STORES = ("CENTRAL_STORE", "COLD_STORE", "MARKET")
PHOTO = b"\x89PNG\r\n\x1a\n" + b"demo"
PROOF = {
    "agent": "84消毒液（有效氯）", "mg_per_litre": 1000, "minutes": 40, "square_metres": 260, "method": "SPRAY",
    "note": "摊位、地面、下水道口全面喷洒并擦拭",
}  # fmt: skip


def load_environment(staff: Staff) -> None:
    """Enter it all with the real verbs; what a positive sample asks for is done at once, as its job would."""
    _watch_sewage(staff)
    _treat_market(staff)
    _treat_site(staff)
    _swab_stores(staff)
    _improve_villages(staff)


def _watch_sewage(staff: Staff) -> None:
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[: len(POINTS)])
    for number, (town, name) in enumerate(zip(towns, POINTS, strict=True)):
        with clock.frozen(MORNING - timedelta(days=DAYS + 1)):
            point = records.create(
                MonitoringPoint, by=None, action="environment.point.added", source=Source.DEMO, area=town,
                name=f"{town.name}{name}", kind="SEWAGE", people_served=8000 + 4000 * number,
            )  # fmt: skip
        for left in range(DAYS, 0, -1):
            if not (number == GAP and left in (5, 6)):
                _sewage(point, number, left, staff)


def _sewage(point: MonitoringPoint, number: int, left: int, staff: Staff) -> None:
    taken = MORNING - timedelta(days=left)
    with clock.frozen(taken):
        sample = services.take(
            by=None, area=point.area, where=point.name, barcode=f"WS{number}{taken:%m%d}", point=point,
            laboratory=LABORATORY, source=Source.DEMO,
        )  # fmt: skip
    if left == 1 and number != FOUND:
        return  # not reported yet
    is_found = number == FOUND and left == 1
    with clock.frozen(taken + timedelta(hours=20)):
        services.report(sample=sample, by=staff["laboratory1"], result="POSITIVE" if is_found else "NEGATIVE")
        if is_found:
            environment_positive.on_positive(sample_id=sample.pk, by=None)


def _treat_market(staff: Staff) -> None:
    """Ordered three days before, done, sampled, accepted by the duty officer."""
    market = Place.objects.filter(kind="MARKET").select_related("area").order_by("pk").first()
    if market is None:
        return
    ordered = MORNING - timedelta(days=3)
    made = _treated(staff, market, market.area, "VENUE", "水产区 3 号摊", ordered)
    with clock.frozen(ordered + timedelta(hours=6)):
        check = services.take(by=None, area=made.area, where=made.where, barcode="HJ0001", order=made,
                              spot="案板表面", laboratory=LABORATORY, source=Source.DEMO)  # fmt: skip
    with clock.frozen(ordered + timedelta(hours=18)):
        services.report(sample=check, by=staff["laboratory1"], result="NEGATIVE")
        services.accept(order=_now(made), by=staff["duty-officer1"])


def _treat_site(staff: Staff) -> None:
    """A room of an isolation site: done and proved yesterday; its sample is with the laboratory."""
    site = Site.objects.select_related("area").order_by("pk").first()
    if site is None:
        return
    made = _treated(staff, site, site.area, "ROOM", "空调滤网、卫生间", MORNING - timedelta(days=1))
    with clock.frozen(MORNING - timedelta(hours=12)):
        services.take(by=None, area=made.area, where=made.where, barcode="HJ0002", order=made,
                      spot="卫生间门把手", laboratory=LABORATORY, source=Source.DEMO)  # fmt: skip


def _swab_stores(staff: Staff) -> None:
    """The weekly swabs of the stores of imported goods."""
    for number, store in enumerate(GoodsPlace.objects.filter(kind__in=STORES).select_related("area").order_by("name")):
        with clock.frozen(MORNING - timedelta(days=2)):
            swab = services.take(
                by=None, area=store.area, where=store.name, barcode=f"LK{number:04d}", kind="GOODS",
                spot="月台门把手、货架", laboratory=LABORATORY, source=Source.DEMO,
                about=("goods.goodsplace", store.pk),
            )  # fmt: skip
        with clock.frozen(MORNING - timedelta(days=1)):
            services.report(sample=swab, by=staff["laboratory1"], result="NEGATIVE")


def _treated(staff: Staff, about: Record, area: Area, setting: str, spot: str, at: datetime) -> EnvironmentOrder:
    with clock.frozen(at):
        made = services.order(
            by=staff["duty-officer2"], area=area, where=str(about), setting=setting, spot=spot, source=Source.DEMO,
            about=(about._meta.label_lower, about.pk), role="duty_officer",
        )  # fmt: skip
    with clock.frozen(at + timedelta(hours=4)):
        attachments.attach(made, name="消毒现场.png", content=PHOTO, by=staff["duty-officer2"])
        return services.prove(order=made, by=staff["duty-officer2"], **PROOF)


def _improve_villages(staff: Staff) -> None:
    """A round for some villages of the first township: the first has done everything, the second its water."""
    town = Area.objects.filter(parent_id=COUNTY).order_by("code").first()
    villages = list(Area.objects.filter(parent=town).order_by("code")[:VILLAGES])
    with clock.frozen(MORNING - timedelta(days=9)):
        made = services.begin_round(by=staff["duty-officer1"], villages=villages, name=ROUND)
    officer = staff[f"township-{town.code}"]
    for number, village in enumerate(villages[:2]):
        for one in (row for row in made if row.area_id == village.code and (number == 0 or row.kind == "WATER")):
            with clock.frozen(MORNING - timedelta(days=5)):
                attachments.attach(one, name="整治后.png", content=PHOTO, by=officer)
                done = services.prove(order=one, by=officer, note="已整治，村内公示")
            if number == 0:
                with clock.frozen(MORNING - timedelta(days=4)):
                    command.check(task=done.task, by=staff["duty-officer1"])


def _now(made: EnvironmentOrder) -> EnvironmentOrder:
    """The order with its task, as it stands now."""
    return EnvironmentOrder.objects.select_related("task").get(pk=made.pk)
