"""Reading packs: one YAML file a pack, checked when it is read, with errors that name file, rule and reason."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml

from fangxian.core.policy.model import PLACES, PolicyError, Rule

EVERYWHERE = ANY_DISEASE = "*"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Text = Annotated[str, msgspec.Meta(min_length=1)]
ModeName = Literal["normal", "alert", "emergency"]
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_.+-]+$")]
Number = Annotated[int, msgspec.Meta(ge=0)] | Annotated[float, msgspec.Meta(ge=0)]
# A key that ends in a unit must be in that unit: hours written as days are the mistake nobody sees.
_UNIT_ENDINGS = {"_minutes": "minute", "_hours": "hour", "_days": "day", "_months": "month"}


class PackFileError(PolicyError):
    """A pack file cannot be used."""


class StageText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A stage as written in a file."""

    place: Literal["central", "home", "observation", "personal", "hospital"]
    days: Annotated[int, msgspec.Meta(ge=1)]


class RuleText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule as written in a file."""

    key: Key
    value: Text
    source: Text
    confidence: Literal["A", "B", "C", "local"]
    unit: str = ""
    note: str = ""
    data: Any = None
    valid_from: date | None = None
    valid_to: date | None = None


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The name of the protocol in both languages."""

    zh: Text
    en: Text


class PackText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A pack as written in a file."""

    pack: Key
    disease: Annotated[str, msgspec.Meta(pattern=r"^(\*|[a-z0-9_]+)$")]
    level: Literal["protocol", "general", "default"]
    name: Name
    valid_from: date
    rules: Annotated[list[RuleText], msgspec.Meta(min_length=1)]
    valid_to: date | None = None
    area: Annotated[str, msgspec.Meta(pattern=r"^(\*|[0-9A-Za-z]+)$")] = EVERYWHERE
    modes: Annotated[tuple[ModeName, ...], msgspec.Meta(max_length=3)] = ()
    prefix: str = ""
    note: str = ""


@dataclass(frozen=True)
class PackFile:
    """A checked pack: for whom, where and when it holds, and its rules, some with dates of their own."""

    key: str
    disease: str
    level: str
    name_zh: str
    name_en: str
    area: str
    valid_from: date
    valid_to: date | None
    version: str
    rules: tuple[Rule, ...]
    is_operators: bool = False
    modes: tuple[str, ...] = ()

    def holds(self, disease: str, area_code: str, on: date, mode: str) -> bool:
        """Whether the pack has a say for the disease in the area on the day, where the area works in this mode."""
        return (
            self.disease in (ANY_DISEASE, disease)
            and (self.area == EVERYWHERE or area_code.startswith(self.area))
            and (not self.modes or mode in self.modes)
            and _in_force(self, on)
        )

    def in_force(self, on: date) -> dict[str, Rule]:
        """The rules of the day; of several of one key the one that began last."""
        rules = sorted((rule for rule in self.rules if _in_force(rule, on)), key=lambda rule: rule.valid_from)
        return {rule.key: rule for rule in rules}


def load(folder: Path, *, is_operators: bool = False) -> tuple[PackFile, ...]:
    """Every pack of a folder (`*.yaml`), in order of the file names; a folder that is not there has none."""
    packs: dict[str, PackFile] = {}
    for path in sorted(Path(folder).glob("*.yaml")):
        pack = read(path.read_text("utf-8"), path.name, is_operators=is_operators)
        if pack.key in packs:
            raise PackFileError(f"{path.name}: another file of this folder is also called pack {pack.key!r}.")
        packs[pack.key] = pack
    return tuple(packs.values())


def read(text: str, file: str, *, is_operators: bool = False) -> PackFile:
    """One pack from YAML text; `file` is named in errors."""
    try:
        document = yaml.load(text, Loader=_LOADER)  # safe: builds plain values only
    except yaml.YAMLError as error:
        raise PackFileError(f"{file}: not YAML: {error}") from None
    try:
        pack = msgspec.convert(document, PackText)
    except msgspec.ValidationError as error:
        raise PackFileError(f"{file}: {_with_rule_key(str(error), document)}") from None
    _check(pack, file)
    return _pack_file(pack, is_operators)


def _with_rule_key(message: str, document: Any) -> str:
    """Name the rule beside its number in the list."""
    found = re.search(r"\$\.rules\[(\d+)\]", message)
    if not found:
        return message
    rule = document["rules"][int(found[1])]
    return f"rule {rule.get('key', '?') if isinstance(rule, dict) else rule}: {message}"


def _check(pack: PackText, file: str) -> None:
    _check_dates(pack.valid_from, pack.valid_to, f"{file}: the pack")
    seen = set()
    for rule in pack.rules:
        where = f"{file}: rule {rule.key}"
        start = rule.valid_from or pack.valid_from
        _check_dates(start, rule.valid_to, where)
        if (rule.key, start) in seen:
            raise PackFileError(f"{where}: is there twice with the same first day.")
        seen.add((rule.key, start))
        _check_data(rule.data, where)
        _check_unit(rule, where)


def _check_dates(start: date, end: date | None, where: str) -> None:
    if end is not None and end <= start:
        raise PackFileError(f"{where}: valid_to {end} is not after valid_from {start}.")


def _check_data(data: Any, where: str) -> None:
    try:
        msgspec.convert(data, _shape(data))
    except msgspec.ValidationError as error:
        raise PackFileError(
            f"{where}: data: {error}. Allowed are true/false, a number from 0 on, text, a list of one of these, "
            f"a list of stages ({{place: {'|'.join(PLACES)}, days: n}}) or of named values with a key, or named values."
        ) from None


def _shape(data: Any) -> Any:
    """The type that the data must have, told from what they begin like."""
    if isinstance(data, dict):
        return dict[str, str | bool | Number | list[str | Number]]
    if not isinstance(data, list):
        return str | bool | Number | None
    if data and isinstance(data[0], dict):
        return list[dict[str, str | bool | Number]] if "key" in data[0] else list[StageText]
    return list[str] if data and isinstance(data[0], str) else list[Number]


def _check_unit(rule: RuleText, where: str) -> None:
    for ending, unit in _UNIT_ENDINGS.items():
        if rule.key.endswith(ending) and isinstance(rule.data, int | float | list) and not rule.unit.startswith(unit):
            raise PackFileError(f"{where}: a key that ends in {ending} has the unit {unit}, not {rule.unit!r}.")


def _pack_file(pack: PackText, is_operators: bool) -> PackFile:
    content = json.dumps(msgspec.to_builtins(pack), sort_keys=True, ensure_ascii=False)
    version = hashlib.sha256(content.encode()).hexdigest()[:8]
    return PackFile(
        key=pack.pack,
        disease=pack.disease,
        level=pack.level,
        name_zh=pack.name.zh,
        name_en=pack.name.en,
        area=pack.area,
        valid_from=pack.valid_from,
        valid_to=pack.valid_to,
        version=version,
        rules=tuple(_rule(rule, pack, version) for rule in pack.rules),
        is_operators=is_operators,
        modes=pack.modes,
    )


def _rule(rule: RuleText, pack: PackText, version: str) -> Rule:
    return Rule(
        key=f"{pack.prefix}.{rule.key}" if pack.prefix else rule.key,
        value=rule.value,
        data=rule.data,
        unit=rule.unit,
        source=rule.source,
        confidence=rule.confidence,
        note=rule.note,
        pack=pack.pack,
        pack_version=version,
        valid_from=rule.valid_from or pack.valid_from,
        valid_to=rule.valid_to or pack.valid_to,
    )


def _in_force(dated: PackFile | Rule, on: date) -> bool:
    return dated.valid_from <= on and (dated.valid_to is None or on < dated.valid_to)
