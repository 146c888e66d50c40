"""Make `engines/bulletins/data/characters.txt`, the character model that chooses between readings of damaged bytes.

    python scripts/bulletin_characters.py JIEBA_DICT

Counted are the words of jieba's dictionary (MIT licence, `dict.txt` of its source package) by their frequency, and our
own Chinese texts: the samples and the translations of the platform. One line a character: the character, its level,
then the characters that follow it with theirs. A level is the binary logarithm of a count, written as one of 0–9a–z.
"""

import sys
from collections import Counter
from math import log2
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent / "src" / "fangxian"
TARGET = ROOT / "engines" / "bulletins" / "data" / "characters.txt"
LEVELS = "0123456789abcdefghijklmnopqrstuvwxyz"
OWN_WEIGHT, LEAST_PAIR, LEAST_CHARACTER = 40, 24, 1
"""How much a pair of our own texts counts, and below which counts nothing is kept."""


def main(dictionary: Path) -> None:
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in dictionary.read_text("utf-8").splitlines():
        word, count, *_rest = line.split(" ")
        _count(word, int(count), singles, pairs)
    for text in _own():
        _count(text, OWN_WEIGHT, singles, pairs)
    followers: dict[str, list[str]] = {}
    for (first, second), count in sorted(pairs.items()):
        if count >= LEAST_PAIR:
            followers.setdefault(first, []).append(second + _level(count))
    kept = sorted(character for character, count in singles.items() if count >= LEAST_CHARACTER)
    lines = (f"{one}{_level(singles[one])}{''.join(followers.get(one, []))}" for one in kept)
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


def _count(text: str, weight: int, singles: Counter, pairs: Counter) -> None:
    for one in text:
        if _is_han(one):
            singles[one] += weight
    for first, second in zip(text, text[1:], strict=False):
        if _is_han(first) and _is_han(second):
            pairs[first, second] += weight


def _own() -> list[str]:
    samples = [path.read_text("utf-8") for path in sorted((ROOT / "demo" / "bulletins").glob("*.txt"))]
    parts = sorted((ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "parts").glob("*.po"))
    return samples + [entry.msgstr for path in parts for entry in polib.pofile(str(path))]


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _level(count: int) -> str:
    return LEVELS[min(int(log2(count)), len(LEVELS) - 1)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
