"""Sealing never changes an answer: hot or sealed, late, repeated, damaged or folded, the visits are the same."""

import json
from datetime import date, timedelta

import numpy as np
import pyarrow.parquet as pq
import pytest

from fangxian.core.ids import uuid7
from fangxian.engines.tracing import checksum
from fangxian.warehouse.visits import DamagedManifest, Flag, VisitLog
from fangxian.warehouse.visits.calendar import Calendar
from fangxian.warehouse.visits.parts import read_part
from fangxian.warehouse.visits.splitting import cuts
from fangxian.warehouse.visits.tags import tags_of_bytes
from tests.unit.warehouse.moments import DAY, NOW, TODAY, hits, visits


@pytest.fixture
def week(log, arrival):
    """Visits of seven days, today included: two persons meet every day at one place."""
    place, pair = uuid7(), (uuid7(), uuid7())
    rows = [arrival(ago=day * DAY + 60 * who, place=place, person=pair[who]) for day in range(7) for who in (0, 1)]
    log.append(rows)
    return rows


def test_sealed_days_answer_as_hot_rows_did(log, hot, week):
    before = visits(log)
    parts = log.seal()
    assert [part.day for part in parts] == [TODAY - timedelta(days=back) for back in range(6, 0, -1)]
    assert visits(log) == before
    assert hot.span()[0] == 2
    assert log.seal() == []
    assert visits(log) == before


def test_progress_names_each_day(log, week):
    seen = []
    log.seal(progress=lambda day, left: seen.append((day, left)))
    assert [left for _, left in seen] == [12, 10, 8, 6, 4, 2]


def test_a_sealed_day_is_two_sorted_files_any_program_reads_and_its_tags(log, tmp_path, week):
    log.seal()
    day = tmp_path / "visits" / "sealed" / "day=2022-03-10"
    by_place, by_person = (pq.read_table(next(day.glob(f"*.{order}.parquet"))) for order in ("place", "person"))
    assert by_place["place_id"].to_pylist() == sorted(by_place["place_id"].to_pylist())
    assert by_person["person_id"].to_pylist() == sorted(by_person["person_id"].to_pylist())
    assert by_person.column_names == ["person_id", "place_id", "entered_at", "left_at"]
    assert by_place.column_names[:6] == [*by_person.column_names, "mask", "temperature"]
    tags = pq.read_table(next(day.glob("*.tags.parquet")))["tag"].to_pylist()
    assert tags == sorted(tags_of_bytes(b"".join(row.visit_id.bytes for row in (week[10], week[11]))))


def test_what_a_visit_carries_is_read_back_from_its_day(log, arrival):
    given = [(None, None, None), (True, 366, NOW - 3 * DAY + 9), (False, 412, NOW - 3 * DAY - 5)]
    rows = [
        arrival(ago=3 * DAY + step, mask=mask, temperature=warm, device_at=told)
        for step, (mask, warm, told) in enumerate(given)
    ]
    log.append(rows[:2])
    log.now = lambda: NOW + 7
    log.append(rows[2:])
    (part,) = log.seal()
    found = read_part(log.folder.sealed, part).to_pylist()
    carried = {(row["mask"], row["temperature"], row["device_at"], row["received_at"]) for row in found}
    moments = (NOW, NOW, NOW + 7)
    assert carried == {(*one[:2], one[2], moment) for one, moment in zip(given, moments, strict=True)}


def test_a_missing_visit_is_named_and_a_tag_is_no_id(log, tmp_path, week, arrival):
    stranger = arrival()
    ids = [row.visit_id.bytes for row in (*week, stranger)]
    assert log.missing(ids) == {stranger.visit_id.bytes}
    log.seal(TODAY + timedelta(days=1))
    assert log.missing(ids) == {stranger.visit_id.bytes}
    assert hits(tmp_path, *ids) == 0


def test_an_erased_visit_that_is_sent_again_stays_erased(log, hot, week):
    log.seal()
    log.erase(week[0].person)
    log.seal()
    before = visits(log)
    log.append(week[2:])
    assert visits(log) == before
    log.seal()
    assert visits(log) == before


def test_late_parts_are_folded_when_asked(log, arrival, week):
    log.seal()
    log.append([arrival(ago=3 * DAY), arrival(ago=2 * DAY)])
    log.seal()
    before = visits(log)
    assert log.fold() == [TODAY - timedelta(days=3), TODAY - timedelta(days=2)]
    assert {len(log.folder.manifest.of_day(TODAY - timedelta(days=back))) for back in range(1, 7)} == {1}
    assert visits(log) == before
    assert log.fold() == []


def test_late_rows_become_a_small_part_and_many_parts_are_folded(log, arrival, week):
    log.seal()
    for late in range(1, 5):
        log.append([arrival(ago=3 * DAY)])
        before = visits(log)
        assert [part.rows for part in log.seal()] == [1]
        assert visits(log) == before
        parts = log.folder.manifest.of_day(TODAY - timedelta(days=3))
        assert len(parts) == (1 if late == 4 else late + 1)
    assert parts[0].rows == 6


def test_a_row_sent_again_after_sealing_is_not_counted_again(log, week):
    before = visits(log)
    log.seal()
    log.append(week)
    assert visits(log) == before
    assert log.seal() == []
    assert visits(log) == before


def test_one_day_or_no_hot_rows_can_be_asked_for(log, week):
    log.seal()
    assert len(visits(log, days=[TODAY - timedelta(days=2)], include_hot=False)) == 2
    assert len(visits(log, include_hot=False)) == 12
    assert log.days_around(NOW - DAY, NOW) == {TODAY - timedelta(days=back) for back in range(3)}


def test_both_engines_read_the_same_sealed_days(log, week):
    import pyarrow as pa

    from fangxian.engines.tracing import trace

    log.seal()
    store = log.open_store()
    person = log.hot.dictionary.number("person", week[0].person)
    cases = pa.table({"case_id": [1], "person_id": [person], "t0": [NOW - 8 * DAY], "t1": [NOW + DAY]})
    answers = [trace(store, cases, engine=engine) for engine in ("segments", "duckdb", "reference")]
    assert answers[0]["meetings"].to_pylist() == [7]
    assert len({checksum(answer) for answer in answers}) == 1


def test_a_long_stay_is_cut_and_loses_no_second(log, arrival):
    log.append([arrival(ago=3 * DAY, stay=2 * DAY + 7)])
    before = visits(log)
    log.seal(TODAY + timedelta(days=2))
    assert visits(log) == before
    spans = sorted((entered, left) for *_, entered, left in before)
    assert spans[0][0] == NOW - 3 * DAY
    assert spans[-1][1] == NOW - DAY + 7
    assert all(left == following for (_, left), (following, _) in zip(spans, spans[1:], strict=False))
    assert max(left - entered for entered, left in spans) <= 12 * 3600
    flags = pq.read_table(log.folder.sealed / log.folder.manifest.parts[0].place.name)["flags"].to_pylist()
    assert all(Flag(flag) & Flag.SPLIT for flag in flags)


def test_a_stay_over_midnight_is_not_cut(log, arrival):
    log.append([arrival(ago=11 * 3600, stay=9 * 3600)])
    assert len(visits(log)) == 1


def test_pieces_are_never_longer_than_twelve_hours_when_clocks_change():
    calendar = Calendar("Europe/Berlin")
    begin = calendar.start(date(2021, 10, 29)) + 3600
    pieces = list(cuts(begin, begin + 5 * DAY, calendar))
    assert max(end - start for start, end in pieces) == 12 * 3600
    assert pieces[0][0] == begin
    assert pieces[-1][1] == begin + 5 * DAY


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"])
def test_rows_fall_into_local_days(zone):
    calendar, day = Calendar(zone), date(2022, 4, 3)
    begin, end = calendar.bounds(day)
    seconds = np.array([end, begin - 1, begin, 5, end - 1], dtype=np.int32)
    found = {day: rows.tolist() for day, rows in calendar.days_of(seconds).items()}
    assert found[day] == [2, 4]
    assert list(found) == sorted(found)
    assert found[day - timedelta(days=1)] == [1]
    assert found[day + timedelta(days=1)] == [0]
    assert calendar.days_of(seconds[:0]) == {}


@pytest.mark.parametrize("harm", ["remove", "flip", "truncate", "header", "checksums"])
def test_a_damaged_segment_is_built_again_and_says_so(log, tmp_path, week, notices, harm):
    log.seal()
    before = visits(log)
    (folder,) = (tmp_path / "visits" / "fast").glob("2022-03-10-*")
    victim = folder / {"header": "seg.json", "checksums": "checksums.json"}.get(harm, "p_en.npy")
    if harm == "remove":
        victim.unlink()
    else:
        raw = bytearray(victim.read_bytes())
        raw[-1] ^= 1
        victim.write_bytes(raw[: -4 if harm == "truncate" else None])
    assert [(finding.fault, finding.record) for finding in log.verify()] == [("damaged", False)]
    again = VisitLog(tmp_path / "visits", log.hot, now=log.now, notice=notices.append)
    assert visits(again) == before
    assert len(notices) == 1
    assert "2022-03-10" in notices[0]
    assert again.verify() == []


def test_missing_segments_are_built_again(log, tmp_path, week, notices):
    import shutil

    log.seal()
    before = visits(log)
    shutil.rmtree(tmp_path / "visits" / "fast")
    assert visits(log) == before
    assert len(notices) == 6
    assert all("missing" in notice for notice in notices)


@pytest.mark.parametrize("order", ["place", "person"])
def test_verify_names_a_sealed_file_that_changed(log, week, order):
    log.seal()
    assert log.verify() == []
    file = log.folder.sealed / getattr(log.folder.manifest.parts[0], order).name
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 0x10
    file.write_bytes(raw)
    (finding,) = log.verify()
    assert (finding.fault, finding.record, order in finding.name) == ("damaged", True, True)
    file.unlink()
    assert [finding.fault for finding in log.verify()] == ["missing"]


def test_an_edited_manifest_is_refused(log, tmp_path, week):
    log.seal()
    path = tmp_path / "visits" / "manifest.json"
    raw = json.loads(path.read_text())
    raw["parts"].pop()
    path.write_text(json.dumps(raw))
    with pytest.raises(DamagedManifest):
        log.open_store()


def test_a_lost_dictionary_gives_no_sealed_number_to_somebody_else(log, hot, tmp_path, week, notices, arrival):
    log.seal()
    manifest = log.folder.manifest
    log.append([arrival()])
    hot.drop_before(NOW + DAY)
    with hot.database.transaction() as cursor:
        for table in ("visit_persons", "visit_places"):
            cursor.run(f"delete from {table}")
    hot.close()
    fresh = hot if hot.database.__class__.__name__ == "PostgresDatabase" else type(hot)(tmp_path / "new.sqlite")
    again = VisitLog(tmp_path / "visits", fresh, now=log.now, notice=notices.append)
    again.append([arrival()])
    newcomer = [row for row in visits(again) if row not in visits(again, include_hot=False)]
    assert newcomer[0][0] > manifest.persons
    assert newcomer[0][1] > manifest.places
    assert len(notices) == (2 if fresh is not hot else 0)
    again.close()
