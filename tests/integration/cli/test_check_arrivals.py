"""`fangxian check replan` and `check clocks` as an operator runs them, small, on throw-away installations."""

import subprocess
import sys

import pytest

from fangxian.faces.cli.checks import clocks, clocks_truth, replan


def _run(*arguments: str) -> tuple[subprocess.CompletedProcess, dict[str, str]]:
    command = [sys.executable, "-m", "fangxian.faces.cli", "check", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    last = run.stdout.strip().splitlines()[-1] if run.stdout.strip() else ""
    return run, dict(pair.split("=") for pair in last.split() if "=" in pair)


@pytest.mark.slow
def test_the_difference_is_exact():
    run, figures = _run("replan", "--plans", "40", "--seed", "1")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (figures["plans"], figures["wrong"], figures["again"]) == ("40", "0", "0")


@pytest.mark.slow
def test_every_clock_at_its_minute():
    run, figures = _run("clocks", "--loops", "4", "--seed", "1")
    assert run.returncode == 0, run.stdout + run.stderr
    assert figures["wrong"] == "0" and int(figures["escalated"]) > 0


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
