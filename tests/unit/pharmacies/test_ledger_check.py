"""The check of the tills on a small county: it holds, and what is damaged on purpose is named."""

import pytest

from fangxian.faces.cli.checks import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def test_the_register_equals_the_tills(monkeypatch):
    monkeypatch.setattr(ledger.first_start, "plant", lambda code: None)  # the county of the tests is enough
    report = ledger.run(60, 3, 5, lambda *said: None)
    assert report.exit_code == 0, (report.line(), report.findings)
    assert report.sent > 60 > report.receipts and report.refused and report.control == 2
    assert report.line().startswith("promise=P1 receipts=")
    report.doubled = 1
    assert report.exit_code == 1
