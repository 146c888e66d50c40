"""An arrival is entered once with its stays; the stays are found again by place and day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.areas import Area
from fangxian.core.clock import today
from fangxian.core.ids import uuid7
from fangxian.systems.arrivals import selectors, services
from fangxian.systems.arrivals.announcements import arrivals_changed
from fangxian.systems.arrivals.models import Arrival, TravelStay
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.arrivals.transitions import TABLE, verbs

S = Arrival.State


def test_a_phone_that_sends_again_makes_no_second_arrival(arrive, frozen):
    known, told = uuid7(), []
    arrivals_changed.connect(note := lambda sender, arrival_ids, by, **_named: told.extend(arrival_ids))
    first, again = arrive(id=known), None
    again = services.record_arrival(
        by=None, id=known, person=first.person, area=first.area, arrived_on=first.arrived_on,
        stays=[Stayed("140402", date(2022, 3, 1), date(2022, 3, 15))],
    )  # fmt: skip
    arrivals_changed.disconnect(note)
    assert (again.pk, Arrival.objects.count(), TravelStay.objects.count()) == (first.pk, 1, 1)
    assert told == [known]


@pytest.mark.parametrize(("days", "state"), [(0, S.LANDED), (-2, S.LANDED), (1, S.EXPECTED)])
def test_who_comes_later_is_expected(arrive, frozen, days, state):
    made = arrive(on=today() + timedelta(days=days), stays=[])
    assert (made.state, made.landed_at is None) == (state, state == S.EXPECTED)


@pytest.mark.parametrize(
    ("codes", "since", "until", "found"),
    [
        (["140402"], date(2022, 3, 10), date(2022, 3, 12), True),
        (["140402"], date(2022, 3, 15), date(2022, 3, 20), True),  # the last day counts
        (["140402"], date(2022, 3, 16), date(2022, 3, 20), False),
        (["140402"], date(2022, 2, 1), date(2022, 3, 1), True),  # so does the first
        (["140402"], date(2022, 2, 1), date(2022, 2, 28), False),
        (["1404"], date(2022, 3, 10), date(2022, 3, 12), True),  # a stay below the asked area
        (["140402001002"], date(2022, 3, 10), date(2022, 3, 12), True),  # told only roughly
        (["140403"], date(2022, 3, 10), date(2022, 3, 12), False),
        ([], date(2022, 3, 10), date(2022, 3, 12), False),
    ],
)
def test_stays_are_found_by_place_and_day(arrive, frozen, codes, since, until, found):
    made = arrive()
    rows = selectors.stays_between(since, until, codes)
    assert [row.arrival_id for row in rows] == ([made.pk] if found else [])
    assert [row.person_id for row in rows] == ([made.person_id] if found else [])


def test_many_codes_ask_in_parts(arrive, frozen, django_assert_num_queries):
    arrive()
    codes = [f"14{number:04d}" for number in range(402, 702)]
    with django_assert_num_queries(2):
        assert len(selectors.stays_between(date(2022, 3, 1), date(2022, 3, 2), codes)) == 1


def test_a_stay_told_later_is_added_once(arrive, frozen):
    made, later = arrive(), Stayed("310115", date(2022, 2, 20), date(2022, 2, 28), "浦东新区")
    assert len(services.add_stays(by=None, arrival=made, stays=[later])) == 1
    assert services.add_stays(by=None, arrival=made, stays=[later]) == []
    assert [row.code for row in selectors.stays_of([made.pk])[made.pk]] == ["140402", "310115"]


@pytest.mark.parametrize("state", [str(state) for state in S])
@pytest.mark.parametrize("verb", list(TABLE))
def test_only_the_drawn_ways(arrive, officer, frozen, state, verb):
    made, by = arrive(state=state), officer("township_officer", area="410883001")
    act = {"not_come": lambda: services.not_come(by=by, arrival=made, note="电话确认改签")}
    act = act.get(verb, lambda: getattr(services, verb)(by=by, arrival=made))
    if verb in verbs(made):
        assert act().state == TABLE[verb][1]
    else:
        with pytest.raises(ValidationError):
            act()


def test_landing_and_home_both_see_the_arrival(arrive, officer, frozen):
    from fangxian.core import scope

    made = arrive(present_area=Area.objects.get(code="410882001"))
    for code, sees in (("410883001", 1), ("410882", 1), ("410883002", 0)):
        with scope.within(code):
            assert selectors.in_area(code).filter(pk=made.pk).count() == sees
