"""How much early warning finds and how often it cries wolf, on outbreaks whose truth is known.

Three designs: the 42 weekly scenarios of Noufaily et al. (improved Farrington beside the moving percentile), twenty
townships with five channels (all together beside cases alone and any channel), and a simulated county judged every day
from counts to cards. As a control the alarms of the first are scored against outbreaks of other runs: what is found
then is chance. `docs/early-warning-methods.md` says what each design is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fangxian.engines.surveillance.evaluation import chain, channels, weekly
from fangxian.engines.surveillance.evaluation.scenarios import SCENARIOS, Scenario
from fangxian.engines.surveillance.evaluation.scoring import Share

Advance = Callable[..., None]
PARTS = 2
"""Steps before the counties: the scenarios and the channels."""


@dataclass(frozen=True)
class Target:
    """A figure and the least or the most it may be."""

    name: str
    value: float
    least: float = float("-inf")
    most: float = float("inf")

    @property
    def missed(self) -> bool:
        """Whether it is not met; a figure that could not be measured is not."""
        return not self.least <= self.value <= self.most

    def said(self) -> str:
        """The finding when it is missed."""
        wanted = f"at least {self.least:g}" if self.least > float("-inf") else f"at most {self.most:g}"
        return f"{self.name} is {self.value:.4f}, wanted {wanted}"


@dataclass
class Report:
    """Every figure by name, in the order of the last line, and the targets that were missed."""

    figures: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when something was measured and every target was met."""
        return 0 if self.figures and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        return " ".join(["promise=warning", *(f"{name}={value}" for name, value in self.figures.items())])

    def put(self, **figures: float | Share) -> None:
        """Add figures; a share with its 95 % interval."""
        for name, value in figures.items():
            one = value.value if isinstance(value, Share) else value
            self.figures[name] = f"{one:.4f}" if isinstance(one, float) else str(one)
            if isinstance(value, Share):
                self.figures[f"{name}_95"] = f"{value.low:.4f}-{value.high:.4f}"

    def hold(self, *targets: Target) -> None:
        """Name those that were missed."""
        self.findings += [target.said() for target in targets if target.missed]


def run(replicates: int, outbreaks: int, counties: int, days: int, seed: int, advance: Advance) -> Report:
    """All three designs."""
    report = Report()
    _scenarios(report, replicates, seed)
    advance(1, PARTS + counties, "scenarios")
    _channels(report, outbreaks, seed)
    advance(PARTS, PARTS + counties, "channels")
    _counties(report, counties, days, seed, advance)
    return report


def _scenarios(report: Report, replicates: int, seed: int, chosen: Sequence[Scenario] = SCENARIOS) -> None:
    found = weekly.judge(replicates=replicates, seed=seed, chosen=chosen)
    pod = found.ours.pod_at(0.01)
    ratio = found.ours.fpr_at(0.6) / found.percentile.fpr_at(0.6)
    report.put(runs=found.runs, pod=pod, fpr=found.farrington.fpr, pod_at_alpha=found.farrington.pod)
    report.put(percentile_pod=found.percentile.pod_at(0.01), fpr_ratio_at_pod_60=ratio, control_pod=found.control)
    report.hold(
        Target("the share of quiet weeks that alarm at α = 0.01", found.farrington.fpr.value, most=0.013),
        Target("the share of outbreaks found at 1 % false alarms", pod.value, least=0.5),
        Target("false alarms beside the moving percentile's at 60 % found", ratio, most=0.5),
        Target("the share of other runs' outbreaks found, the control", found.control.value, most=0.1),
    )


def _channels(report: Report, outbreaks: int, seed: int) -> None:
    found = channels.compare(outbreaks=outbreaks, quiet_days=max(600, 6 * outbreaks), seed=seed)
    soon = found.soon["combined"].value
    alone, anyone = (soon / max(1e-9, found.soon[rule].value) for rule in ("cases", "any channel"))
    report.put(by_day_3=found.soon["combined"], over_cases=alone, over_any=anyone, false_a_month=found.calibrated)
    report.hold(
        Target("found by day 3, times those by cases alone", alone, least=1.8),
        Target("found by day 3, times those by any channel", anyone, least=2.5),
    )


def _counties(report: Report, counties: int, days: int, seed: int, advance: Advance) -> None:

    def done(number: int) -> None:
        advance(PARTS + number, PARTS + counties, "counties")

    found = chain.run(counties=counties, days=days, seed=seed, advance=done)
    report.put(counties=counties, outbreaks=sum(found.outbreaks), signals_a_week=found.a_week, worth=found.worth)
    report.put(sensitivity=found.sensitivity, false_alarm_rate=found.false_alarms, days_to_find=found.median_days)
    report.hold(
        Target("statistical signals a county and week", found.a_week.value, most=1),
        Target("the share of signals worth suspecting", found.worth.value, least=0.07),
        Target("the share of outbreaks found in the county", found.sensitivity.value, least=0.96),
        Target("false alarms a disease, county and day", found.false_alarms.value, most=0.0064),
    )
