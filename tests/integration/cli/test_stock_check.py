"""`check stock` in small: many steps balance, what may not be is refused, the race gives what there is."""

import pytest

from fangxian.faces.cli.checks import stock, stock_world
from fangxian.faces.cli.checks.stock import Report


@pytest.mark.django_db
def test_the_report_says_no_when_nothing_was_tried_or_a_count_was_off():
    assert Report().exit_code == 1
    sound = Report(used=1, wasted=1, gone=1, refused=1, raced=2)
    assert sound.exit_code == 0 and "promise=stock" in sound.line()
    for name in ("unbalanced", "wrongly_done", "overdrawn"):
        assert Report(**{**vars(sound), name: 1}).exit_code == 1


@pytest.mark.django_db(transaction=True)
def test_fridges_balance_after_every_step():
    report = stock.run(40, 3, 5, lambda *said: None)
    assert (report.steps, report.unbalanced, report.wrongly_done, report.overdrawn) == (40, 0, 0, 0), report.findings
    assert report.raced == stock_world.LAST and report.done and report.refused
