"""In what kinds of places rules count cases, as the packs say it (`warning.settings`): which place is a school, which a
collective unit. A household, a village and a township (`any`) are no places on record and are known without it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from fangxian.core import policy
from fangxian.core.policy.files import ANY_DISEASE

HOUSEHOLD, VILLAGE, ANY = "household", "village", "any"
BREAKS = re.compile(r"[,，;；/|·]")
"""What parts a house from its class where both are written in one line."""


@dataclass(frozen=True)
class Setting:
    """A kind of place rules may name.

    kinds   kinds of places on record that are such
    words   a name that has one of these is such a place, unless a later word of another setting says otherwise
    told    settings of an exposure whose place is such, whatever it is called
    takes   other settings every place of which is such, too
    within  this is a part of a place of that setting, as a class is of a school
    """

    key: str
    zh: str
    en: str
    kinds: frozenset[str]
    words: re.Pattern[str] | None
    told: frozenset[str]
    takes: frozenset[str]
    within: str


@dataclass(frozen=True)
class Settings:
    """All settings of a day and an area.

    named_in  settings of an exposure whose place is known by its name alone, too
    unclear   kinds of places on record that leave it to the name
    """

    all: tuple[Setting, ...]
    named_in: frozenset[str]
    unclear: frozenset[str]

    @property
    def keys(self) -> frozenset[str]:
        """What rules may name."""
        return frozenset(one.key for one in self.all)

    def of(self, kind: str, name: str, told: str) -> frozenset[str]:
        """The settings of a place by its kind ("" where it is not on record), its name and how it was told."""
        found = {one.key for one in self.all if kind in one.kinds or told in one.told}
        if not kind or kind in self.unclear:
            found |= self._by_name(name)
        return self._whole(frozenset(found))

    def part(self, name: str, settings: frozenset[str] = frozenset()) -> tuple[str, str] | None:
        """Where a name says a part of a place: the part's setting, and the name of the whole.

        settings  what the whole is known to be, if it is on record
        """
        for one in self.all:
            if one.within and _end(name, one.words):
                whole = name if one.within in settings else _whole_name(name, self._words(one.within))
                if whole:
                    return one.key, whole
        return None

    def label(self, key: str) -> dict[str, str]:
        """What a setting is called in both languages; its key where the packs give no name."""
        one = next((one for one in self.all if one.key == key), None)
        return {"zh": one.zh, "en": one.en} if one else {"zh": key, "en": key}

    def _words(self, key: str) -> re.Pattern[str] | None:
        return next((one.words for one in self.all if one.key == key), None)

    def _by_name(self, name: str) -> set[str]:
        """The head of a name stands last: a university's hospital is a hospital."""
        ends = [(_end(name, one.words), one.key) for one in self.all if one.words and not one.within]
        last = max(ends, default=(0, ""))
        return {last[1]} if last[0] else set()

    def _whole(self, found: frozenset[str]) -> frozenset[str]:
        """With the settings that take these in, as a collective unit does a school."""
        more = found | {one.key for one in self.all if one.takes & found}
        return more if more == found else self._whole(more)


def settings_of(area_code: str, on: date) -> Settings:
    """The settings in force; a pack of an area's own takes the place of the list as a whole."""
    pack = policy.pack(disease=ANY_DISEASE, area_code=area_code, on=on)
    roads = [str(word) for word in pack.items("warning.settings.roads")]
    return Settings(
        tuple(_setting(row, roads) for row in pack.items("warning.settings")),
        frozenset(pack.items("warning.settings.named_in")),
        frozenset(pack.items("warning.settings.unclear_kinds")),
    )


def _setting(row: dict[str, Any], roads: list[str]) -> Setting:
    return Setting(
        key=row["key"], zh=row.get("zh", row["key"]), en=row.get("en", row["key"]),
        kinds=frozenset(row.get("kinds", "").split()), told=frozenset(row.get("told", "").split()),
        words=_pattern(row.get("words", ""), roads), takes=frozenset(row.get("takes", "").split()),
        within=row.get("within", ""),
    )  # fmt: skip


def _pattern(words: str, roads: list[str]) -> re.Pattern[str] | None:
    """Any of the words, but not as the name of a road."""
    said = "|".join(re.escape(word.strip()) for word in words.split("|") if word.strip())
    after = "|".join(re.escape(word) for word in roads)
    return re.compile(f"(?:{said})(?!{after})" if after else said, re.IGNORECASE) if said else None


def _end(name: str, words: re.Pattern[str] | None) -> int:
    """Where the last of these words ends in a name; 0 where none is in it."""
    return max((found.end() for found in words.finditer(name)), default=0) if words else 0


def _whole_name(name: str, words: re.Pattern[str] | None) -> str:
    """The house in a line that says house and class: what stands before a comma, else up to its last word."""
    first = BREAKS.split(name, maxsplit=1)[0]
    return first.strip() if first != name and _end(first, words) else name[: _end(name, words)].strip()
