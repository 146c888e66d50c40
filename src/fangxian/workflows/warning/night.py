"""What a night did: what it looked at, raised and held back, for the console, a job and the page."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.services import Raised

JOB = "surveillance.night"


@dataclass
class Night:
    """What a run did; counts of cards and of what it looked at.

    clusters  what the scan of space and time found
    joined    findings that went onto a card of another area or subject under way
    withheld  candidates the budget did not let through
    held      these themselves, the least likely of each county, as `held.line` keeps them
    """

    as_of: date
    areas: int = 0
    series: int = 0
    candidates: int = 0
    clusters: int = 0
    withheld: int = 0
    raised: int = 0
    extended: int = 0
    joined: int = 0
    quiet: int = 0
    ended: int = 0
    by_kind: dict[str, int] = field(default_factory=dict)
    signals: list[dict[str, Any]] = field(default_factory=list)
    held: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For a job's result and the console."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}

    def add(self, raised: Raised) -> None:
        """The cards of one unit."""
        self.raised += len(raised.new)
        self.extended += len(raised.extended)
        self.quiet += len(raised.quiet)
        for signal in raised.new:
            self.by_kind[signal.kind] = self.by_kind.get(signal.kind, 0) + 1
            self.signals.append(_line(signal))


def _line(signal: Signal) -> dict[str, Any]:
    """One new card for the console: what, where, by what, how unusual."""
    return {
        "id": str(signal.pk), "area": signal.area_id, "disease": signal.disease, "kind": signal.kind,
        "method": signal.method, "rule": signal.rule, "channel": signal.channel, "where": signal.where,
        "observed": signal.observed, "expected": signal.expected, "bound": signal.bound, "p": signal.p,
    }  # fmt: skip
