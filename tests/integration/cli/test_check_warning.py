"""`fangxian check warning`, small: what its last line says, and that a missed target is a failure."""

import pytest

from fangxian.engines.surveillance.evaluation import channels
from fangxian.engines.surveillance.evaluation.scenarios import SCENARIOS
from fangxian.faces.cli.checks import warning as check


@pytest.fixture
def steps() -> list[tuple[int, int]]:
    return []


def test_every_design_is_measured(steps):
    report = check.Report()
    check._scenarios(report, 10, 20130330, SCENARIOS[14:15])
    check._channels(report, 40, 5)
    check._counties(report, 1, 28, 91, lambda done, total, _unit: steps.append((done, total)))
    said = dict(pair.split("=", 1) for pair in report.line().split())
    assert said["promise"] == "warning" and said["runs"] == "50" and 0 < float(said["fpr"]) < 0.02
    assert float(said["pod"]) > float(said["control_pod"]) and float(said["sensitivity"]) == 1
    assert steps == [(3, 3)] and not any("control" in finding for finding in report.findings)


def test_a_missed_target_fails_and_nothing_measured_fails():
    report = check.Report()
    assert report.exit_code == 1
    report.put(pod=0.4)
    assert report.exit_code == 0
    report.hold(check.Target("found", 0.4, least=0.5), check.Target("false", float("nan"), most=0.1))
    assert report.exit_code == 1 and report.findings[0] == "found is 0.4000, wanted at least 0.5"
    assert len(report.findings) == 2 and "at most 0.1" in report.findings[1]


def test_the_townships_have_the_published_channels():
    assert list(channels.CHANNELS) == ["cases", "fever clinic", "pharmacy", "school absence", "environment"]
