"""Pharmacies of the county on the day: tills and clerks, a fortnight of totals, the sales of the last hours.

The totals carry the demo's signal: in the town where the outbreak smoulders fever medicine goes faster in the last
days; one till has been silent for two, and one does not agree with its register.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from stdnum.cn import uscc

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import DAYS, FIRST_DAY, MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.people.models import Person
from fangxian.systems.pharmacies import services
from fangxian.systems.pharmacies.models import Clerk, Pharmacy, Product, Sale
from fangxian.systems.pharmacies.words import Drug
from fangxian.workflows import drug_sale_signal

CHAINS = ("怀庆大药房", "百姓堂", "仁济药房", "康复大药房")
STOCK = (
    ("F01", "布洛芬缓释胶囊 0.3g×20", "FEVER", "盒", 9), ("F02", "对乙酰氨基酚片 0.5g×12", "FEVER", "盒", 6),
    ("K01", "急支糖浆 100ml", "COUGH", "瓶", 5), ("K02", "右美沙芬片 15mg×24", "COUGH", "盒", 3),
    ("V01", "连花清瘟胶囊 24粒", "ANTIVIRAL", "盒", 8), ("V02", "板蓝根颗粒 20袋", "ANTIVIRAL", "袋", 7),
    ("A01", "阿莫西林胶囊 0.25g×24", "ANTIBIOTIC", "盒", 4), ("A02", "头孢克肟片 0.1g×6", "ANTIBIOTIC", "盒", 3),
)  # fmt: skip
"""Code at the till, name, class, unit, packages a day of an ordinary pharmacy."""

SENTINELS, HOT, SILENT, DISAGREES = 3, 0, 2, 1
ROUNDS = {HOT: 4, DISAGREES: 2}
"""How many sentinels (the first ones); which pharmacy sells faster, which is silent, which till disagrees; how often
yesterday's list of sales came about at the two tills that keep a register."""

RISE = (1.2, 1.5, 1.9, 2.4)
"""How much faster fever medicine goes in the hot town over the last days."""

SOLD = (
    ("F01*3", "38.4", "发热 咳嗽", "SELF"), ("V01*2", "36.6", "", "FAMILY"), ("F02*2; K01*1", "37.9", "发热", "CHILD"),
    ("K02*1", None, "咳嗽", "SELF"), ("A01*1", "36.4", "", "PARENT"), ("V02*3", None, "", "FAMILY"),
    ("F01*2", "37.0", "头痛", "SELF"), ("K01*1", "36.8", "咽痛 咳嗽", "SELF"),
)  # fmt: skip
"""What is rung up, temperature, symptoms, for whom."""


def load_pharmacies(rng: np.random.Generator, staff: Staff) -> None:
    """Enter it all with the real verbs; what follows from a sale is done at once, as the jobs would."""
    own = rng.spawn(1)[0]  # the draws of what comes after stay the same
    with clock.frozen(MORNING - timedelta(days=DAYS + 1)):
        houses = _houses(staff)
    for number, house in enumerate(houses):
        _totals(own, number, house)
    buyers = iter(Person.objects.filter(area_id__gte=COUNTY, household__isnull=False).order_by("pk")[: 7 * len(SOLD)])
    yesterday = MORNING - timedelta(hours=23)
    for number, rounds in ROUNDS.items():
        for nth in range(rounds * len(SOLD)):
            _sell(houses[number], next(buyers), nth, yesterday + timedelta(minutes=16 * nth))
    for nth in range(len(SOLD)):
        _sell(houses[HOT], next(buyers), nth, MORNING - timedelta(minutes=70 - 7 * nth))
    _close_yesterday(houses)
    _call(houses[HOT], staff)


def _houses(staff: Staff) -> list[Pharmacy]:
    """One pharmacy a township, its products, and a clerk at each of the first two tills."""
    made = []
    for number, town in enumerate(Area.objects.filter(parent_id=COUNTY).order_by("code")):
        head = f"91410883MA{number:07d}"
        house = _add(
            Pharmacy, "pharmacies.pharmacy.added", area=town, name=f"{CHAINS[number % len(CHAINS)]}{town.name}店",
            credit_code=head + uscc.calc_check_digit(head), licence=f"豫CB391{number:04d}",
            address=f"{town.name}中心街", phone=f"0391819{number:04d}", is_sentinel=number < SENTINELS,
        )  # fmt: skip
        products = [Product(area=town, pharmacy=house, code=code, name=name, drug=drug, unit=unit)
                    for code, name, drug, unit, _usual in STOCK]  # fmt: skip
        records.create_many(Product, products, by=None, action="pharmacies.products.added", source=Source.DEMO)
        made.append(house)
    for number in (HOT, DISAGREES):
        _add(Clerk, "pharmacies.clerk.added", area=made[number].area, pharmacy=made[number],
             officer=staff[f"pharmacy-clerk{number + 1}"])  # fmt: skip
    return made


def _totals(rng: np.random.Generator, number: int, house: Pharmacy) -> None:
    """A fortnight of a till; the last day of those with a register comes with its sales."""
    products = {row.code: row for row in Product.objects.filter(pharmacy=house)}
    for index in range(DAYS):
        left = DAYS - index
        if (number == SILENT and left <= 2) or (number in (HOT, DISAGREES) and left == 1):
            continue
        day = FIRST_DAY + timedelta(days=index)
        faster = RISE[len(RISE) - left] if number == HOT and left <= len(RISE) else 1.0
        sold = {products[code]: int(rng.poisson(usual * (faster if drug == Drug.FEVER else 1.0)))
                for code, _name, drug, _unit, usual in STOCK}  # fmt: skip
        with clock.frozen(MORNING - timedelta(days=left - 1, minutes=30)):
            services.report_totals(by=None, pharmacy=house, day=day, totals=sold, source=Source.DEMO)


def _sell(house: Pharmacy, person: Person, nth: int, at: datetime) -> None:
    """One receipt, told by the till: whatever the ladder says of it, the demo goes on."""
    items, temperature, symptoms, for_whom = SOLD[nth % len(SOLD)]
    by = Clerk.objects.get(pharmacy=house).officer
    with clock.frozen(at):
        sale = services.take_over(
            by=by, pharmacy=house, items=items, receipt=f"{at:%m%d%H%M}-{nth:03d}", sold_at=at, name=person.name,
            id_number=person.id_number.reveal(), phone=person.phone.reveal(), for_whom=for_whom, symptoms=symptoms,
            temperature=Decimal(temperature) if temperature else None, source=Source.DEMO,
        )  # fmt: skip
        drug_sale_signal.on_sale(sale_id=sale.pk, by=by)


def _close_yesterday(houses: list[Pharmacy]) -> None:
    """The tills with a register report yesterday: one agrees with it, the other is short of a package."""
    day: date = FIRST_DAY + timedelta(days=DAYS - 1)
    for number in (HOT, DISAGREES):
        sold = dict.fromkeys(Product.objects.filter(pharmacy=houses[number]), 0)
        for sale in Sale.objects.filter(pharmacy=houses[number], sold_at__lt=MORNING - timedelta(hours=8)):
            for line in sale.lines.all():
                sold[line.product] += line.quantity
        if number == DISAGREES:
            sold[next(product for product, count in sold.items() if count)] += 1
        with clock.frozen(MORNING - timedelta(minutes=30)):
            services.report_totals(by=None, pharmacy=houses[number], day=day, totals=sold, source=Source.DEMO)


def _call(house: Pharmacy, staff: Staff) -> None:
    """The first buyer of yesterday was called this morning."""
    first = house.sales.filter(is_fever=True).order_by("sold_at").first()
    call = first.call_backs.first() if first else None
    if call is not None:
        with clock.frozen(MORNING - timedelta(minutes=20)):
            services.record_call(call_back=call, by=staff["pharmacy-clerk1"], outcome="WELL", note="已退热")


def _add(model: type, action: str, **values):
    return records.create(model, by=None, action=action, source=Source.DEMO, **values)
