"""A county's trade: a port, a store, a market, a plant, a shop in the next county, a lorry with its driver."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.systems.goods import services
from fangxian.systems.goods.models import GoodsPlace, Worker
from fangxian.systems.people import services as people
from fangxian.warehouse import lots

AT = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
PAPERS = ("CUSTOMS", "INSPECTION", "TEST", "DISINFECTION", "TRACE_CODE")


@pytest.fixture(autouse=True)
def unread():
    """No test knows the movements of another."""
    lots.forget()
    yield
    lots.forget()


@pytest.fixture
def town(county):
    with scope.everywhere("test data"):
        yield Area.objects.get(code="410883001")


@pytest.fixture
def elsewhere(town):
    return Area.objects.get(code="410882001")


@pytest.fixture
def trade(town, elsewhere):
    """Places by name."""

    def place(name, kind, area=town, **values):
        return records.create(
            GoodsPlace, by=None, action="goods.place.added", area=area, name=name, kind=kind, **values
        )

    return SimpleNamespace(
        port=place("青岛港", "PORT"), store=place("集中监管仓", "CENTRAL_STORE"), market=place("农贸市场", "MARKET"),
        plant=place("肉制品厂", "PLANT"), shop=place("沁阳超市", "SHOP", elsewhere), lorry=place("豫H12345", "VEHICLE"),
    )  # fmt: skip


@pytest.fixture
def worker(town):
    def make(place, name="李建国", **values):
        person = people.add_person(by=None, area=town, name=name, sex="MALE", birth_date=date(1980, 2, 3))
        given = {"from_on": date(2022, 1, 1), "job": "PORTER", **values}
        return records.create(
            Worker, by=None, action="goods.worker.added", area=place.area, place=place, person=person, **given
        )

    return make


@pytest.fixture
def announced(trade):
    """A consignment of frozen pork, announced so many hours before now."""

    def make(hours=72, pieces=100, number="020220220221000001", **values):
        given = {
            "goods": "冷冻猪肉", "origin": "阿根廷", "owner": "某贸易公司", "container": "CSQU3054383",
            "seal": "CN 12345", "expected_at": clock.now(), **values,
        }  # fmt: skip
        with clock.frozen(clock.now() - timedelta(hours=hours)):
            return services.announce(by=None, to_place=trade.store, number=number, pieces=pieces, **given)

    return make


@pytest.fixture
def lot(announced):
    """A lot in the store with container and seal as on the papers; nothing else is there."""

    def make(number="P1", pieces=100, **values):
        coming = announced(pieces=pieces, number=f"D{number}", **values)
        (made,) = services.accept(
            consignment=coming, by=None, lots=[services.LotIn(number, pieces)], container_seen="csqu 305438-3",
            seal_seen="cn12345",
        )  # fmt: skip
        return made

    return make


@pytest.fixture
def complete():
    """Put all papers and all tests to a lot."""

    def do(lot):
        for kind in PAPERS:
            services.attach_paper(by=None, consignment=lot.consignment, kind=kind, number=kind, issued_on=clock.today())
        for surface in ("OUTER", "INNER"):
            test = services.sample(by=None, lot=lot, surface=surface)
            services.report(test=test, by=None, positives=0)
        lot.refresh_from_db()
        return lot

    return do
