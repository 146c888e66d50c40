"""Laws of the load: only the time that is covered counts, never by how many rows it is told."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fangxian.systems.workforce.load import breaches, load_of
from fangxian.systems.workforce.paying import lines, paid_days
from tests.spec.workforce.test_load import LIMITS, ZONE, Span
from tests.spec.workforce.test_paying import DIRECT, FEBRUARY, OTHER

FIRST = datetime(2022, 2, 10, tzinfo=ZONE)
KINDS = ("CHECKPOINT", "SITE", "DUTY", "SAMPLING")


@st.composite
def shifts(draw) -> list[Span]:
    found = []
    for _n in range(draw(st.integers(0, 12))):
        begins = FIRST + timedelta(minutes=draw(st.integers(0, 20 * 1440)))
        ends = begins + timedelta(minutes=draw(st.integers(2, 1800)))
        found.append(Span(begins, ends, draw(st.sampled_from(KINDS)), "officer:1"))
    return found


def split(spans: list[Span], shares: list[float]) -> list[Span]:
    """Every shift cut in two somewhere inside."""
    parts = []
    for number, one in enumerate(spans):
        cut = one.starts_at + (one.ends_at - one.starts_at) * shares[number % len(shares)]
        parts += [replace(one, ends_at=cut), replace(one, starts_at=cut)]
    return [part for part in parts if part.starts_at < part.ends_at]


SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=12)
MOMENTS = st.integers(0, 30 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@given(shifts(), SHARES, MOMENTS, st.randoms())
def test_splitting_doubling_and_mixing_change_nothing(spans, shares, moment, mixer):
    whole = load_of(spans, moment, LIMITS, ZONE)
    parts = split(spans, shares) + spans
    mixer.shuffle(parts)
    assert load_of(parts, moment, LIMITS, ZONE) == whole
    assert breaches(load_of(parts, moment, LIMITS, ZONE), LIMITS) == breaches(whole, LIMITS)


@given(shifts(), SHARES)
def test_what_is_due_is_the_same_however_it_was_entered(spans, shares):
    def due(told):
        return lines(paid_days(told, FEBRUARY, lambda _day: [DIRECT, OTHER], ZONE))

    assert due(split(spans, shares) + spans) == due(spans)


@given(shifts(), MOMENTS)
def test_hours_never_exceed_the_time_there_is(spans, moment):
    found = load_of(spans, moment, LIMITS, ZONE)
    assert 0 <= found.week_hours <= 168
    assert found.nights <= 8 and (found.rest_until is None or not found.at_work)
