"""The checks of pools and of laboratory accidents, small; and that they notice what they are there to notice."""

import pytest

from fangxian.faces.cli.checks import lab_accidents, pools, rounds
from fangxian.systems.testing import accidents, outcomes, roster


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


@pytest.mark.django_db(transaction=True)
def test_a_round_is_replayed_exactly_and_its_control_is_found(visits):
    report = rounds.run(120, seed=1, advance=silent)
    assert report.findings == []
    assert report.exit_code == 0, report.line()
    assert report.line().endswith("lost=0")
    assert (report.control.lost, report.control.states_wrong, report.control.coverage_wrong) == (1, 1, 2)


@pytest.mark.django_db(transaction=True)
def test_the_check_of_rounds_notices_figures_that_stand_still(visits, monkeypatch):
    monkeypatch.setattr(roster, "add", silent)
    report = rounds.run(120, seed=1, advance=silent)
    assert report.coverage_wrong and report.exit_code == 1


@pytest.mark.parametrize("report", [pools.Report(), lab_accidents.Report(), rounds.Report()])
def test_nothing_checked_is_no_success(report):
    assert report.exit_code == 1
