"""Traditional characters to simplified ones (OpenCC, by phrases)."""

from functools import cache, lru_cache

from opencc import OpenCC

SEVERAL = frozenset("乾著藉瞭徵於麼鍾夥覆餘甚薑穀鬱醜鬆衝鹹彙複係籲")
"""Traditional characters whose simplified form hangs on the word; the reading is then likely, not certain."""
TRADITIONAL_SHARE = 0.02
"""From which share of its Chinese characters a document counts as written in traditional ones. A simplified text keeps
the few forms it has on purpose (names, quotations)."""


@cache
def _converter() -> OpenCC:
    return OpenCC("tw2s")  # as t2s, and 著 where 着 is meant


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length: a phrase that would change it is read by character."""
    found: str = _converter().convert(text)
    return found if len(found) == len(text) else "".join(map(one_simplified, text))


@lru_cache(maxsize=60_000)
def one_simplified(character: str) -> str:
    """One character in its simplified form."""
    found: str = _converter().convert(character)
    return found if len(found) == 1 else character


def is_traditional(text: str) -> bool:
    """Whether the text is written in traditional characters; those that simplified texts have too prove nothing."""
    han = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    other = sum(_is_only_traditional(character) for character in han)
    return bool(han) and other / len(han) >= TRADITIONAL_SHARE


@lru_cache(maxsize=60_000)
def _is_only_traditional(character: str) -> bool:
    """Whether simplified texts have no such character: it has another form, and is none of GB 2312."""
    return one_simplified(character) != character and not character.encode("gb2312", "ignore")
