"""The visit log as it is sealed, read by every engine: the same contacts, whatever encodes the columns."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.tracing import Tracer, Window
from tests.spark import local_spark
from tests.unit.warehouse.moments import DAY, NOW

PERSONS = [uuid7() for _ in range(40)]
PLACES = [uuid7() for _ in range(5)]
WINDOWS = [
    Window(f"case {number}", person, datetime.fromtimestamp(NOW - 4 * DAY, UTC), datetime.fromtimestamp(NOW, UTC))
    for number, person in enumerate(PERSONS[:6])
]


@pytest.fixture
def sealed(log, arrival):
    """Three days: everybody changes place every two hours, some overlap; one visit of today is hot."""
    arrivals = []
    for day in (3, 2, 1):
        for number, person in enumerate(PERSONS):
            moments = range(NOW - day * DAY + 613 * number, NOW - day * DAY + 20_000, 7200)
            for step, (begin, end) in enumerate(pairwise(moments)):
                place = PLACES[(number * 7 + step + day) % len(PLACES)]
                arrivals.append(arrival(person=person, place=place, entered_at=begin, left_at=end + 900))
    log.append(arrivals)
    log.seal()
    now = {"place": PLACES[0], "entered_at": NOW - 900, "left_at": NOW - 60}
    log.append([arrival(person=person, **now) for person in PERSONS[:2]])
    return log


@pytest.mark.timeout(240)  # the first question waits for the virtual machine
@pytest.mark.parametrize("engine", ["reference", "numba", "duckdb", "spark"])
def test_every_engine_reads_the_sealed_log(sealed, engine: str) -> None:
    assert sealed.open_store().by_person
    chosen = local_spark() if engine == "spark" else engine
    tracer, expected = Tracer(sealed, engine=chosen), Tracer(sealed, engine="segments")
    found = tracer.trace(WINDOWS, lag=600)
    assert len(found) > 40
    assert found == expected.trace(WINDOWS, lag=600)
    assert tracer.evidence(WINDOWS[:1]) == expected.evidence(WINDOWS[:1])
