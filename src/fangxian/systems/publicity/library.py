"""Ready-made texts of our own: which fit a disease by the pack, and their words filled in from data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from fangxian.core import diseases
from fangxian.core.policy import Pack
from fangxian.systems.publicity.words import Audience, MessageChannel

FILE = Path(__file__).parent / "texts.yaml"
WORD = re.compile(r"\{([a-z_]+)\}")
HABITS, OTHER = "publicity.habits", "other"
FROM_PACK = {"fever_c": "contact.fever_c", "checks": "contact.checks_per_day"}
"""Words that a rule of the pack fills in."""


@dataclass(frozen=True)
class Text:
    """A text in both languages, for whom it is and by which ways it goes out; `words` still have to be filled in."""

    key: str
    audience: str
    channels: tuple[str, ...]
    title: str
    text: str
    title_en: str
    text_en: str

    @property
    def words(self) -> set[str]:
        """The words in braces."""
        return {word for part in (self.title, self.text, self.title_en, self.text_en) for word in WORD.findall(part)}

    def filled(self, words: Mapping[str, str], words_en: Mapping[str, str]) -> "Text":
        """The text with its words filled in; raises KeyError with the word that is missing."""
        title, text = (_filled(part, words) for part in (self.title, self.text))
        title_en, text_en = (_filled(part, words_en) for part in (self.title_en, self.text_en))
        return Text(self.key, self.audience, self.channels, title, text, title_en, text_en)


def texts() -> dict[str, Text]:
    """Every text by its key."""
    return dict(_read())


def habits(disease: str, pack: Pack) -> list[Text]:
    """The health tips the pack names for the way a disease is passed on, in the pack's order."""
    by_route = pack.table(HABITS)
    keys = [key for route in _routes(disease, by_route) for key in by_route[route]]
    known = _read()
    return [known[key] for key in dict.fromkeys(keys) if key in known]


def pack_words(pack: Pack) -> dict[str, str]:
    """The words the pack fills in; those it has no rule for are missing."""
    found = {word: pack.get(rule) for word, rule in FROM_PACK.items()}
    return {word: str(value) for word, value in found.items() if value is not None}


def _routes(disease: str, by_route: Mapping[str, object]) -> list[str]:
    """The ways of transmission the pack knows texts for; a disease of none of them has those of `other`."""
    told = diseases.get(disease).transmission if disease in diseases.KEYS else ""
    found = [route for part in told.split("/") for route in (part, part.split(" ")[0]) if route in by_route]
    return list(dict.fromkeys(found)) or [OTHER]


def _filled(part: str, words: Mapping[str, str]) -> str:
    return WORD.sub(lambda found: words[found[1]], part)


@cache
def _read() -> dict[str, Text]:
    written = yaml.safe_load(FILE.read_text("utf-8"))
    return {key: _text(key, one) for key, one in written.items()}


def _text(key: str, one: dict) -> Text:
    return Text(
        key, Audience(one["audience"]).value, tuple(MessageChannel(name).value for name in one["channels"]),
        one["zh"]["title"], one["zh"]["text"], one["en"]["title"], one["en"]["text"],
    )  # fmt: skip
