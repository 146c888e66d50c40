"""What the packs say about early warning: clocks, budget, thresholds, which channels belong together, clusters."""

from dataclasses import dataclass
from datetime import date, timedelta

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.surveillance.words import FeedStep, SignalKind

SETTINGS = ("household", "village", "school", "campus")
"""Kinds of places the packs have cluster rules for."""


@dataclass(frozen=True)
class ClusterRule:
    """So many cases of a disease in so many days in one place of a kind are a cluster (or an outbreak)."""

    key: str
    setting: str
    min_cases: int
    window: timedelta
    version: str


def pack_of(area_code: str, on: date | None = None) -> Pack:
    """The pack in force for early warning as such; rules of one disease are in `cluster_rules`."""
    return policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on)


def time_to_answer(pack: Pack, kind: str) -> timedelta:
    """Within which somebody has to give a verdict."""
    return pack.duration(f"warning.answer_hours.{SignalKind(kind).name.lower()}")


def time_to_respond(pack: Pack) -> timedelta:
    """Within which whoever gets a warning has to respond."""
    return pack.duration("warning.respond_hours")


def silent_after(pack: Pack, step: str) -> timedelta:
    """How long after its last figure is over a feed counts as silent."""
    return pack.duration(f"warning.silent.{FeedStep(step).name.lower()}")


def cluster_rules(disease: str, area_code: str, on: date) -> list[ClusterRule]:
    """The dated rules of a disease: clusters first, then outbreaks, each by kind of place."""
    pack = policy.pack(disease=disease, area_code=area_code, on=on)
    found = []
    for level in ("cluster", "outbreak"):
        for setting in SETTINGS:
            said = pack.get(f"{level}.{setting}")
            if isinstance(said, dict) and {"min_cases", "window_days"} <= said.keys():
                window = timedelta(days=said["window_days"])
                found.append(ClusterRule(f"{level}.{setting}", setting, said["min_cases"], window, pack.version))
    return found
