"""Where somebody stands in a round, as a drawn table; and what holds whatever the samples are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fangxian.systems.testing.models import RoundMember
from fangxian.systems.testing.standing import Given, state_of

State = RoundMember.State
BEGIN = datetime(2022, 3, 15, tzinfo=UTC)
WORDS = {"?": None, "-": "NEGATIVE", "+": "POSITIVE", "~": "INDETERMINATE"}

# samples in the order they were taken: P pool or S single, and what the tube's result says (? none yet)
TABLE = [
    ("",          State.MISSING),
    ("P?",        State.PENDING),
    ("P-",        State.NEGATIVE),
    ("S-",        State.NEGATIVE),
    ("S+",        State.POSITIVE),
    ("P+",        State.RECALL),
    ("P~",        State.RECALL),
    ("S~",        State.RECALL),
    ("P+ S?",     State.RECALL),
    ("P+ S-",     State.NEGATIVE),
    ("P+ S+",     State.POSITIVE),
    ("P+ P-",     State.RECALL),
    ("S- P+",     State.RECALL),
    ("S+ S-",     State.POSITIVE),
    ("P- P?",     State.PENDING),
    ("P? P-",     State.PENDING),
    ("P- P-",     State.NEGATIVE),
    ("P+ S- P?",  State.PENDING),
    ("S~ S-",     State.NEGATIVE),
]  # fmt: skip


def drawn(text: str) -> list[Given]:
    return [Given(one[0] == "S", BEGIN + timedelta(hours=n), WORDS[one[1]]) for n, one in enumerate(text.split())]


@pytest.mark.parametrize(("samples", "state"), TABLE)
def test_standing(samples, state):
    assert state_of(drawn(samples)) == state


slow_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
samples = st.lists(
    st.builds(
        Given,
        st.booleans(),
        st.integers(0, 20).map(lambda hour: BEGIN + timedelta(hours=hour)),
        st.sampled_from(list(WORDS.values())),
    ),
    max_size=6,
)


@slow_machine
@given(samples)
def test_the_order_of_arrival_does_not_matter(given_):
    assert state_of(given_) == state_of(list(reversed(given_)))


@slow_machine
@given(samples)
def test_nobody_in_a_positive_pool_is_negative_without_a_later_sample_of_their_own(given_):
    pools = [one.sampled_at for one in given_ if one.word == "POSITIVE"]
    if pools and state_of(given_) in (State.NEGATIVE, State.PENDING):
        assert any(one.single and one.word == "NEGATIVE" and one.sampled_at >= max(pools) for one in given_)


@slow_machine
@given(samples)
def test_nobody_is_positive_by_somebody_elses_sample(given_):
    assert (state_of(given_) == State.POSITIVE) == any(one.single and one.word == "POSITIVE" for one in given_)
