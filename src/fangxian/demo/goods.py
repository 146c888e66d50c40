"""Imported goods of the county on the day: ten days of trade, one recall under way, one positive lot to be recalled."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.load import Loaded
from fangxian.demo.morning import first_positives
from fangxian.demo.officers import Staff
from fangxian.demo.world import World
from fangxian.systems.goods import services
from fangxian.systems.goods.models import GoodsPlace, Lot, RecallLine, Worker
from fangxian.systems.goods.services import LotIn
from fangxian.systems.goods.words import PaperKind
from fangxian.systems.people.models import Person
from fangxian.workflows.contaminated_goods import recall

PLACES = (
    ("port", "青岛港前湾港区", "PORT", 0), ("store", "孟州市进口冷链集中监管仓", "CENTRAL_STORE", 0),
    ("cold", "河阳冷库", "COLD_STORE", 1), ("plant", "河雍肉制品加工厂", "PLANT", 2),
    ("market", "韩愈农产品批发市场", "MARKET", 0), ("shop", "惠民生鲜超市", "SHOP", 1),
    ("canteen", "第一中学食堂", "RESTAURANT", 2),
    ("lorry", "豫H3F218 冷藏车", "VEHICLE", 0), ("far", "邻县万家超市", "SHOP", -1),
)  # fmt: skip
"""Key, name, kind, number of the township; -1 is the next county."""
WORKERS = (
    ("store", "PORTER"), ("store", "PORTER"), ("store", "KEEPER"), ("store", "DISINFECTOR"), ("cold", "PORTER"),
    ("plant", "CUTTER"), ("plant", "CUTTER"), ("market", "SELLER"), ("shop", "SELLER"), ("lorry", "DRIVER"),
    ("canteen", "OTHER"),
)  # fmt: skip
COMING = (
    ("beef", "冷冻牛腱子", "巴西", 620, "18600", 12, -18), ("pork", "冷冻猪肉", "阿根廷", 1303, "24000", 9, -18),
    ("fish", "冷冻鳕鱼", "挪威", 240, "4800", 3, -20), ("shoes", "运动鞋", "越南", 300, "2100", 2, 18),
)  # fmt: skip
"""Key, goods, origin, pieces, kilograms, days before the morning they came, °C."""
GROWN = (date(1962, 1, 1), date(2000, 1, 1))
CONTAINERS = ("CSQU3054383", "MSKU6011672", "TCLU4265198", "OOLU1548763")
PAPERS = [kind for kind in PaperKind.values if kind != PaperKind.OUTBOUND]


@dataclass
class Trade:
    """Places and lots by key, and who enters it all, and who reports tests."""

    by: object
    laboratory: object
    places: dict[str, GoodsPlace]
    lots: dict[str, Lot]

    def move(self, kind: str, lot: str, pieces: int, frm: str, to: str | None = None, **values) -> None:
        """One movement between places named by key."""
        target = self.places[to] if to else None
        services.move(by=self.by, kind=kind, lot=self.lots[lot], pieces=pieces, from_place=self.places[frm],
                      to_place=target, source=Source.DEMO, **values)  # fmt: skip

    def make(self, key: str, kind: str, frm: dict[str, int], at: str, number: str, made: int, **values) -> None:
        """One new lot of others."""
        lots = {self.lots[name]: pieces for name, pieces in frm.items()}
        self.lots[key] = services.divide(by=self.by, kind=kind, lots=lots, place=self.places[at], number=number,
                                         made=made, source=Source.DEMO, **values)  # fmt: skip


def load_goods(world: World, loaded: Loaded, staff: Staff) -> None:
    """Enter it all with the real verbs, in the order of the days."""
    trade = Trade(staff["cold-chain-keeper1"], staff["laboratory1"], _places(), {})
    ill = _who_falls_ill(world, loaded)
    _hire(trade.places, ill)
    for number, row in enumerate(COMING):
        _take_in(trade, number, *row)
    _sell(trade)
    with clock.frozen(MORNING - timedelta(hours=26)):
        trade.move("MOVE", "pork", 45, "store", "cold", vehicle=trade.places["lorry"], waybill="YD0314-pork",
                   handler=ill)  # fmt: skip
    _recall_of_beef(trade)
    with clock.frozen(MORNING - timedelta(hours=2)):
        test = services.sample(by=trade.by, lot=trade.lots["pork"], first_piece=1, last_piece=15, source=Source.DEMO)
        services.report(test=test, by=trade.laboratory, positives=5, positive_pieces="2 3 7 8 15")
    with clock.frozen(MORNING - timedelta(hours=20)):
        _announce(trade, len(COMING), "冷冻带鱼", "印度", 400, "8000", MORNING + timedelta(hours=30), -18)


def _places() -> dict[str, GoodsPlace]:
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[:3])
    next_county = Area.objects.filter(kind="county", parent_id=COUNTY[:4]).exclude(code=COUNTY).order_by("code").first()
    made = {}
    for key, name, kind, town in PLACES:
        area = next_county if town < 0 else towns[town % len(towns)]
        made[key] = records.create(
            GoodsPlace, by=None, action="goods.place.added", source=Source.DEMO, area=area, name=name, kind=kind,
            company="孟州市冷链物流有限公司" if key == "lorry" else name, plate="豫H3F218" if key == "lorry" else "",
        )  # fmt: skip
    return made


def _who_falls_ill(world: World, loaded: Loaded) -> Person | None:
    """The first of the morning's cases old enough to carry goods: it handled the lot that turns out positive."""
    ids = [loaded.persons[one.person] for one in first_positives(world)[1:]]
    grown = Person.objects.filter(pk__in=ids, birth_date__range=GROWN).select_related("area").in_bulk()
    return next((grown[pk] for pk in ids if pk in grown), None)


def _hire(places: dict[str, GoodsPlace], ill: Person | None) -> None:
    """The staff; whoever is going to be a case carries at the store, so that goods and people meet in one view."""
    people = Person.objects.filter(area_id__gte=COUNTY, birth_date__range=GROWN)
    staff = [ill] if ill else []
    others = people.exclude(pk__in=[one.pk for one in staff]).select_related("area").order_by("-pk")
    staff += others[: len(WORKERS) - len(staff)]
    for number, ((key, job), person) in enumerate(zip(WORKERS, staff, strict=False)):
        records.create(
            Worker, by=None, action="goods.worker.added", source=Source.DEMO, area=places[key].area, place=places[key],
            person=person, job=job, staff_number=f"{number + 1:03d}", from_on=date(2021, 9, 1),
        )  # fmt: skip


def _announce(trade: Trade, number: int, goods: str, origin: str, pieces: int, weight: str, at: datetime, cold: int):
    return services.announce(
        by=trade.by, to_place=trade.places["store"], number=f"42022022100000{number + 1:04d}", goods=goods,
        origin=origin, owner="河南中原食品进出口有限公司" if cold < 0 else "河南鞋服贸易有限公司", pieces=pieces,
        weight_kg=Decimal(weight), container=CONTAINERS[number % len(CONTAINERS)], seal=f"CN{880120 + number}",
        plate="鲁B7H952", temperature=Decimal(cold), expected_at=at, source=Source.DEMO,
    )  # fmt: skip


def _take_in(
    trade: Trade, number: int, key: str, goods: str, origin: str, pieces: int, weight: str, days: int, cold: int
) -> None:
    """Announced three days before, taken in, papers and tests; the fish came without two of its papers."""
    came = MORNING - timedelta(days=days)
    with clock.frozen(came - timedelta(days=3)):
        coming = _announce(trade, number, goods, origin, pieces, weight, came, cold)
    with clock.frozen(came):
        (lot,) = services.accept(
            consignment=coming, by=trade.by, container_seen=coming.container, seal_seen=coming.seal, source=Source.DEMO,
            lots=[LotIn(f"{5082020 + number}", pieces, Decimal(weight), date(2021, 11, 5 + number))],
        )  # fmt: skip
        papers = PAPERS[:3] if key == "fish" else PAPERS
        for kind in papers:
            services.attach_paper(
                by=trade.by, consignment=coming, kind=kind, number=f"{kind[:2]}{20220300 + number}", issuer="青岛海关",
                issued_on=came.date(), source=Source.DEMO,
            )  # fmt: skip
        for surface in ("OUTER", "INNER") if key in ("beef", "pork") else ():
            test = services.sample(by=trade.by, lot=lot, surface=surface, laboratory="市疾控中心", source=Source.DEMO)
            services.report(test=test, by=trade.laboratory, positives=0)
    trade.lots[key] = Lot.objects.get(pk=lot.pk)


def _sell(trade: Trade) -> None:
    """Ten days of trade with beef and pork."""
    for day, steps in enumerate((_first_days, _middle_days, _last_days)):
        with clock.frozen(MORNING - timedelta(days=8 - 2 * day)):
            steps(trade)


def _first_days(trade: Trade) -> None:
    for lot in ("beef", "pork"):
        services.release(lot=trade.lots[lot], by=trade.by)
        trade.move("MOVE", lot, 200, "store", "cold", vehicle=trade.places["lorry"], waybill=f"YD0307-{lot}")
    trade.make("sausage", "PROCESS", {"pork": 300}, "store", "XC20220307", 2400, to_place=trade.places["plant"],
               goods="香肠")  # fmt: skip


def _middle_days(trade: Trade) -> None:
    trade.move("MOVE", "beef", 120, "store", "market", vehicle=trade.places["lorry"])
    trade.move("MOVE", "pork", 150, "store", "market", vehicle=trade.places["lorry"])
    trade.make("mixed", "REPACK", {"beef": 20, "pork": 30}, "cold", "FZ20220309", 500, to_place=trade.places["shop"],
               goods="拼装礼盒")  # fmt: skip
    trade.move("MOVE", "sausage", 800, "plant", "shop")
    trade.move("MOVE", "sausage", 300, "plant", "canteen")


def _last_days(trade: Trade) -> None:
    trade.move("MOVE", "pork", 60, "market", "far", vehicle=trade.places["lorry"])
    trade.move("SELL", "sausage", 350, "shop")
    trade.move("SELL", "pork", 12, "market", buyer="赵记饭店", buyer_phone="13839100012")


def _recall_of_beef(trade: Trade) -> None:
    """A letter of assistance named the beef: recalled the day before, holders at every step."""
    with clock.frozen(MORNING - timedelta(days=1)):
        opened = recall(lot=trade.lots["beef"], by=trade.by, reason="协查函：同批次货物外包装检测阳性").recall
        lines = list(RecallLine.objects.filter(recall=opened).select_related("place").order_by("-pieces", "pk"))
        for number, line in enumerate(lines):
            if number % 4 == 0:
                services.account(line=line, by=trade.by, sealed=line.pieces)
            elif number % 4 == 1:
                services.stop(line=line, by=trade.by)
            elif number % 4 == 2:
                services.tell(line=line, by=trade.by)
