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


@dataclass(frozen=True)
class BrokenPeriod:
    """Days no baseline should learn from, and for whom; `*` stands for all.

    first, last  both included
    subjects     diseases and syndromes
    channels     values of `FeedChannel`
    """

    first: date
    last: date
    subjects: frozenset[str]
    channels: frozenset[str]

    def concerns(self, channel: str, subjects: set[str]) -> bool:
        """Whether it holds for a channel and any of some subjects, such as a disease and its syndrome."""
        return bool(self.channels & {channel, "*"}) and bool(self.subjects & (subjects | {"*"}))


@dataclass(frozen=True)
class Speaks:
    """From when a day without a word is a silence, of those nobody asks to say "none today"; see `silences`."""

    days: int
    share: float
    chance: float


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


def speaks(pack: Pack) -> Speaks:
    """From when a fever clinic without a visit is silent."""
    days, share, chance = (pack.number(f"warning.speaks.{name}") for name in ("days", "share", "chance"))
    return Speaks(int(days), share, chance)


def broken_periods(pack: Pack) -> list[BrokenPeriod]:
    """Times no baseline should learn from."""
    return [
        BrokenPeriod(
            date.fromisoformat(one["first"]), date.fromisoformat(one["last"]),
            frozenset(one["subjects"].split()), frozenset(one["channels"].split()),
        )
        for one in pack.items("warning.broken_periods")
    ]  # fmt: skip


def holidays(pack: Pack) -> tuple[date, ...]:
    """Public holidays of the years the packs know, in order."""
    return _days_under(pack, "calendar.holidays")


def working_days(pack: Pack) -> tuple[date, ...]:
    """Weekend days worked to make up for a holiday, in order."""
    return _days_under(pack, "calendar.working_days")


def _days_under(pack: Pack, prefix: str) -> tuple[date, ...]:
    """Every day of the rules below a key: days, or first and last day with a stroke between them."""
    spans = [str(one).split("/") for key in pack.under(prefix) for one in pack.items(key)]
    ends = [(date.fromisoformat(span[0]), date.fromisoformat(span[-1])) for span in spans]
    return tuple(sorted(first + timedelta(days=n) for first, last in ends for n in range((last - first).days + 1)))


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
