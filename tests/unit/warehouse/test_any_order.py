"""However batches are ordered, repeated, split or sealed in between, the log ends up with the same visits."""

import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.warehouse.visits import Arrival, VisitLog
from fangxian.warehouse.visits.bulk import uuids7
from tests.unit.warehouse.moments import DAY, NOW

persons = st.integers(0, 3).map(lambda number: UUID(int=number + 1))
places = st.integers(0, 2).map(lambda number: UUID(int=number + 100))
stays = st.one_of(st.none(), st.integers(1, 3 * DAY))


@st.composite
def arrivals(draw):
    """Up to a dozen visits of the last four days, each with an id of its own."""
    drawn = draw(st.lists(st.tuples(persons, places, st.integers(-300, 4 * DAY), stays), min_size=1, max_size=12))
    ids = [UUID(bytes=raw) for raw in uuids7_of(len(drawn))]
    return [
        Arrival(visit, person, place, NOW - ago, None if stay is None else NOW - ago + stay)
        for visit, (person, place, ago, stay) in zip(ids, drawn, strict=True)
    ]


def uuids7_of(number: int) -> list[bytes]:
    import numpy as np

    return uuids7(np.full(number, NOW * 1000)).to_pylist()


@st.composite
def deliveries(draw):
    """The same visits sent twice over: in any order, some more often, in any batches, sealing now and then."""
    rows = draw(arrivals())
    sent = draw(st.permutations(rows + draw(st.lists(st.sampled_from(rows), max_size=20))))
    cuts = sorted(draw(st.sets(st.integers(0, len(sent)), max_size=5)) | {0, len(sent)})
    batches = [sent[begin:end] for begin, end in zip(cuts, cuts[1:], strict=False)]
    return rows, batches, draw(st.lists(st.booleans(), min_size=len(batches), max_size=len(batches)))


def content(log: VisitLog) -> list[tuple]:
    """What engines see, by uuid."""
    rows = [row for segment in log.open_store().all_segments() for row in segment.table().to_pylist()]
    persons = log.hot.dictionary.uuids("person", {row["person_id"] for row in rows})
    places = log.hot.dictionary.uuids("place", {row["place_id"] for row in rows})
    return sorted((persons[r["person_id"]], places[r["place_id"]], r["entered_at"], r["left_at"]) for r in rows)


@settings(max_examples=15, deadline=None)
@given(deliveries())
def test_order_repetition_and_batches_do_not_matter(delivery):
    rows, batches, seals = delivery
    folder = Path(tempfile.mkdtemp())
    plain, log = (VisitLog.open(folder / name, now=lambda: NOW) for name in ("plain", "log"))
    try:
        plain.append(rows)
        counted = 0
        for batch, seal in zip(batches, seals, strict=True):
            receipt = log.append(batch)
            assert receipt.accepted + receipt.duplicates == len(batch)
            counted += receipt.accepted
            if seal:
                log.seal()
        assert counted >= len(rows)
        assert content(log) == content(plain)
        log.seal()
        assert content(log) == content(plain)
    finally:
        plain.close()
        log.close()
        shutil.rmtree(folder)
