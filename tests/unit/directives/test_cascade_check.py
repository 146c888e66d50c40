"""`fangxian check cascade`, small, in the store of the tests."""

import pytest

from fangxian.faces.cli.checks import cascade


@pytest.mark.django_db
def test_every_count_and_every_minute(monkeypatch):
    monkeypatch.setattr(cascade, "UNTIL", 560)
    report = cascade.run(12, 3, lambda *told: None)
    assert report.findings == [] and report.exit_code == 0
    assert (report.townships, report.control) == (11, "seen")
