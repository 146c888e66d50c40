"""The check of the board at a small size."""

import pytest

from fangxian.faces.cli.checks import board

pytestmark = pytest.mark.django_db


def test_every_figure_is_its_rows(settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    report = board.run(500, 1, 0, lambda *told: None)
    assert report.exit_code == 0, report.findings[:5]
    assert "wrong=0" in report.line() and report.line().startswith("persons=500 figures=")
