"""The checks of pools and of laboratory accidents, small; and that they notice what they are there to notice."""

import pytest

from fangxian.faces.cli.checks import lab_accidents, pools
from fangxian.systems.testing import accidents, outcomes


def silent(*_given) -> None:
    """Nobody watches."""


def test_pools_are_resolved_exactly(db):
    report = pools.run(200, seed=3, advance=silent)
    assert (report.wrong, report.unresolved, report.findings) == (0, 0, [])
    assert report.exit_code == 0, report.line()


def test_no_accident_is_silent(db):
    report = lab_accidents.run(silent)
    assert report.findings == []
    assert (report.silent, report.not_tried, report.exit_code) == (0, 0, 0)
    assert report.accidents == len(lab_accidents.ACCIDENTS)


def test_the_check_notices_silence(db, monkeypatch):
    monkeypatch.setattr(accidents, "note_many", lambda *_given, **_named: [])
    monkeypatch.setattr(lab_accidents, "ACCIDENTS", {"RESULT_TWO_WAYS": lab_accidents.ACCIDENTS["RESULT_TWO_WAYS"]})
    report = lab_accidents.run(silent)
    assert (report.silent, report.exit_code) == (1, 1)


def test_the_check_of_pools_notices_results_nobody_follows(db, monkeypatch):
    monkeypatch.setattr(outcomes, "follow", silent)
    assert pools.run(60, seed=1, advance=silent).exit_code == 1


@pytest.mark.parametrize("report", [pools.Report(), lab_accidents.Report()])
def test_nothing_checked_is_no_success(report):
    assert report.exit_code == 1
