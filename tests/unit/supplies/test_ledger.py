"""The ledger: stock is the sum of its movements, never below zero; what expires first goes first."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangxian.core import audit, records
from fangxian.core.clock import now, today
from fangxian.registers import imports, site
from fangxian.registers.sheets import Table
from fangxian.systems.supplies import selectors, services
from fangxian.systems.supplies.announcements import stock_moved
from fangxian.systems.supplies.models import Movement, Stock
from tests.unit.supplies.conftest import made_store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
SUIT, SWAB = "SUIT", "SWAB"


def books(store) -> dict[tuple[str, str], int]:
    """Stock by item and lot, checked against the movements."""
    kept = {(row.item, row.lot): row.quantity for row in Stock.objects.filter(store=store)}
    rows = Movement.unscoped.filter(store=store).order_by().values_list("item", "lot").annotate(n=Sum("change"))
    assert kept == {(item, lot): n for item, lot, n in rows}
    assert all(n >= 0 for n in kept.values())
    return {key: n for key, n in kept.items() if n}


def test_things_come_in_are_used_spoilt_counted_and_the_rest_lies_there(big, keeper):
    services.receive(by=keeper, store=big, item=SUIT, quantity=100, lot="A", expires_on=date(2022, 9, 1))
    services.receive(by=keeper, store=big, item=SUIT, quantity=50, lot="B", expires_on=date(2022, 4, 1))
    used = services.use(by=keeper, store=big, item=SUIT, quantity=60)
    assert [(one.lot, one.quantity, one.change, one.left) for one in used] == [("B", 50, -50, 0), ("A", 10, -10, 90)]
    services.waste(by=keeper, store=big, item=SUIT, quantity=5, note="受潮")
    counted = services.count(by=keeper, store=big, item=SUIT, lot="A", quantity=80)
    assert (counted.change, counted.left, counted.expires_on) == (-5, 80, date(2022, 9, 1))
    services.use(by=keeper, store=big, item=SUIT, quantity=3, kind="OUT")
    assert books(big) == {(SUIT, "A"): 77}
    assert [lot.quantity for lot in selectors.lots_of(big)] == [77]
    assert audit.history(counted).first().detail["set"]["change"] == "-5"
    assert selectors.movements_of(big).count() == 7


def test_nothing_is_taken_that_is_not_there(big):
    services.receive(by=None, store=big, item=SWAB, quantity=10)
    for act in (
        lambda: services.use(by=None, store=big, item=SWAB, quantity=11),
        lambda: services.use(by=None, store=big, item=SUIT, quantity=1),
        lambda: services.use(by=None, store=big, item=SWAB, quantity=0),
        lambda: services.use(by=None, store=big, item=SWAB, quantity=1, kind="SENT"),
        lambda: services.waste(by=None, store=big, item=SWAB, quantity=11, note="x"),
        lambda: services.waste(by=None, store=big, item=SWAB, quantity=1, note=" "),
        lambda: services.waste(by=None, store=big, item=SWAB, quantity=1, note="x", lot="none"),
        lambda: services.enter(by=None, store=big, item=SWAB, kind="WASTED", quantity=1),
        lambda: services.enter(by=None, store=big, item=SWAB, kind="USED", quantity=11),
        lambda: services.enter(by=None, store=big, item=SWAB, kind="SENT", quantity=1),
        lambda: services.enter(by=None, store=big, item=SWAB, kind="IN", quantity=0),
        lambda: services.count(by=None, store=big, item="HAMMER", quantity=1),
        lambda: services.count(by=None, store=big, item=SWAB, quantity=1, moved_at=now() + timedelta(hours=1)),
    ):
        with pytest.raises(ValidationError):
            act()
        assert books(big) == {(SWAB, ""): 10}
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(store=big).update(quantity=-1)


def test_what_has_expired_is_neither_taken_in_nor_used_but_may_be_written_off(big):
    yesterday, last_day = today() - timedelta(days=1), today()
    with pytest.raises(ValidationError, match="expired"):
        services.receive(by=None, store=big, item=SUIT, quantity=1, expires_on=yesterday)
    services.count(by=None, store=big, item=SUIT, quantity=7, expires_on=yesterday)
    services.receive(by=None, store=big, item=SUIT, quantity=2, expires_on=last_day)
    with pytest.raises(ValidationError, match="only 2"):
        services.use(by=None, store=big, item=SUIT, quantity=3)
    services.waste(by=None, store=big, item=SUIT, quantity=7, note="过期", lot=yesterday.isoformat())
    services.use(by=None, store=big, item=SUIT, quantity=2)
    assert books(big) == {}
    with pytest.raises(ValidationError, match="another expiry day"):
        services.receive(
            by=None, store=big, item=SUIT, quantity=1, lot=last_day.isoformat(), expires_on=date(2023, 1, 1)
        )


def test_a_transfer_takes_lots_along_and_loses_nothing(big, small):
    services.receive(by=None, store=big, item=SUIT, quantity=5, lot="A", expires_on=date(2022, 9, 1))
    services.receive(by=None, store=big, item=SUIT, quantity=5, lot="B", expires_on=date(2022, 6, 1))
    out, came = services.transfer(by=None, from_store=big, to_store=small, item=SUIT, quantity=7)
    assert books(big) == {(SUIT, "A"): 3} and books(small) == {(SUIT, "A"): 2, (SUIT, "B"): 5}
    assert sum(one.change for one in [*out, *came]) == 0
    with pytest.raises(ValidationError, match="they lie in"):
        services.transfer(by=None, from_store=big, to_store=big, item=SUIT, quantity=1)
    with pytest.raises(ValidationError, match="only 3"):
        services.transfer(by=None, from_store=big, to_store=small, item=SUIT, quantity=4)


def test_a_closed_store_takes_and_gives_nothing(big):
    records.change(big, by=None, action="test.closed", closed_on=today())
    with pytest.raises(ValidationError, match="closed"):
        services.receive(by=None, store=big, item=SUIT, quantity=5)
    assert list(selectors.stores()) == []


def test_whoever_listens_hears_what_moved(big):
    heard = []
    listen = lambda sender, movements, by, **named: heard.extend(movements)  # noqa: E731
    stock_moved.connect(listen)
    try:
        made = services.receive(by=None, store=big, item=SUIT, quantity=5)
    finally:
        stock_moved.disconnect(listen)
    assert heard == [made]


def test_a_sheet_of_counts_becomes_the_difference_and_may_be_read_again(big, small):
    services.receive(by=None, store=big, item=SWAB, quantity=500, lot="S1", expires_on=date(2023, 1, 1))
    table = Table(
        ["area", "store", "item", "lot", "expires_on", "quantity", "moved_at"],
        [
            ["410883", str(big.pk), "SWAB", "S1", "", "480", "2022-03-15 08:00"],
            ["410883", str(big.pk), "SUIT", "", "2023-05-01", "40", "2022-03-15 08:00"],
            ["410883001", str(big.pk), "SUIT", "", "2023-05-01", "40", "2022-03-15 08:01"],
            ["410883", str(big.pk), "SUIT", "", "2023-05-01", "-3", "2022-03-15 08:05"],
        ],
    )
    register = site.get("supplies.movement")
    first = imports.run(register, table, by=None)
    assert (first.inserted, first.rejected) == (2, 2)
    again = imports.run(register, table, by=None)
    assert (again.inserted, again.unchanged) == (0, 2)
    assert books(big) == {(SWAB, "S1"): 480, (SUIT, "2023-05-01"): 40}
    counted = Movement.objects.get(item=SWAB, kind="COUNTED")
    assert (counted.change, counted.quantity, counted.expires_on) == (-20, 480, date(2023, 1, 1))
    with pytest.raises(ValidationError, match="stays as it is"):
        register.write(by=None, values={"quantity": 1}, record=counted)
    assert register.write(by=None, values={"quantity": 480, "note": "复核"}, record=counted).note == "复核"


ACTS = st.lists(
    st.tuples(st.sampled_from(["in", "use", "waste", "count", "transfer"]), st.integers(0, 1), st.integers(0, 2),
              st.integers(0, 9)), max_size=12)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_is_done_stock_is_the_sum_of_movements_and_transfers_conserve(big, small, acts):
    with transaction.atomic():
        stores, outside = (big, small), 0
        for what, where, lot, many in acts:
            store, other = stores[where], stores[1 - where]
            try:
                if what == "in":
                    moved = [services.receive(by=None, store=store, item=SWAB, quantity=many, lot=f"L{lot}")]
                elif what == "use":
                    moved = services.use(by=None, store=store, item=SWAB, quantity=many)
                elif what == "waste":
                    moved = services.waste(by=None, store=store, item=SWAB, quantity=many, note="破损", lot=f"L{lot}")
                elif what == "count":
                    moved = [services.count(by=None, store=store, item=SWAB, quantity=many, lot=f"L{lot}")]
                else:
                    services.transfer(by=None, from_store=store, to_store=other, item=SWAB, quantity=many)
                    moved = []
            except ValidationError:
                moved = []
            outside += sum(one.change for one in moved)
        assert sum(sum(books(store).values()) for store in stores) == outside
        transaction.set_rollback(True)


def test_stores_of_an_area_are_those_it_has(big, small, town):
    gone = made_store(town, "旧库", closed_on=today())
    assert list(selectors.stores("410883001")) == [small]
    assert selectors.staff_of("410883") == 20
    assert [area.code for area in selectors.areas_above("410883001212")] == ["410883001", "410883"]
    assert selectors.givers(small) == [big] and selectors.giver(small, big.pk) == big
    with pytest.raises(type(gone).DoesNotExist):
        selectors.giver(small, gone.pk)
