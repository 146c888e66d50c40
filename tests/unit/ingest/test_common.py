"""The fast way and the plain way decide alike, whatever is scanned."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.core.ids import uuid7
from fangxian.faces.ingest.common import common_visits
from fangxian.faces.ingest.judged import judged
from fangxian.faces.ingest.scans import Scan
from fangxian.warehouse.visits.intake import Rules
from fangxian.warehouse.visits.rows import Visit

NOW, DAY = 1_700_000_000, 86_400
OURS = [str(uuid7()) for _ in range(3)]
moments = st.one_of(
    st.integers(NOW - 20 * DAY, NOW + 700),
    st.integers(NOW - 400, NOW + 400),
    st.sampled_from([-1, 0, 2**31 - 2, 2**70]),
)
ids = st.one_of(
    st.sampled_from(OURS),
    st.sampled_from(
        [OURS[0].replace("-", ""), OURS[1].upper(), "g" * 36, "0" * 36, "00000000-0000-4000-8000-000000000001"]
    ),
)
scans = st.builds(
    Scan,
    visit_id=ids,
    person=ids,
    entered_at=moments,
    place=st.one_of(st.none(), ids),
    left_at=st.one_of(st.none(), moments),
    mask=st.sampled_from([None, True, False]),
    temperature=st.one_of(st.none(), st.floats(25, 45)),
    device_at=st.one_of(st.none(), moments),
)
rules = st.builds(
    Rules,
    now=st.just(NOW),
    retention_s=st.just(14 * DAY),
    stays=st.sampled_from([{}, {bytes.fromhex(OURS[0].replace("-", "")): 600}]),
    default_stay_s=st.just(3600),
    places=st.sampled_from([None, {bytes.fromhex(OURS[0].replace("-", ""))}]),
    device_now=st.sampled_from([None, NOW, NOW - 300, NOW + 9 * DAY, NOW - DAY]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(scans, max_size=5), rules)
def test_a_common_scan_is_stored_as_the_plain_way_stores_it(rows, given_rules):
    visits, others = common_visits(list(enumerate(rows)), given_rules)
    left = {row for row, _scan in others}
    taken = [scan for row, scan in enumerate(rows) if row not in left]
    plain = [judged(scan, scan.place, given_rules) for scan in taken]
    assert visits == plain
    assert all(isinstance(visit, Visit) for visit in [*visits, *plain])


def test_the_common_scan_is_common():
    row = Scan(visit_id=OURS[0], person=OURS[1], place=OURS[2], entered_at=NOW - 60, temperature=36.6, device_at=NOW)
    visits, others = common_visits([(0, row)], Rules(NOW, 14 * DAY))
    assert (len(visits), others, visits[0].temperature, visits[0].left_at) == (1, [], 366, NOW - 60 + 3600)
