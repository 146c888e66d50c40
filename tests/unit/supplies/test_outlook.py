"""How long supplies last: first what expires first, what expires unused is lost; from use, else from the norm."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxian.core import clock, policy
from fangxian.core.areas import Area
from fangxian.systems.supplies import rules, selectors, services
from fangxian.systems.supplies.outlook import Lot, day_after, lasting, rate
from fangxian.systems.supplies.rules import Work
from fangxian.systems.supplies.words import RateBasis

DAY = date(2022, 3, 15)

LASTING = [
    # lots (quantity, days until the last day), a day, lasts, expires unused
    ([], 10, 0, 0),
    ([(100, None)], 10, 10, 0),
    ([(105, None)], 10, 10, 0),
    ([(100, 0)], 10, 1, 90),  # expires today: today it may be used
    ([(100, -1)], 10, 0, 0),  # expired already: it is no stock
    ([(100, 4), (100, None)], 10, 15, 50),
    ([(100, None), (100, 4)], 10, 15, 50),  # the order of entry does not matter
    ([(30, 1), (30, 1)], 10, 2, 40),
    ([(100, None)], 0, None, 0),
    ([], 0, 0, 0),
]


@pytest.mark.parametrize(("lots", "a_day", "days", "wasted"), LASTING)
def test_how_long_it_lasts(lots, a_day, days, wasted):
    made = [Lot(n, None if d is None else DAY + timedelta(days=d)) for n, d in lots]
    found = lasting(made, a_day, DAY)
    assert (found.days, found.wasted) == (days, pytest.approx(wasted))


@given(
    lots=st.lists(st.tuples(st.integers(1, 60), st.one_of(st.none(), st.integers(-3, 20))), max_size=6),
    a_day=st.integers(1, 20),
)
def test_the_formula_agrees_with_living_through_the_days(lots, a_day):
    made = [Lot(n, None if d is None else DAY + timedelta(days=d)) for n, d in lots]
    left = sorted([[d if d is not None else 10**6, n] for n, d in lots if d is None or d >= 0])
    days = 0
    for day in range(400):
        wanted = a_day
        for one in left:
            if one[0] >= day:
                taken = min(one[1], wanted)
                one[1], wanted = one[1] - taken, wanted - taken
        if wanted:
            break
        days += 1
    assert lasting(made, a_day, DAY).days == days


def test_the_rate_is_that_of_use_or_else_of_the_work_planned():
    assert rate(used=70, over_days=7, norm=99, least_days=3) == rate(used=70, over_days=7, norm=0, least_days=3)
    assert rate(used=70, over_days=7, norm=99, least_days=3).a_day == 10
    assert rate(used=70, over_days=2, norm=99, least_days=3).basis == RateBasis.NORM
    assert rate(used=0, over_days=7, norm=99, least_days=3).basis == RateBasis.NORM
    assert rate(used=0, over_days=7, norm=0, least_days=3).basis == RateBasis.USE
    assert rate(used=0, over_days=0, norm=0, least_days=3).basis == RateBasis.NONE
    assert day_after(3, DAY) == date(2022, 3, 18) and day_after(None, DAY) is None


@pytest.mark.django_db
def test_the_board_of_an_area(frozen, big, small):
    county = Area.objects.get(code="410883")
    Area.objects.filter(pk=county.pk).update(population=100_000)
    county.refresh_from_db()
    for days in range(6, 0, -1):
        with clock.frozen(frozen - timedelta(days=days)):
            if days == 6:
                services.receive(by=None, store=small, item="SWAB", quantity=1000)
                services.receive(by=None, store=big, item="SUIT", quantity=40, expires_on=date(2022, 4, 1))
            services.use(by=None, store=small, item="SWAB", quantity=70)
    rows = {row.item: row for row in selectors.outlook(county)}
    swab = rows["SWAB"]
    assert (swab.stock, swab.minimum, swab.rate.a_day, swab.rate.basis) == (580, 10_000, 60, RateBasis.USE)
    assert (swab.days_left, swab.runs_out_on, swab.missing, swab.is_short) == (9, date(2022, 3, 24), 9420, True)
    suit = rows["SUIT"]  # never used: half a suit for each of twenty people on duty
    assert (suit.rate.a_day, suit.rate.basis, suit.days_left, suit.minimum) == (10, RateBasis.NORM, 4, 100)
    assert (suit.expiring, suit.expired, suit.cost_a_day) == (40, 0, 300)
    assert list(rows) == sorted(rows, key=lambda item: (rows[item].days_left is None, rows[item].days_left or 0, item))
    assert [lot.item for lot in selectors.expiring("410883")] == ["SUIT"]
    only = selectors.outlook(county, work=Work(samples=5000, staff=0), items=["SAMPLE_TUBE"])
    assert [(row.item, row.rate.a_day, row.days_left) for row in only] == [("SAMPLE_TUBE", 500, 0)]
    with clock.frozen(frozen + timedelta(days=30)):
        gone = next(row for row in selectors.outlook(county) if row.item == "SUIT")
        assert (gone.stock, gone.expired, gone.expiring) == (0, 40, 0)


@pytest.mark.django_db
def test_the_people_of_an_area_are_counted_where_no_census_is_known(frozen, town):
    assert selectors.people_in(town) == 0


def test_graver_modes_hold_more_and_hurry_more():
    packs = [policy.pack(disease="*", on=DAY, mode=mode) for mode in ("normal", "alert", "emergency")]
    for item in ("SURGICAL_MASK", "SUIT", "SWAB"):
        held = [rules.minimum(pack, item, people=100_000, staff=100) for pack in packs]
        assert held == sorted(set(held))
    for step in ("agree", "dispatch", "receive", "settle"):
        times = [rules.time_to(pack, step) for pack in packs]
        assert times == sorted(times, reverse=True)
    assert [rules.plan_days(pack) for pack in packs] == [7, 7, 7]
