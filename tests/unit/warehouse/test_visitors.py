"""Who checked in at any of many places: hot or sealed, folded to one line a person and place."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visitors import visitors
from tests.unit.warehouse.moments import DAY, NOW

AN, BO, CY = (uuid7() for _ in range(3))
CAFE, BUS, FAR = (uuid7() for _ in range(3))


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(NOW - DAY + seconds, UTC)


@pytest.fixture(params=["hot", "sealed"])
def full(log, arrival, request):
    """An twice in the café and once in the bus, Bo in the café late, Cy far away."""

    def was(person: UUID, place: UUID, begin: int, end: int):
        return arrival(person=person, place=place, entered_at=NOW - DAY + begin, left_at=NOW - DAY + end)

    log.append([was(AN, CAFE, 0, 600), was(AN, CAFE, 1200, 1800), was(AN, BUS, 2000, 2600)])
    log.append([was(BO, CAFE, 5000, 5600), was(CY, FAR, 0, 600)])
    if request.param == "sealed":
        log.seal()
    return log


def test_one_line_a_person_and_place(full):
    answer = visitors([CAFE, BUS], at(0), at(4000), full)

    found = {(one.person, one.place): one for one in answer.found}
    assert set(found) == {(AN, CAFE), (AN, BUS)}
    twice = found[AN, CAFE]
    assert (twice.visits, twice.first_at, twice.last_at) == (2, at(0), at(1800))
    assert answer.visits_read == 4, "every visit of the places, in time or not"


def test_a_visit_that_only_touches_the_time_counts(full):
    assert {one.person for one in visitors([CAFE], at(1799), at(5001), full).found} == {AN, BO}
    assert visitors([CAFE], at(1800), at(5000), full).found == []


def test_nobody_at_no_place_or_in_no_time(full):
    assert visitors([], at(0), at(4000), full).found == []
    assert visitors([uuid7()], at(0), at(4000), full).found == []
    assert visitors([CAFE], at(10), at(10), full).found == []


def test_an_erased_person_has_no_line(full):
    full.erase(AN)

    assert {one.person for one in visitors([CAFE, BUS], at(0), at(6000), full).found} == {BO}


def test_naive_times_are_refused(full):
    with pytest.raises(ValueError, match="aware"):
        visitors([CAFE], datetime(2022, 3, 1), at(0), full)  # noqa: DTZ001
