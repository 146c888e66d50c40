"""Segments that are whole but not the right ones, and late rows that never stop: what the checks found."""

import shutil

import pytest

from fangxian.core.ids import uuid7
from fangxian.warehouse.visits import VisitLog
from tests.unit.warehouse.moments import DAY, visits


@pytest.fixture
def days(log, arrival):
    """Two persons on each of three sealed days."""
    persons = [uuid7(), uuid7()]
    log.append([arrival(ago=back * DAY + 3600, person=person) for back in (1, 2, 3) for person in persons])
    log.seal()
    return persons


def test_a_whole_segment_of_another_day_is_damage(log, hot, tmp_path, days, notices):
    before = [visits(log, days={day}) for day in sorted({part.day for part in log.folder.manifest.parts})]
    first, second, _third = sorted((tmp_path / "visits" / "fast").iterdir())
    aside = first.rename(tmp_path / "aside")
    second.rename(first)
    aside.rename(second)
    again = VisitLog(tmp_path / "visits", hot, now=log.now, notice=notices.append)
    assert [finding.fault for finding in again.verify()] == ["damaged", "damaged"]
    assert [visits(again, days={day}) for day in sorted({part.day for part in log.folder.manifest.parts})] == before
    assert len(notices) == 2


def test_an_older_copy_of_a_segment_brings_nobody_back_and_says_so(log, hot, tmp_path, days, notices):
    fast = tmp_path / "visits" / "fast"
    shutil.copytree(fast, tmp_path / "older")
    log.erase(days[0])
    shutil.rmtree(fast)
    shutil.copytree(tmp_path / "older", fast)
    again = VisitLog(tmp_path / "visits", hot, now=log.now, notice=notices.append)
    assert notices == ["fast segments still held 3 visits of erased persons: overwritten"]
    assert len([row for row in visits(again) if row[0] >= 0]) == 3


def test_a_seal_ends_though_late_rows_keep_coming(log, hot, arrival, days, monkeypatch):
    remove, sent = type(hot).remove, []

    def and_one_more(self, visit_ids):
        removed = remove(self, visit_ids)
        assert len(sent) < 20, "the seal does not end"
        sent.append(log.append([arrival(ago=2 * DAY)]).accepted)
        return removed

    monkeypatch.setattr(type(hot), "remove", and_one_more)
    log.append([arrival(ago=2 * DAY)])
    log.seal()
    assert len(visits(log)) == 6 + 1 + len(sent)


def test_a_header_whose_words_are_damaged_is_damage(log, hot, tmp_path, days, notices):
    before = visits(log)
    header = next((tmp_path / "visits" / "fast").glob("*/seg.json"))
    header.write_text(header.read_text().replace("version", "wersion"))
    again = VisitLog(tmp_path / "visits", hot, now=log.now, notice=notices.append)
    assert [finding.fault for finding in again.verify()] == ["damaged"]
    assert visits(again) == before
    assert len(notices) == 1
