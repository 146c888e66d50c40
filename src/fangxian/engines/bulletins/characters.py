"""How likely one Chinese character follows another: what chooses between the readings of damaged bytes.

Counts come from `data/characters.txt` (made by `scripts/bulletin_characters.py` from a word list with frequencies and
our own texts). Nothing is learnt at run time, so the same bytes always give the same reading.
"""

from functools import cache, lru_cache
from importlib.resources import files
from math import log

LEVELS = {level: number for number, level in enumerate("0123456789abcdefghijklmnopqrstuvwxyz")}
TOTAL = 2.0**31
"""About the sum of all counts; only differences matter."""
PAIR_SHARE = 0.7
"""Weight of the pair against the single character, after Jelinek and Mercer."""
UNSEEN = log(0.2 / TOTAL)
"""Of a character the model has never met, less than of the rarest it has."""
PUNCTUATION = {",": -2.6, "、": -3.2, "。": -3.4, ";": -5.0, "“": -5.0, "”": -5.0, ":": -5.5, "(": -6.0, ")": -6.0}
"""Natural logarithms of the share of marks in running official prose."""
OTHER = -9.0
"""Letters and digits, which Chinese text has now and then."""
ODD = -16.0
"""Other signs, which official prose does not have."""


@cache
def _table() -> dict[str, tuple[float, dict[str, float]]]:
    """Of each character its count and those of its followers."""
    text = files(__package__).joinpath("data/characters.txt").read_text("utf-8")
    return {line[0]: (2.0 ** LEVELS[line[1]], _followers(line[2:])) for line in text.splitlines()}


def _followers(packed: str) -> dict[str, float]:
    return {packed[at]: 2.0 ** LEVELS[packed[at + 1]] for at in range(0, len(packed), 2)}


def alone(character: str) -> float:
    """Natural logarithm of the share of one simplified character."""
    known = _table().get(character)
    if known:
        return log(known[0] / TOTAL)
    if character in PUNCTUATION:
        return PUNCTUATION[character]
    if "\u4e00" <= character <= "\u9fff":
        return UNSEEN
    return OTHER if character.isascii() and (character.isalnum() or character == " ") else ODD


@lru_cache(maxsize=200_000)
def after(before: str, character: str) -> float:
    """Natural logarithm of the likelihood that `character` (simplified) follows `before`."""
    single = alone(character)
    known = _table().get(before)
    pair = known[1].get(character, 0.0) / known[0] if known else 0.0
    return max(single, log(PAIR_SHARE * min(pair, 1.0) + (1 - PAIR_SHARE) * 2.718281828**single)) if pair else single
