"""What the packs say about early warning: clocks, budget, thresholds, which channels belong together, rules."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fangxian.core import diseases, policy
from fangxian.core.policy import Pack, Rule
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.surveillance.settings import ANY, Settings
from fangxian.systems.surveillance.words import FeedStep, RuleLevel, SignalKind

LEVELS = tuple(RuleLevel.values)
"""In order of gravity: an outbreak is a cluster, too, an emergency both."""
SINGLE = "fixed:1"
"""How the table of notifiable diseases marks those of which one case is enough; graver than nothing, no level."""
COUNTED = ("cases", "deaths", "admissions")
"""What a rule may ask for: `min_cases` or one of the others instead."""


@dataclass(frozen=True)
class ClusterRule:
    """So many cases of a disease in so many days in one place of a setting; or so many deaths or admissions of them.

    least         what is asked for: how many of which of COUNTED; any of them is enough
    window        days they have to lie in; those of one event where the rule names none
    report_hours  within which it has to be reported; None where the rule does not say
    local         whether imported cases do not count
    version       of the pack
    """

    key: str
    level: str
    setting: str
    least: tuple[tuple[str, int], ...]
    window: timedelta
    report_hours: float | None
    local: bool
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


def time_to_answer(pack: Pack, kind: str, rule: dict[str, Any] | None = None) -> timedelta:
    """Within which somebody has to give a verdict; what a met rule has to be reported within, where that is less."""
    said = pack.duration(f"warning.answer_hours.{SignalKind(kind).name.lower()}")
    hours = (rule or {}).get("report_hours")
    return said if hours is None else min(said, timedelta(hours=hours))


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
    """The dated rules of a disease, the gravest last; none for a disease no table and no pack knows."""
    if not policy.store().knows(disease):
        return []
    pack = policy.pack(disease=disease, area_code=area_code, on=on)
    found = _of_the_law(disease, pack)
    for level in LEVELS:
        said = {**_bare(level, pack), **_named(level, pack)}
        found += [_rule(level, setting, data, pack) for setting, data in sorted(said.items())]
    return found


def all_in_force(area_code: str, on: date) -> list[tuple[str, ClusterRule]]:
    """Every disease with each of its rules in an area on a day."""
    known = sorted({*diseases.KEYS, *(file.disease for file in policy.store().packs)} - {ANY_DISEASE})
    return [(disease, rule) for disease in known for rule in cluster_rules(disease, area_code, on)]


def told(rule: ClusterRule, settings: Settings, counted: str = "", least: int = 0) -> dict[str, Any]:
    """A rule as a card keeps it, to be said in words whatever becomes of the pack; of a met one what met it."""
    counted, least = (counted, least) if counted else rule.least[0]
    return {
        "level": rule.level, "setting": rule.setting, **settings.label(rule.setting), "counted": counted,
        "least": least, "days": rule.window.days, "report_hours": rule.report_hours, "local": rule.local,
        "pack": rule.version,
    }  # fmt: skip


def longest_window() -> timedelta:
    """The longest any pack looks back, in force or not."""
    rows = [rule for file in policy.store().packs for rule in file.rules if rule.key.partition(".")[0] in LEVELS]
    days = [rule.data or 0 for rule in rows if rule.key.endswith(".window_days")]
    days += [rule.data.get("window_days", 0) for rule in rows if isinstance(rule.data, dict)]
    return timedelta(days=max(days, default=0))


def not_counted(rule: Rule) -> str:
    """Why a rule of a pack is not looked at, in the pack's own words; "" for one that is."""
    return str(rule.data.get("not_counted", "")) if isinstance(rule.data, dict) else ""


def _named(level: str, pack: Pack) -> dict[str, dict[str, Any]]:
    """Rules that name their setting: `cluster.school`."""
    rows = {key.partition(".")[2]: rule for key, rule in pack.under(level).items()}
    return {
        setting: rule.data
        for setting, rule in rows.items()
        if isinstance(rule.data, dict) and _least(rule.data) and not not_counted(rule)
    }


def _bare(level: str, pack: Pack) -> dict[str, dict[str, Any]]:
    """Rules in parts, `cluster.min_cases`, `cluster.window_days`: for every setting of `cluster.settings`."""
    said = {key.partition(".")[2]: rule.data for key, rule in pack.under(level).items()}
    return dict.fromkeys(said.get("settings") or (), said) if _least(said) else {}


def _least(data: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((what, data[f"min_{what}"]) for what in COUNTED if data.get(f"min_{what}"))


def _rule(level: str, setting: str, data: dict[str, Any], pack: Pack) -> ClusterRule:
    window = timedelta(days=data["window_days"]) if data.get("window_days") else _event(pack)
    hours, local = data.get("report_hours"), bool(data.get("local"))
    return ClusterRule(f"{level}.{setting}", level, setting, _least(data), window, hours, local, pack.version)


def _of_the_law(disease: str, pack: Pack) -> list[ClusterRule]:
    """One case is enough for what the table of notifiable diseases manages most strictly."""
    strict = disease in diseases.KEYS and diseases.get(disease).warning_method == SINGLE
    least = (("cases", 1),)
    return [ClusterRule(SINGLE, "", ANY, least, _event(pack), None, False, pack.version)] if strict else []


def _event(pack: Pack) -> timedelta:
    """How long cases are of one event where a rule names no days."""
    return pack.duration("warning.event_days")
