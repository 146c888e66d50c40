"""`fangxian check replan` and `check clocks`, small, in the store of the tests."""

import pytest

from fangxian.faces.cli.checks import clocks, clocks_truth, replan


@pytest.mark.slow
def test_the_difference_is_exact(db):
    report = replan.run(20, 1, lambda *_told: None)
    assert report.exit_code == 0, report.findings
    assert "plans=20 " in report.line() and "wrong=0 again=0" in report.line()


@pytest.mark.slow
def test_every_clock_at_its_minute(db):
    report = clocks.run(4, 1, lambda *_told: None)
    assert report.exit_code == 0, report.findings
    assert "wrong=0" in report.line() and report.escalated > 0


def test_a_check_that_tested_nothing_did_not_hold():
    assert replan.Report().exit_code == clocks.Report().exit_code == 1
    assert replan.Report(changed=1).exit_code == 0
    assert replan.Report(changed=1, wrong=1).exit_code == 1
    assert clocks.Report(met=1, missed=1, escalated=1).exit_code == 0
    assert clocks.Report(met=1, missed=1, escalated=1, wrong=1).exit_code == 1


@pytest.mark.parametrize(
    ("done", "missed", "mark"),
    [(None, 480, 485), (480, None, None), (481, 480, None), (485, 480, None), (486, 480, 485)],
)
def test_the_table_of_minutes(done, missed, mark):
    clock = clocks_truth.Clock(0, 480, done)
    assert (clock.missed, clock.escalated(840)) == (missed, mark)
