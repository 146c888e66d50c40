"""The harness: scores on drawn runs, designs that are what they say, and every step of a county at a small size."""

from datetime import timedelta

import numpy as np
import pytest

from fangxian.engines.surveillance import Card, Excess
from fangxian.engines.surveillance.evaluation import chain, channels, county, daily, scenarios, weekly
from fangxian.engines.surveillance.evaluation.scoring import Roc, score, share
from tests.spec.surveillance.reference import table


def flags(*rows: str) -> np.ndarray:
    return np.array([[cell == "!" for cell in row] for row in rows])


# --- scores ---


def test_what_is_scored():
    alarm = flags("!--!--", "------", "----!!")
    outbreak = flags("--!!--", "--!!--", "---!!-")
    found = score(alarm, outbreak, np.array([2, 2, 3]), np.array([3, 3, 4]))
    assert found.table() == {
        "fpr": 0.1667, "specificity": 0.8333, "pod": 0.6667, "sensitivity": 0.3333, "ppv": 0.5, "npv": 0.7143,
        "timeliness": 0.6667,
    }  # fmt: skip


def test_an_interval_holds_the_share_and_nothing_says_nothing():
    value, low, high = share(np.array([1.0, 0.0, 1.0, 1.0]), np.ones(4))
    assert value == 0.75 and 0 <= low < value < high <= 1
    assert np.isnan(share(np.zeros(2), np.zeros(2))).all()
    assert share(np.ones(47), np.ones(47)) == pytest.approx((1.0, 0.025 ** (1 / 47), 1.0))
    assert share(np.zeros(47), np.ones(47)) == pytest.approx((0.0, 0.0, 1 - 0.025 ** (1 / 47)))


def test_at_every_limit():
    scores = np.array([[1.0, 9.0, 2.0, 3.0], [5.0, 4.0, np.nan, 0.0]])
    outbreak = flags("-!--", "-!--")
    found = Roc.of(scores, outbreak, np.array([1, 1]), np.array([1, 1]))
    assert found.pod_at(0.0).value == 0.5 and found.pod_at(0.2).value == 1.0
    assert found.fpr_at(0.5) == 0.0 and found.fpr_at(1.0) == pytest.approx(1 / 6)
    never = Roc.of(np.full((1, 3), np.nan), flags("-!-"), np.array([1]), np.array([1]))
    assert never.fpr_at(0.5) == 1.0


# --- the 42 scenarios ---


def test_the_scenarios_are_the_published_ones():
    wanted = table("scenarios42.csv")
    for place, one in enumerate(scenarios.SCENARIOS):
        row = {head: values[place] for head, values in wanted.items()}
        assert one[:4] == (row["scenario"], row["theta"], row["phi"], row["beta"]) and one.harmonics == row["m"]
        if one.harmonics:
            assert (one.cosine, one.sine) == (row["g1"], row["g2"])


def test_runs_are_what_they_say_and_the_same_again():
    runs, again = (scenarios.simulate(replicates=1) for _turn in range(2))
    assert np.array_equal(runs.counts, again.counts) and runs.counts.shape == (210, 624)
    assert (runs.start <= runs.end).all() and (runs.end < 49).all()
    assert not runs.outbreak[np.arange(49) < runs.start[:, None]].any()


def test_farrington_beats_the_moving_percentile():
    found = weekly.judge(replicates=1, chosen=scenarios.SCENARIOS[::4])
    assert found.runs == 55 and found.farrington.fpr.value < 0.02
    assert found.ours.pod_at(0.01).value > found.percentile.pod_at(0.01).value
    assert found.ours.fpr_at(0.6) < found.percentile.fpr_at(0.6)


# --- sixteen daily signals, five channels ---


def test_daily_signals_are_found_by_the_switch():
    found = daily.judge(replicates=1)
    assert found.runs == 64 and found.scores["ESSENCE switch"].pod.value > found.scores["EARS C1"].pod.value
    assert found.scores["ESSENCE switch"].specificity.value > 0.95


def test_together_finds_sooner_than_alone():
    found = channels.compare(outbreaks=60, quiet_days=900)
    soon = {rule: part.value for rule, part in found.soon.items()}
    assert soon["combined"] > 1.5 * soon["cases"] > 0 and soon["combined"] > 2 * soon["any channel"]
    assert all(found.found[rule].value >= soon[rule] for rule in soon) and found.calibrated < 3


# --- the county ---


def test_a_county_has_the_outbreaks_it_says():
    made = [county.simulate(np.random.default_rng(seed)) for seed in range(4)]
    outbreaks = [(one, each) for one in made for each in one.outbreaks]
    assert outbreaks and np.isnan(made[0].feeds).mean() == pytest.approx(county.SILENT, abs=0.005)
    for one, outbreak in outbreaks:
        reported = one.cases[outbreak.disease, outbreak.township, outbreak.first : outbreak.last + 1].sum()
        assert reported >= outbreak.cases >= county.DISEASES[outbreak.disease].event


def test_the_chain_finds_outbreaks_and_keeps_the_budget():
    done = []
    report = chain.run(counties=1, days=28, seed=91, advance=done.append)
    assert done == [1] and report.counties == 1 and len(report.cards) == 1
    assert report.a_week.value <= 1 and 0 <= report.false_alarms.value < 0.02
    assert report.sensitivity.value == 1 and report.worth.value > 0 and report.median_days >= 0


@pytest.mark.parametrize(
    ("disease", "area", "day", "right"),
    [("mumps", "township 3", 2, True), ("rubella", "county", 2, True), ("dysentery", "township 3", 2, False),
     ("respiratory", "township 3", 2, True),
     ("mumps", "township 4", 2, False), ("mumps", "township 3", -5, False), ("mumps", "township 3", 18, False)],
)  # fmt: skip
def test_what_a_card_has_to_point_at(disease, area, day, right):
    outbreak = county.Outbreak(disease=2, township=3, first=1500, last=1510, cases=12)
    on = chain.EPOCH + timedelta(1500 + day)
    card = Card((Excess(area, disease, on - timedelta(9), on, 12, 1, 4, 1e-6),))
    assert chain._about(card, outbreak) is right


def test_nothing_found_nothing_said():
    assert np.isnan(chain.Report().median_days) and np.isnan(chain.Report().worth.value)
