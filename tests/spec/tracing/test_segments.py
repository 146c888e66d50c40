"""Segments: what is written is what is read, one person can be erased in place, high ids do not cost memory."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from fangxian.engines.tracing import (
    CASES,
    VISITS,
    Segment,
    SegmentInfo,
    VisitStore,
    checksum,
    evidence,
    layout,
    segment,
    segments,
    trace,
    write_segment,
)

DAY = 86400


def visits_of(rows: list[tuple[int, int, int, int]]) -> pa.Table:
    return pa.table([list(column) for column in zip(*rows, strict=True)] or [[]] * 4, schema=VISITS)


def busy_day(rows: int = 3000, persons: int = 500, places: int = 40) -> pa.Table:
    rng = np.random.default_rng(5)
    entered = rng.integers(0, DAY, rows)
    stay = rng.integers(60, 9000, rows)
    columns = (rng.integers(0, persons, rows), rng.integers(0, places, rows), entered, entered + stay)
    return pa.table([column.astype(np.int32) for column in columns], schema=VISITS)


def cases_of(persons: list[int]) -> pa.Table:
    count = len(persons)
    return pa.table([list(range(count)), persons, [0] * count, [2 * DAY] * count], schema=CASES)


def ordered(table: pa.Table) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in VISITS.names])


def test_a_segment_gives_back_what_was_written(tmp_path: Path) -> None:
    visits = busy_day()
    info = write_segment(visits, tmp_path / "day")
    opened = Segment.open(tmp_path / "day")
    assert opened.info == info
    assert ordered(opened.table()).equals(ordered(visits))
    assert info.rows == 3000
    assert info.bytes <= 27 * 3000 + 8 * 2000


def test_an_empty_segment_is_a_segment(tmp_path: Path) -> None:
    nothing = SegmentInfo(0, 0, 0, 0, 0, 8)
    assert write_segment(VISITS.empty_table(), tmp_path / "day") == nothing
    opened = Segment.open(tmp_path / "day")
    assert opened.table().num_rows == 0
    assert opened.erase(1) == 0
    assert trace(VisitStore([opened]), cases_of([1])).num_rows == 0


def test_a_folder_is_never_written_twice_or_half(tmp_path: Path) -> None:
    write_segment(busy_day(), tmp_path / "day")
    with pytest.raises(FileExistsError):
        write_segment(busy_day(), tmp_path / "day")
    (tmp_path / ".next.unfinished").mkdir()
    (tmp_path / ".next.unfinished" / "left over").touch()
    write_segment(busy_day(), tmp_path / "next")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day", "next"]
    assert not (tmp_path / "next" / "left over").exists()


def test_another_version_is_refused(tmp_path: Path) -> None:
    write_segment(busy_day(), tmp_path / "day")
    header = tmp_path / "day" / layout.HEADER
    header.write_text(json.dumps({**json.loads(header.read_text()), "version": 0}))
    with pytest.raises(ValueError, match="segment version 0"):
        Segment.open(tmp_path / "day")


@pytest.mark.parametrize("wrong", [b"", b"\x93NUMPY\x02", "cut", np.zeros(3000), np.zeros((3000, 1), np.int32)])
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, wrong: object) -> None:
    write_segment(busy_day(), tmp_path / "day")
    file = tmp_path / "day" / "p_en.npy"
    if isinstance(wrong, np.ndarray):
        np.save(file, wrong)
    else:
        whole = file.read_bytes()
        file.write_bytes(whole[:-4] if wrong == "cut" else wrong + whole[len(wrong) :] if wrong else b"")
    with pytest.raises(ValueError, match=r"p_en.npy|empty file"):
        Segment.open(tmp_path / "day")


def test_a_segment_holds_no_more_rows_than_its_offsets_can_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MOST_ROWS", 10)
    with pytest.raises(OverflowError):
        write_segment(busy_day(11), tmp_path / "day")


def test_high_ids_in_a_small_segment_list_only_the_keys_that_occur(tmp_path: Path) -> None:
    late = visits_of([(2_000_000_000, 7, 100, 200), (5, 2_100_000_000, 100, 200), (6, 2_100_000_000, 150, 400)])
    info = write_segment(late, tmp_path / "late")
    assert info.bytes < 500
    opened = Segment.open(tmp_path / "late")
    assert opened.by_person.keys is not None
    assert ordered(opened.table()).equals(ordered(late))
    found = trace(VisitStore([opened]), cases_of([5, 2_000_000_000, 1_999_999_999, 2_147_483_647]))
    assert found.select(["case_id", "person_id"]).to_pylist() == [{"case_id": 0, "person_id": 6}]


def test_an_erased_person_is_gone_from_both_orders_and_meets_nobody(tmp_path: Path) -> None:
    visits = busy_day()
    write_segment(visits, tmp_path / "day")
    opened = Segment.open(tmp_path / "day")
    others = visits.filter(pa.array(visits["person_id"].to_numpy() != 7))
    assert opened.erase(7) == visits.num_rows - others.num_rows > 0
    assert opened.erase(7) == 0
    assert ordered(opened.table()).equals(ordered(others))
    everyone = cases_of(list(range(500)))
    for engine in ("segments", "duckdb", "reference"):
        assert checksum(trace(VisitStore([opened]), everyone, engine=engine)) == checksum(trace(others, everyone))


def test_readers_see_an_erasure_at_once(tmp_path: Path) -> None:
    write_segment(busy_day(), tmp_path / "day")
    reader = Segment.open(tmp_path / "day")
    before = trace(VisitStore([reader]), cases_of([7]))
    assert before.num_rows > 0
    Segment.open(tmp_path / "day").erase(7)
    assert trace(VisitStore([reader]), cases_of([7])).num_rows == 0
    assert not np.isin(7, reader.by_place.other)


@pytest.mark.parametrize("written", range(5))
def test_an_erasure_that_died_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """Whichever of the five columns was the last to be written."""
    visits = busy_day()
    write_segment(visits, tmp_path / "day")
    left = iter([True] * written)
    whole = segment._overwrite_column

    def dying(*arguments: object) -> None:
        if not next(left, False):
            raise KeyboardInterrupt
        whole(*arguments)

    monkeypatch.setattr(segment, "_overwrite_column", dying)
    with pytest.raises(KeyboardInterrupt):
        Segment.open(tmp_path / "day").erase(7)
    monkeypatch.undo()
    opened = Segment.open(tmp_path / "day")
    opened.erase(7)
    others = visits.filter(pa.array(visits["person_id"].to_numpy() != 7))
    assert ordered(opened.table()).equals(ordered(others))
    low, high = (int(bound[0]) for bound in opened.by_person.ranges(np.array([7], dtype=np.int32)))
    assert set(opened.by_person.entered[low:high]) | set(opened.by_person.left[low:high]) == {segment.GONE}


def test_a_segment_in_memory_is_not_erased() -> None:
    with pytest.raises(ValueError, match="built again"):
        Segment.of(busy_day()).erase(7)


def test_many_cases_are_read_ahead_and_traced_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_segment(busy_day(), tmp_path / "day")
    store = VisitStore([Segment.open(tmp_path / "day")])
    cases = cases_of(list(range(250)))
    whole = trace(store, cases), evidence(store, cases)
    monkeypatch.setattr(segments, "BATCH", 60)
    assert trace(store, cases).equals(whole[0])
    assert evidence(store, cases).equals(whole[1])
