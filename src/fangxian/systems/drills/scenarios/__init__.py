"""Scenarios: what arrives at which minute, and which reaction has to follow within which clock. Data, one YAML a file.

An operator's own lie in `<data>/scenarios`, are checked in the same way and come first.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

HERE = Path(__file__).parent
OWN = "scenarios"


class ScenarioError(ValueError):
    """A file cannot be used; the message says which and why."""


@dataclass(frozen=True)
class Said:
    """A text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "").startswith("zh") else self.en


@dataclass(frozen=True)
class Inject:
    """What arrives. `what` names how it is played in (`workflows/drilling/injects.py`), `values` are handed to that."""

    key: str
    minute: int
    what: str
    text: Said
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reaction:
    """What has to follow.

    after   key of the inject that starts the clock
    clock   the rule of the policy pack that says how long it may take
    seen    how it is observed (`workflows/drilling/observing.py`): {"task": true}, {"clock": "report"} or
            {"actions": [...], "by": "officer"}
    role, topic, severity   what a finding of it says
    """

    key: str
    after: str
    clock: str
    text: Said
    seen: dict[str, Any]
    role: str = "duty_officer"
    topic: str = "MECHANISM"
    severity: str = "MAJOR"


@dataclass(frozen=True)
class Scenario:
    """A whole scenario; `minutes` is how long it is played on the drill's clock."""

    key: str
    name: Said
    about: Said
    disease: str
    minutes: int
    cast: int
    injects: tuple[Inject, ...]
    reactions: tuple[Reaction, ...]
    source: str = ""


def choices() -> list[tuple[str, Any]]:
    """Keys and names, for forms."""
    return [(one.key, one.name) for one in every().values()]


def get(key: str) -> Scenario:
    """One scenario; raises LookupError."""
    found = every().get(key)
    if found is None:
        raise LookupError(f"no scenario {key!r}: there are {', '.join(every())}")
    return found


@cache
def every() -> dict[str, Scenario]:
    """All scenarios by key, the operator's own instead of ours."""
    found: dict[str, Scenario] = {}
    for folder in (HERE, Path(settings.DATA_DIR) / OWN):
        found |= {one.key: one for one in map(load, sorted(folder.glob("*.yaml")))}
    return found


def load(path: Path) -> Scenario:
    """Read and check one file; raises ScenarioError."""
    try:
        told = yaml.safe_load(path.read_text("utf-8"))
        scenario = Scenario(
            key=path.stem, name=Said(**told["name"]), about=Said(**told["about"]), disease=told["disease"],
            minutes=int(told["minutes"]), cast=int(told.get("cast", 1)), source=told.get("source", ""),
            injects=tuple(Inject(**{**one, "text": Said(**one["text"])}) for one in told["injects"]),
            reactions=tuple(Reaction(**{**one, "text": Said(**one["text"])}) for one in told["reactions"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path.name}: {error}") from error
    _check(path.name, scenario)
    return scenario


def _check(name: str, scenario: Scenario) -> None:
    keys = [one.key for one in scenario.injects]
    wrong = [*_twice(keys), *_twice(one.key for one in scenario.reactions)]
    wrong += [
        f"{one.key} follows {one.after}, which is no inject" for one in scenario.reactions if one.after not in keys
    ]
    wrong += [f"{one.key} comes after the end" for one in scenario.injects if one.minute > scenario.minutes]
    if wrong or not keys:
        raise ScenarioError(f"{name}: {'; '.join(wrong) or 'nothing is played in'}")


def _twice(keys: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [f"{key} is there twice" for key in keys if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
