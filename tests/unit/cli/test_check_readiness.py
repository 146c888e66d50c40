"""The check of readiness at its smallest."""

import pytest

from fangxian.faces.cli.checks import readiness

pytestmark = pytest.mark.django_db


def test_drawn_evidence_is_judged_and_ends_the_status_in_time():
    report = readiness.run(16, 1, lambda *told: None)
    assert report.exit_code == 0, report.findings[:5]
    assert report.line().endswith("communities=16 wrong=0 revoked_late=0")


def test_a_status_that_stays_is_late(monkeypatch):
    monkeypatch.setattr(readiness.epidemic_free, "look", dict)
    monkeypatch.setattr(readiness.jobs, "run_pending", lambda: 0)
    report = readiness.run(16, 1, lambda *told: None)
    assert report.revoked_late == report.broken > 0
    assert report.exit_code == 1 and report.findings
