"""`fangxian check qr` as an operator runs it: on a throw-away installation of its own."""

import subprocess
import sys

import pytest

from fangxian.faces.cli.checks.venue_codes import Report


@pytest.mark.slow
def test_the_check_holds_and_its_control_fails():
    command = [sys.executable, "-m", "fangxian.faces.cli", "check", "qr", "--each", "5", "--seed", "1"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    figures = dict(pair.split("=") for pair in run.stdout.split()[-8:])
    assert run.returncode == 0, run.stdout + run.stderr
    assert figures["codes"] == "75"
    assert [figures[name] for name in ("forged_accepted", "exposures", "attempts_lost", "good_refused")] == ["0"] * 4
    assert int(figures["control_accepted"]) > 0


def test_a_check_that_tested_nothing_did_not_hold():
    assert Report().exit_code == 1
    assert Report(codes=1, good=1, control_accepted=0).exit_code == 1
    assert Report(codes=1, good=1, control_accepted=1).exit_code == 0
    assert Report(codes=1, good=1, control_accepted=1, attempts_lost=1).exit_code == 1
