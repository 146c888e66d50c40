"""No stages and no order of events leave a gap in the chain of a closed loop, or lose a minute that was missed."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fangxian.workflows.loop import chain
from fangxian.workflows.loop.chain import Clocks

HOUR = timedelta(hours=1)
OPENED = datetime(2022, 3, 15, 2, 0, tzinfo=UTC)
stage = st.tuples(st.sampled_from(["central", "home", "personal", "observation", "hospital"]), st.integers(1, 30))
plans = st.lists(stage, min_size=1, max_size=5)
clocks = st.builds(Clocks, *[st.integers(1, 72).map(lambda hours: hours * HOUR)] * 4)


def staged(plan, begins=date(2022, 3, 15)):
    found = []
    for place, days in plan:
        found.append({"place": place, "from": str(begins), "until": str(begins + timedelta(days=days - 1))})
        begins += timedelta(days=days)
    return found


@given(plans, clocks, st.integers(0, 24 * 60))
def test_one_link_begins_where_the_one_before_ends(plan, allowed, minute):
    opened = OPENED + timedelta(minutes=minute)
    links = chain.build(staged(plan), allowed, opened_at=opened)
    assert chain.holes(links) == []
    assert chain.moment(links[0]["starts_at"]) == opened
    assert [one["due_at"] for one in links[:-1]] == [one["starts_at"] for one in links[1:]]
    assert all(chain.moment(one["starts_at"]) <= chain.moment(one["due_at"]) for one in links)
    assert links[-1]["kind"] == chain.RELEASE
    kinds = [one["place"] for one in links if one["kind"] == chain.STAGE]
    assert kinds == [place for place, _days in plan]


@given(plans, clocks, st.lists(st.integers(0, 40 * 24 * 60), min_size=1, max_size=6), st.data())
def test_what_was_missed_stays_missed(plan, allowed, minutes, data):
    links = chain.build(staged(plan), allowed, opened_at=OPENED)
    keys = [(one["kind"], one["place"]) for one in links]
    done = {key: OPENED + timedelta(minutes=data.draw(st.integers(0, 40 * 24 * 60))) for key in keys}
    missed, gap = set(), 0
    for minute in sorted(minutes):
        at = OPENED + timedelta(minutes=minute)
        links = chain.carry(links, done, at=at)
        now_missed = {number for number, one in enumerate(links) if one["missed_at"]}
        assert missed <= now_missed
        assert chain.gap_minutes(links, at=at) >= gap
        assert chain.carry(links, done, at=at) == links
        missed, gap = now_missed, chain.gap_minutes(links, at=at)
