"""`check supplies` in small: stock is the sum of what moved, the rest is refused, the race gives what there is."""

import pytest

from fangxian.faces.cli.checks import supplies, supplies_world
from fangxian.faces.cli.checks.supplies import Report


@pytest.mark.django_db
def test_the_report_says_no_when_nothing_was_tried_or_a_count_was_off():
    assert Report().exit_code == 1
    sound = Report(closed=1, missing=1, refused=1, raced=2)
    assert sound.exit_code == 0 and sound.line().endswith("unbalanced=0 overdrawn=0")
    for name in ("unbalanced", "wrongly_done", "overdrawn", "unconserved", "one_sided"):
        assert Report(**{**vars(sound), name: 1}).exit_code == 1


@pytest.mark.django_db(transaction=True)
def test_stores_balance_after_every_step():
    report = supplies.run(60, 3, 5, lambda *said: None)
    assert (report.steps, report.unbalanced, report.wrongly_done, report.overdrawn) == (60, 0, 0, 0), report.findings
    assert (report.unconserved, report.one_sided, report.findings) == (0, 0, [])
    assert report.raced == supplies_world.LAST and report.requests and report.refused
