"""Which version of an area holds when: changes, ends, corrections, what was known then; drawn as tables."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxian.systems.risk_areas.models import RiskAreaVersion
from fangxian.systems.risk_areas.timeline import declared_at, holding, stretches

START = datetime(2022, 3, 1, tzinfo=UTC)
MANAGED = frozenset({"MEDIUM", "HIGH"})


def day(number):
    return START + timedelta(days=number)


def version(number, level, begins, ends=None, *, corrects=None, told=None):
    return RiskAreaVersion(
        pk=UUID(int=number), number=number, level=level, from_at=day(begins),
        until_at=None if ends is None else day(ends), corrects_id=UUID(int=corrects) if corrects else None,
        published_at=day(number if told is None else told),
    )  # fmt: skip


def drawn(versions, known_at=None):
    """(version, first day, last day) of every stretch."""
    return [
        (one.version.number, (one.starts_at - START).days, one.ends_at and (one.ends_at - START).days)
        for one in stretches(versions, known_at)
    ]


@pytest.mark.parametrize(
    ("versions", "told"),
    [
        ([], []),
        ([version(1, "MEDIUM", 3)], [(1, 3, None)]),
        ([version(1, "MEDIUM", 3), version(2, "HIGH", 7)], [(1, 3, 7), (2, 7, None)]),
        ([version(1, "MEDIUM", 3, 9), version(2, "HIGH", 5, 7)], [(1, 3, 5), (2, 5, 7), (1, 7, 9)]),
        ([version(1, "HIGH", 5), version(2, "MEDIUM", 3)], [(2, 3, None)]),  # published last, from earlier on
        ([version(1, "MEDIUM", 3, 5), version(2, "HIGH", 8)], [(1, 3, 5), (2, 8, None)]),  # a break
        ([version(1, "MEDIUM", 3), version(2, "HIGH", 6, corrects=1)], [(2, 6, None)]),
        (
            [version(1, "MEDIUM", 3), version(2, "HIGH", 6), version(3, "HIGH", 5, corrects=2)],
            [(1, 3, 5), (3, 5, None)],
        ),
        (
            [version(1, "MEDIUM", 3), version(2, "HIGH", 4, corrects=1), version(3, "LOW", 5, corrects=2)],
            [(3, 5, None)],
        ),
    ],
)
def test_the_story_of_an_area(versions, told):
    assert drawn(versions) == told
    assert drawn(versions[::-1]) == told, "whatever order they come in"


def test_what_was_known_then():
    versions = [version(1, "MEDIUM", 3), version(2, "HIGH", 3, corrects=1, told=6)]

    assert drawn(versions, known_at=day(5)) == [(1, 3, None)]
    assert drawn(versions, known_at=day(6)) == [(2, 3, None)]
    assert drawn(versions, known_at=day(0)) == []


def test_a_proposal_holds_nowhere():
    proposed = version(1, "MEDIUM", 3)
    proposed.published_at = None

    assert drawn([proposed]) == []


def test_the_days_count_from_the_first_declaration_without_a_break():
    told = [version(1, "MEDIUM", 3), version(2, "HIGH", 7), version(3, "LOW", 9), version(4, "HIGH", 12)]
    story = stretches(told)

    assert [declared_at(story, one, MANAGED) for one in story] == [day(3), day(3), day(3), day(12)]
    assert holding(story, day(8)).version.number == 2 and holding(story, day(2)) is None


def test_after_a_break_the_days_count_anew():
    story = stretches([version(1, "MEDIUM", 3, 5), version(2, "HIGH", 8)])

    assert declared_at(story, story[1], MANAGED) == day(8)


SPANS = st.lists(
    st.tuples(
        st.sampled_from(["LOW", "MEDIUM", "HIGH", "LIFTED"]), st.integers(0, 12), st.none() | st.integers(13, 20)
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@given(SPANS)
def test_withdrawing_the_last_restores_the_story_before(spans):
    """Whatever was published before: at every moment it is again what it was."""
    versions = [version(number, *span) for number, span in enumerate(spans, start=1)]
    last = versions[-1]
    gone = version(len(versions) + 1, "WITHDRAWN", 0, corrects=last.number)

    for moment in map(day, range(22)):
        at = moment + timedelta(hours=1)
        before, after = holding(stretches(versions[:-1]), at), holding(stretches([*versions, gone]), at)
        assert (before and before.version) == (after and after.version)
