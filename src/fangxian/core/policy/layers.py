"""All packs, and the view of them that holds for a disease in an area on a day."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from fangxian.core import diseases
from fangxian.core.modes import Mode
from fangxian.core.policy.files import ANY_DISEASE, EVERYWHERE, PackFile, load
from fangxian.core.policy.model import Pack, PolicyError, Rule

SHIPPED = Path(__file__).parent / "packs"
# The reporting clocks of the diseases table begin with the law they come from.
LAW_IN_FORCE = date(2025, 9, 1)
REPORT_KEYS = ("report.hours", "investigation.lab_positive_to_report_hours")
_LEVELS = {"protocol": 2, "general": 1, "default": 0}
MARK = "+"
"""Stands in a version before the mode it was composed for; normal operation is not marked."""
_LEADING = ("protocol", "default", "general")


class UnknownDisease(PolicyError):
    """No table and no pack knows the disease: a typing error would otherwise get the general rules."""


@dataclass(frozen=True, eq=False)
class Store:
    """Shipped packs with the operator's own in front of them."""

    packs: tuple[PackFile, ...]

    @classmethod
    def open(cls, operators: Path | None = None) -> "Store":
        """The shipped packs, and those in the operator's folder; one with the key of a shipped pack replaces it."""
        own = load(operators, is_operators=True) if operators else ()
        replaced = {pack.key for pack in own}
        shipped = (*load(SHIPPED), *_reporting_clocks())
        return cls((*own, *(pack for pack in shipped if pack.key not in replaced)))

    def pack(self, *, disease: str, area_code: str = "", on: date, mode: str = Mode.NORMAL) -> Pack:
        """The rules in force. Nearest first: the operator's packs; then the smaller area; then the protocol of the
        disease, general rules, defaults; then those of the disease before those of all; then those for the area's mode
        before those for any mode; then the later ones."""
        return _compose(self, disease, area_code, on, str(mode))

    def knows(self, disease: str) -> bool:
        """Whether a table or a pack names the disease."""
        return disease in diseases.KEYS or any(pack.disease == disease for pack in self.packs)


@lru_cache(maxsize=4096)
def _compose(store: Store, disease: str, area_code: str, on: date, mode: str) -> Pack:
    if not store.knows(disease):
        raise UnknownDisease(f"No disease is called {disease!r}; known are: {', '.join(sorted(diseases.KEYS))}.")
    holding = (file for file in store.packs if file.holds(disease, area_code, on, mode))
    files = sorted(holding, key=_nearness, reverse=True)
    if not files:
        raise PolicyError(f"No pack is in force for {disease} on {on}. Add one to your own packs.")
    rules: dict[str, Rule] = {}
    for file in reversed(files):
        rules.update(file.in_force(on))
    lead = min(files, key=lambda file: _LEADING.index(file.level))
    return Pack(
        key=lead.key,
        name_zh=lead.name_zh,
        name_en=lead.name_en,
        disease=disease,
        area_code=area_code,
        on=on,
        mode=mode,
        version=f"{lead.key}@{_fingerprint(rules)}{_marked(mode)}",
        parts=tuple(f"{file.key}@{file.version}" for file in files),
        rules=rules,
    )


def _nearness(file: PackFile) -> tuple[bool, int, int, bool, bool, date, str]:
    area = 0 if file.area == EVERYWHERE else len(file.area)
    return (
        file.is_operators,
        area,
        _LEVELS[file.level],
        file.disease != ANY_DISEASE,
        bool(file.modes),
        file.valid_from,
        file.key,
    )


def mode_of(version: str) -> Mode:
    """The mode a version of the rules was composed for, as its name says."""
    marked = version.rpartition(MARK)[2] if MARK in version else ""
    return Mode(marked) if marked in Mode.values else Mode.NORMAL


def _marked(mode: str) -> str:
    return "" if mode == Mode.NORMAL else f"{MARK}{mode}"


def _fingerprint(rules: dict[str, Rule]) -> str:
    """Changes exactly when a rule says something else; a new source or note changes nothing."""
    said = [(key, rule.value, rule.data, rule.unit) for key, rule in sorted(rules.items())]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:12]


def _reporting_clocks() -> list[PackFile]:
    """The reporting hours of the diseases table as packs, so that they are asked for like any other rule."""
    return [_reporting_clock(disease) for disease in diseases.all_diseases()]


def _reporting_clock(disease: diseases.Disease) -> PackFile:
    key, version = f"reporting-{disease.key}", str(disease.report_hours)
    rules = tuple(
        Rule(
            key=rule_key,
            value=str(disease.report_hours),
            data=disease.report_hours,
            unit="hour",
            source=disease.source,
            confidence="B",
            note="",
            pack=key,
            pack_version=version,
            valid_from=LAW_IN_FORCE,
            valid_to=None,
        )
        for rule_key in REPORT_KEYS
    )
    return PackFile(
        key=key,
        disease=disease.key,
        level="general",
        name_zh=f"{disease.name_zh}报告时限",
        name_en=f"Reporting of {disease.name_en}",
        area=EVERYWHERE,
        valid_from=LAW_IN_FORCE,
        valid_to=None,
        version=version,
        rules=rules,
    )
