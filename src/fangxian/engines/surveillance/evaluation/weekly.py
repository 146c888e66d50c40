"""The 42 scenarios judged: improved Farrington, and beside it what counties use today, the moving percentile."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fangxian.engines.surveillance.combination import mid_p
from fangxian.engines.surveillance.evaluation.scenarios import CURRENT, SCENARIOS, WEEKS, Runs, Scenario, simulate
from fangxian.engines.surveillance.evaluation.scoring import Roc, Score, Share, score
from fangxian.engines.surveillance.farrington import Farrington, farrington
from fangxian.engines.surveillance.panel import Floats

YEARS, AROUND = 5, 2
JUDGED = range(CURRENT, WEEKS)


@dataclass(frozen=True)
class Weekly:
    """What the design gave.

    control     share found when the alarms are held against the outbreaks of other runs: chance
    farrington  at α = 0.01, with the defaults a county gets
    ours        the same method at every limit
    percentile  the moving percentile of 5 weeks in 5 years at every limit
    """

    runs: int
    control: Share
    farrington: Score
    ours: Roc
    percentile: Roc


def judge(*, replicates: int = 10, seed: int = 20130330, chosen: Sequence[Scenario] = SCENARIOS) -> Weekly:
    """Simulate and judge: five runs of each scenario for each replicate."""
    runs = simulate(replicates=replicates, seed=seed, chosen=chosen)
    truth = (runs.outbreak, runs.start, runs.end)
    alarms = farrington(runs.counts, JUDGED).alarm
    everywhere = farrington(runs.counts, JUDGED, Farrington(enough=0))
    now = runs.counts[:, CURRENT:]
    unusual = -np.log(np.maximum(mid_p(now, everywhere.expected, everywhere.phi), 1e-300))
    return Weekly(
        len(runs.counts),
        score(np.roll(alarms, len(alarms) // 2, axis=0), *truth).pod,
        score(alarms, *truth),
        Roc.of(unusual, *truth),
        Roc.of(percentile_scores(runs), *truth),
    )


def percentile_scores(runs: Runs) -> Floats:
    """Where each current week lies among the same weeks of earlier years, R × 49.

    Up to one: the share of the past below, ties by half. Above the highest of the past: one, and how far above it in
    its own standard deviations, so that the method can also be asked for fewer false alarms than its percentiles allow.
    """
    lags = [52 * year + week for year in range(1, YEARS + 1) for week in range(-AROUND, AROUND + 1)]
    past = np.stack([runs.counts[:, CURRENT - lag : WEEKS - lag] for lag in lags])
    now = runs.counts[:, CURRENT:]
    rank = ((past < now).sum(axis=0) + (past == now).sum(axis=0) / 2) / len(lags)
    highest = past.max(axis=0)
    beyond = np.maximum(0.0, now - highest) / np.sqrt(highest + 1)
    return np.asarray(rank + beyond)
