"""Which cases a free text names as the source: “wife of TJ95”, “TJ12; TJ13”, “sister of case 109”, or just “45”."""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from fangxian.systems.cases.services import ExposureKind

_TOKEN = re.compile(r"[A-Za-z0-9_\-]+")
_PREFIXED = re.compile(r"^([A-Za-z][A-Za-z_\-]*)(\d+)$")
_BARE = re.compile(r"\bcases?\s+(\d+)\b", re.IGNORECASE)
#: words that tell the setting, first fit first
SETTINGS = (
    (r"visit", ExposureKind.VISIT),
    (r"hospital|emergency|hcw|ward|clinic|patient|病房|医院|急诊", ExposureKind.CARE),
    (r"famil|wife|husband|son\b|daughter|duaghtor|mother|father|brother|sister|relative|household|家|妻|夫|父|母|子|女",
     ExposureKind.HABITATION),
    (r"co-?worker|colleag|worker|workplace|school|work\b|同事|单位|学校", ExposureKind.WORK),
    (r"train|flight|travel|trip|bus\b|wuhan|hubei|火车|飞机|旅", ExposureKind.TRAVEL),
    (r"funeral|burial|wedding|party|聚会|葬|婚", ExposureKind.GATHERING),
    (r"dinner|meal|restaurant|food|聚餐|餐", ExposureKind.FOOD),
    (r"mall|shop|store|market|barber|商场|超市|市场", ExposureKind.PERSONAL_SERVICES),
    (r"contact|接触", ExposureKind.SYMPTOMATIC_CONTACT),
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """Sources a text names: `ids` by their id, `guessed` by a bare number, `strangers` that no row has."""

    ids: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()


class Reader:
    """Finds the ids of one list in free text."""

    def __init__(self, ids: Collection[str]):
        self.ids = {known.casefold(): known for known in ids}
        prefixes = Counter(found[1] for known in ids if (found := _PREFIXED.match(known)))
        self.prefix = prefixes.most_common(1)[0][0] if prefixes else ""

    def read(self, words: str | None, own: str = "") -> Named:
        """The sources named in `words` for the case `own`; nobody is their own source."""
        if not words:
            return Named()
        if exact := self.ids.get(words.casefold()):
            return Named(ids=_without(own, [exact]))
        tokens = [token for token in _TOKEN.findall(words) if self._is_id(token)]
        known = [self.ids[token.casefold()] for token in tokens if token.casefold() in self.ids]
        strangers = [token for token in tokens if token.casefold() not in self.ids]
        bare = [f"{self.prefix}{number}" for number in _BARE.findall(words)] if self.prefix else []
        guessed = [self.ids[token.casefold()] for token in bare if token.casefold() in self.ids]
        return Named(_without(own, known), _without(own, guessed), _without(own, strangers))

    def _is_id(self, token: str) -> bool:
        """A bare number in a sentence is a number; with letters, or with the list's prefix, it is an id."""
        if token.casefold() in self.ids:
            return not token.isdigit()
        found = _PREFIXED.match(token)
        return bool(found and self.prefix and found[1].casefold() == self.prefix.casefold())


def setting(words: str | None) -> str:
    """The setting a text speaks of."""
    for pattern, kind in SETTINGS:
        if words and re.search(pattern, words, re.IGNORECASE):
            return str(kind)
    return str(ExposureKind.UNKNOWN)


def _without(own: str, ids: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for found in ids if found != own))
