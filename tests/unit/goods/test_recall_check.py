"""`fangxian check recall`, small, in the store of the tests; and that it sees what is missing."""

import pytest

from fangxian.faces.cli.checks import recall, recall_truth
from fangxian.workflows.recalls import reach

NOTICE = recall_truth.Notice(recall_truth.notices()[0].day, "郑州市中牟县", "冷冻猪肉", "阿根廷", 60, 15, 5, "OUTER")


def small(monkeypatch, steps=12):
    monkeypatch.setattr(recall_truth, "notices", lambda: [NOTICE])
    monkeypatch.setattr(recall_truth, "STEPS", steps)
    return recall.run(1, 1, lambda *_told: None)


@pytest.mark.slow
def test_the_list_is_the_truth(db, monkeypatch):
    report = small(monkeypatch)
    assert report.exit_code == 0, report.findings
    assert report.line().startswith("promise=recall notices=1 ") and " missed=0 seconds=" in report.line()


@pytest.mark.slow
def test_a_list_cut_short_is_seen(db, monkeypatch):
    whole = reach._holders
    monkeypatch.setattr(reach, "_holders", lambda rows: whole(rows)[:-1])
    assert (report := small(monkeypatch)).missed > 0 and report.exit_code == 1 and report.findings


def test_a_check_that_tested_nothing_did_not_hold():
    assert recall.Report().exit_code == 1 and recall.Report(reached=1).exit_code == 0
    assert recall.Report(reached=1, missed=1).exit_code == recall.Report(reached=1, extra=1).exit_code == 1


@pytest.mark.parametrize("number", range(7))
def test_the_notices_are_the_public_ones(number):
    from tests.shared_data import shared

    lines = shared("data/domain/coldchain_positive_notices.csv").read_text("utf-8").splitlines()
    day, place, *_rest = lines[number + 1].split(",")
    notice = recall_truth.notices()[number]
    assert (notice.day.isoformat(), notice.place) == (day, place)
