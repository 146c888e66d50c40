"""A sale at the till and from a till's file: the ladder, the buyer entered once, each receipt once."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, modes, scope
from fangxian.core.clock import now
from fangxian.systems.people.models import Person
from fangxian.systems.pharmacies import baskets, rules, selectors, services, signal
from fangxian.systems.pharmacies.models import Product, Sale, SaleLine, TillTotal
from tests.unit.pharmacies.conftest import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "everywhere")]
WANG = {"name": "王建国", "id_number": "410883198002030017", "phone": "13812345678"}


def test_a_basket_has_one_spelling():
    assert baskets.parse(" b1 × 2；k1, b1*1") == {"b1": 3, "k1": 1}
    assert baskets.written({"K1": 1, "B1": 2}) == "B1*2; K1*1"


@pytest.mark.parametrize("text", ["", "B1*0", "B1*x", "B1*9999; B1*1"])
def test_what_is_no_basket_is_refused(text):
    with pytest.raises(ValidationError):
        baskets.parse(text)


# drug, step of the ladder, buyer → refused at the till, what is wrong when it comes from a file
TABLE = [
    ("B1", "FREE", {}, ""),
    ("B1", "SENTINEL", {}, ""),
    ("B1", "REAL_NAME", {}, "NO_NAME"),
    ("B1", "REAL_NAME", {"name": "王建国"}, "NO_NAME"),
    ("B1", "REAL_NAME", {"phone": "13812345678"}, "NO_NAME"),
    ("B1", "REAL_NAME", WANG, ""),
    ("B1", "REAL_NAME", {"name": "李奶奶", "address": "段西村3组"}, ""),  # neither phone nor card
    ("B1", "STOPPED", WANG, "STOPPED"),
    ("N1", "STOPPED", {}, ""),  # plasters are nobody's business
    ("N1; B1", "STOPPED", WANG, "STOPPED"),
]


@pytest.mark.parametrize(("items", "stage", "buyer", "wrong"), TABLE)
def test_the_ladder(pharmacy, ladder, items, stage, buyer, wrong):
    ladder(FEVER=stage)
    if wrong:
        with pytest.raises(ValidationError):
            services.sell(by=None, pharmacy=pharmacy, items=items, **buyer)
        assert not Sale.objects.exists() and not Person.objects.exists(), "what is refused leaves nothing behind"
    else:
        assert services.sell(by=None, pharmacy=pharmacy, items=items, **buyer).wrong == ""
    told = services.take_over(by=None, pharmacy=pharmacy, items=items, receipt="R1", sold_at=now(), **buyer)
    assert told.wrong == wrong and bool(told.rule) == bool(wrong)


def test_a_township_may_stop_what_its_county_sells(pharmacy, ladder, town):
    ladder(area="410883002", FEVER="STOPPED")  # the other township
    assert services.sell(by=None, pharmacy=pharmacy, items="B1").stage == "SENTINEL"


# area, mode → what one box of fever medicine without a name is (21: another province)
MODES = [
    ("410883", "normal", "SENTINEL"),
    ("410883", "alert", "REAL_NAME"),
    ("410883", "emergency", "STOPPED"),
    ("21", "alert", "REAL_NAME"),
    ("21", "emergency", "STOPPED"),
]


@pytest.mark.parametrize(("area", "mode", "stage"), MODES)
def test_the_mode_of_the_area_sets_the_ladder(area, mode, stage):
    with modes.supposing(modes.Said(now(), now(), mode, area)):
        steps = rules.ladder(rules.pack_of(area, now()))
        assert (steps["FEVER"], steps["COUGH"]) == (stage, "REAL_NAME" if stage == "STOPPED" else stage)
        assert rules.ladder(rules.pack_of(area, now() - timedelta(minutes=1)))["FEVER"] == "SENTINEL", "not before"


def test_a_district_may_be_stricter_than_its_province():
    with modes.supposing(modes.Said(now(), now(), "emergency", "4108")):
        assert rules.ladder(rules.pack_of("410811001", now()))["COUGH"] == "STOPPED"


def test_the_buyer_is_entered_once(pharmacy, other):
    first = services.sell(by=None, pharmacy=pharmacy, items="B1", **WANG)
    again = services.sell(by=None, pharmacy=other, items="K1*2", **WANG)
    by_phone = services.sell(by=None, pharmacy=other, items="K1", name="王建国", phone="138 1234 5678")
    assert first.person == again.person == by_phone.person
    assert (first.person.sex, first.person.birth_date) == ("MALE", date(1980, 2, 3))
    wife = services.sell(by=None, pharmacy=pharmacy, items="B1", name="赵秀英", phone=WANG["phone"])
    assert wife.person != first.person and wife.person.id_type == "NONE"
    assert Person.objects.count() == 2


def test_a_card_of_another_name_is_refused(pharmacy):
    services.sell(by=None, pharmacy=pharmacy, items="B1", **WANG)
    with pytest.raises(ValidationError, match="does not go with this name"):
        services.sell(by=None, pharmacy=pharmacy, items="B1", **{**WANG, "name": "王建军"})
    with pytest.raises(ValidationError):
        services.sell(by=None, pharmacy=pharmacy, items="B1", **{**WANG, "id_number": "410883198002030018"})


@pytest.mark.parametrize(
    ("temperature", "symptoms", "fever"),
    [("37.3", "", True), ("37.2", "", False), (None, "发热两天", True), (None, "咳嗽", False), ("36.5", "低烧", True)],
)
def test_fever_is_measured_or_told(pharmacy, temperature, symptoms, fever):
    sale = services.sell(by=None, pharmacy=pharmacy, items="B1", symptoms=symptoms,
                         temperature=Decimal(temperature) if temperature else None)  # fmt: skip
    assert sale.is_fever is fever


def test_a_receipt_is_kept_once_and_never_becomes_another(pharmacy):
    told = {"by": None, "pharmacy": pharmacy, "items": "B1*2", "receipt": "R1", "sold_at": now()}
    sale = services.take_over(**told, **WANG)
    with pytest.raises(ValidationError):
        services.take_over(**told)
    with pytest.raises(ValidationError, match="take it back"):
        services.correct(sale=sale, by=None, items="B1*1")
    assert str(services.correct(sale=sale, by=None, phone="13900000000", items="B1*2").phone) == "139****0000"
    with pytest.raises(ValidationError, match="yet to come"):
        services.take_over(**{**told, "receipt": "R2", "sold_at": now() + timedelta(minutes=1)})
    with pytest.raises(ValidationError, match="no product with the code: X9"):
        services.take_over(**{**told, "receipt": "R3", "items": "X9"})


def test_a_phone_that_sends_twice_sells_once(pharmacy):
    pk = UUID("01900000-0000-7000-8000-000000000001")
    assert services.sell(by=None, pharmacy=pharmacy, items="B1", id=pk) == services.sell(
        by=None, pharmacy=pharmacy, items="B1", id=pk
    )
    assert SaleLine.objects.count() == 1


def test_a_closed_pharmacy_sells_nothing(pharmacy):
    pharmacy.closed_on = now().date()
    with pytest.raises(ValidationError, match="closed"):
        services.sell(by=None, pharmacy=pharmacy, items="B1")


def test_the_day_of_a_till(pharmacy, ladder):
    """The ways till and register can stand to each other, and what is taken back counts no more."""
    ladder(COUGH="REAL_NAME")
    day, products = now().date(), {row.code: row for row in Product.objects.filter(pharmacy=pharmacy)}
    for items in ("B1*2", "B1", "V1"):
        services.sell(by=None, pharmacy=pharmacy, items=items)
    mistake = services.sell(by=None, pharmacy=pharmacy, items="B1*5")
    services.take_back(sale=mistake, by=None, reason="rung up twice")
    with pytest.raises(ValidationError, match="already"):
        services.take_back(sale=mistake, by=None, reason="again")
    services.report_totals(by=None, pharmacy=pharmacy, day=day, totals={products["B1"]: 4, products["K1"]: 2})

    def verdicts():
        return {row.product.code: (row.till, row.register, row.verdict) for row in selectors.reconcile(pharmacy, day)}

    assert verdicts() == {"B1": (4, 3, "differs"), "K1": (2, None, "no_register"), "V1": (None, 1, "no_till")}
    services.report_totals(by=None, pharmacy=pharmacy, day=day, totals={products["B1"]: 3})
    assert verdicts()["B1"] == (3, 3, "agrees") and TillTotal.objects.count() == 2
    ladder(COUGH="SENTINEL")
    assert verdicts()["K1"] == (2, None, "volume"), "nobody had to be registered"


def test_zero_is_said_and_silence_is_not_zero(pharmacy, other, ladder):
    ladder(FEVER="REAL_NAME", COUGH="REAL_NAME")
    day = now().date()
    services.nothing_sold(by=None, pharmacy=pharmacy, day=day)
    with pytest.raises(ValidationError, match="reported"):
        services.nothing_sold(by=None, pharmacy=pharmacy, day=day)
    rows = {(row.pharmacy_id, row.drug, row.day): row.quantity for row in signal.daily("410883", day, day)}
    assert rows[pharmacy.pk, "FEVER", day] == 0 and rows[other.pk, "FEVER", day] is None
    (fever,) = [row for row in signal.by_township("410883", day, day) if row.drug == "FEVER"]
    assert (fever.township, fever.quantity, fever.reporting, fever.expected) == ("410883001", 0, 1, 2)
    assert signal.silent("410883", day) == []
    morning = selectors.bounds(day + timedelta(days=1))[0] + timedelta(hours=10)
    with clock.frozen(morning - timedelta(seconds=1)):
        assert signal.silent("410883", day) == []
    with clock.frozen(morning):
        assert signal.silent("410883", day) == [other]
    with pytest.raises(ValidationError, match="still to come"):
        services.report_totals(by=None, pharmacy=pharmacy, day=day + timedelta(days=1), totals={})


def test_only_sentinels_are_asked_while_nobody_gives_a_name(pharmacy, town, ladder):
    sentinel = opened(town, "哨点药店", is_sentinel=True)
    ladder(FEVER="SENTINEL")
    assert selectors.expected("410883") == [sentinel]
    ladder(FEVER="FREE")
    assert selectors.expected("410883") == []


def test_a_repeat_buyer_is_found_in_one_field(pharmacy, other):
    sale = services.sell(by=None, pharmacy=pharmacy, items="B1", **WANG)
    for term in ("王建", "王建国", WANG["phone"], WANG["id_number"], "138 1234 5678"):
        assert selectors.earlier_buyers(pharmacy, term) == [sale], term
    assert selectors.earlier_buyers(other, WANG["phone"]) == [], "buyers of another pharmacy are not found"
    assert selectors.earlier_buyers(pharmacy, " ") == []
    later = services.sell(by=None, pharmacy=pharmacy, items="K1", **WANG)
    with scope.everywhere("test"):
        assert selectors.earlier_buyers(pharmacy, "王") == [later], "each buyer once, as they were last"
