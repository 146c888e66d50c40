"""What a program asks a policy pack and what it answers: rules with value, data and origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}

PLACES = {
    "central": _("Quarantine site"),
    "home": _("At home"),
    "observation": _("Health observation"),
    "personal": _("Own health monitoring"),
    "hospital": _("Hospital"),
}
CONFIDENCE = {
    "A": _("Official text"),
    "B": _("Secondary page: check it against the official text"),
    "C": _("Unverified: check it against the official text"),
    "local": _("Own decision"),
}


class PolicyError(Exception):
    """A pack cannot answer; the message says which pack, which rule, and what to do."""


class MissingRule(PolicyError, KeyError):
    """No pack in force has the rule."""

    def __str__(self) -> str:
        return self.args[0]


class UnusableRule(PolicyError, TypeError):
    """The rule is there, but its data are not of the kind that was asked for."""


@dataclass(frozen=True)
class Stage:
    """One part of a stay: where (central, home, observation, personal, hospital) and for how many days."""

    place: str
    days: int

    @property
    def label(self) -> Promise:
        """Where, in words."""
        return PLACES[self.place]


@dataclass(frozen=True)
class Rule:
    """One published rule: its text, the same as data where a program can use it, and where it comes from.

    `confidence`: A official text, B secondary page, C unverified, local the operator's own decision.
    """

    key: str
    value: str
    data: Any
    unit: str
    source: str
    confidence: str
    note: str
    pack: str
    pack_version: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Provenance:
    """Which rule of which version of which pack gave an answer."""

    pack: str
    version: str
    key: str
    source: str
    confidence: str

    def __str__(self) -> str:
        return f"{self.pack}@{self.version}: {self.key} ({self.confidence}, {self.source})"


@dataclass(frozen=True)
class Pack:
    """The rules in force for a disease in an area on a day, each from the pack nearest to it.

    `key` names the leading pack, `version` changes exactly when a rule says something else and names the mode of the
    area unless that is normal, `parts` lists every pack that had a say, nearest first.
    """

    key: str
    name_zh: str
    name_en: str
    disease: str
    area_code: str
    on: date
    mode: str
    version: str
    parts: tuple[str, ...]
    rules: Mapping[str, Rule]

    def rule(self, key: str) -> Rule:
        """The whole rule; raises MissingRule."""
        if key not in self.rules:
            raise MissingRule(
                f"No rule {key!r} for {self.disease} in {self.area_code or 'any area'} on {self.on} "
                f"(leading pack {self.key}). Add it to a pack of your own."
            )
        return self.rules[key]

    def get(self, key: str, default: Any = None) -> Any:
        """The data of a rule, or its text where it has no data; the default where there is no rule."""
        rule = self.rules.get(key)
        if rule is None:
            return default
        return rule.value if rule.data is None else rule.data

    def text(self, key: str) -> str:
        """The rule as published."""
        return self.rule(key).value

    def flag(self, key: str) -> bool:
        """A yes or no."""
        rule = self.rule(key)
        return rule.data if isinstance(rule.data, bool) else _unusable(rule, "true or false")

    def number(self, key: str) -> int | float:
        """A number, in the unit the rule names."""
        rule = self.rule(key)
        return rule.data if _is_number(rule.data) else _unusable(rule, "a number")

    def duration(self, key: str) -> timedelta:
        """A length of time, from the number and the unit of the rule."""
        rule = self.rule(key)
        unit = _UNITS.get(rule.unit)
        return _unusable(rule, "a number of minutes, hours, days or weeks") if unit is None else self.number(key) * unit

    def hours(self, key: str) -> float:
        """A length of time in hours, whatever unit the rule uses."""
        return self.duration(key) / timedelta(hours=1)

    def days(self, key: str) -> list[int]:
        """A list of days of a plan, such as the days of tests: [1, 4, 7, 14]. May be empty."""
        rule = self.rule(key)
        listed = isinstance(rule.data, list) and all(isinstance(day, int) for day in rule.data)
        return list(rule.data) if listed else _unusable(rule, "a list of days")

    def stages(self, key: str) -> list[Stage]:
        """The parts of a stay in their order. May be empty."""
        rule = self.rule(key)
        listed = isinstance(rule.data, list) and all(isinstance(stage, dict) for stage in rule.data)
        return [Stage(**stage) for stage in rule.data] if listed else _unusable(rule, "a list of stages")

    def items(self, key: str) -> list[Any]:
        """Any list: sizes, groups, fields."""
        rule = self.rule(key)
        return list(rule.data) if isinstance(rule.data, list) else _unusable(rule, "a list")

    def table(self, key: str) -> dict[str, Any]:
        """Named values that belong together, such as a window and a number of cases."""
        rule = self.rule(key)
        return dict(rule.data) if isinstance(rule.data, dict) else _unusable(rule, "named values")

    def provenance(self, key: str) -> Provenance:
        """Where the answer to `key` comes from, to be kept with a plan made from it."""
        rule = self.rule(key)
        return Provenance(rule.pack, rule.pack_version, key, rule.source, rule.confidence)

    def under(self, prefix: str) -> dict[str, Rule]:
        """All rules whose key begins with `prefix.`, in order of their keys."""
        return {key: rule for key, rule in sorted(self.rules.items()) if key.startswith(f"{prefix}.")}


@dataclass(frozen=True)
class Change:
    """A rule that two packs do not share: added (no before), removed (no after) or changed."""

    key: str
    before: Rule | None
    after: Rule | None


def diff(before: Pack, after: Pack) -> list[Change]:
    """The rules that say something else in the second pack, in order of their keys."""
    keys = sorted(before.rules.keys() | after.rules.keys())
    changes = (Change(key, before.rules.get(key), after.rules.get(key)) for key in keys)
    return [change for change in changes if _says(change.before) != _says(change.after)]


def _says(rule: Rule | None) -> tuple[Any, ...] | None:
    return None if rule is None else (rule.value, rule.data, rule.unit)


def _is_number(data: Any) -> bool:
    return isinstance(data, int | float) and not isinstance(data, bool)


def _unusable(rule: Rule, wanted: str) -> NoReturn:
    raise UnusableRule(
        f"Pack {rule.pack}: rule {rule.key!r} must have {wanted} as data (unit {rule.unit or 'none'}); "
        f"it has {rule.data!r} for {rule.value!r}."
    )
