"""A damage simulator: makes of a clean bulletin what the copies look like that come in.

It goes the way the damage went: traditional characters, GBK bytes, notes of pronunciation behind byte pairs without
looking where characters begin, commas before marks, bytes that are lost, a decoder that goes on regardless, wide marks
narrowed, the article twice, the page around it. `repairing.py` never sees any of this module: it is the test of it.
"""

from dataclasses import dataclass
from functools import cache
from random import Random
from unicodedata import normalize

from opencc import OpenCC

from fangxian.engines.bulletins.script import simplified

WIDE = "，：；？！（）"
HEAD = ("2022年專題區", "今日頭條", "0", "時間:\n2022年03月15日 09:12")
TAIL = (
    "![]() |\n![]() |\n安瀾網免責聲明: | |||||||",
    "| \n|\n掃一掃在手機打開當前頁",
    "版權聲明\n本文僅代表作者觀點,不代表本站立場。",
)


@dataclass(frozen=True)
class Plan:
    """How much damage: shares of characters, marks and bytes, and whether the article is there twice."""

    notes: float = 0.2
    commas: float = 0.0
    lost: int = 0
    twice: bool = False
    page: bool = False
    traditional: bool = True


@dataclass(frozen=True)
class Damaged:
    """A damaged document, what it was, and the characters of that which no copy kept whole."""

    text: str
    truth: str
    gone: frozenset[int]


def damaged(text: str, rng: Random, plan: Plan) -> Damaged:
    """Damage a clean document with wide marks, by a plan."""
    written = traditional(text) if plan.traditional else text
    noted = _noted_characters(written, rng, plan.notes)
    copies = [_copy(written, noted, rng, plan) for _copy_number in range(2 if plan.twice else 1)]
    gone = frozenset.intersection(*(lost for _text, lost in copies))
    parts = [copies[0][0]]
    if plan.page:
        around = [rng.choice(HEAD), rng.choice(TAIL)]
        head, tail = around if plan.traditional else map(simplified, around)
        parts = [head, *parts, tail]
    parts += [copy for copy, _lost in copies[1:]]
    return Damaged("\n".join(parts), narrowed(text), gone)


def traditional(text: str) -> str:
    """The text in traditional characters, but for those whose way back is not the same character."""
    there = "".join(map(_converter().convert, text))  # character by character, as the converter did
    back = simplified(there)
    return "".join(new if old == again else old for old, new, again in zip(text, there, back, strict=True))


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


def narrowed(text: str) -> str:
    """Wide marks made narrow, as collections of pages do."""
    return "".join(normalize("NFKC", char) if char in WIDE else char for char in text)


def _noted_characters(written: str, rng: Random, share: float) -> dict[bytes, bytes]:
    """Byte pairs that get a note, with it: the converter knew a fixed list of characters."""
    from pypinyin import Style, pinyin

    han = sorted({char for char in written if "\u4e00" <= char <= "\u9fff"})
    chosen = [char for char in han if rng.random() < share]
    readings = {char: pinyin(char, style=Style.TONE)[0][0] for char in chosen}
    return {char.encode("gbk"): f"({reading})".encode("gbk", "ignore") for char, reading in readings.items()}


Owned = list[tuple[int, int]]
"""Bytes, each with the number of the character it belongs to; -1 for a note or a comma that was put in."""


def _copy(written: str, noted: dict[bytes, bytes], rng: Random, plan: Plan) -> tuple[str, frozenset[int]]:
    """One damaged copy, and the numbers of the characters that lost a byte in it for good."""
    coded: Owned = []
    candidates = [at for at, char in enumerate(written) if "\u4e00" <= char <= "\u9fff"]
    losing = {at: rng.random() < 0.5 for at in rng.sample(candidates, min(plan.lost, len(candidates)))}
    for at, char in enumerate(written):
        pair = char.encode("gbk")
        if char in "，。、；：" and rng.random() < plan.commas:
            coded += [(byte, -1) for byte in "，".encode("gbk")]
        kept = pair[1:] if losing.get(at) else pair[:1] if at in losing else pair
        coded += [(byte, at) for byte in kept]
    shown, dropped = _decoded(_with_notes(coded, noted))
    return narrowed(shown), frozenset(losing) | dropped


def _with_notes(coded: Owned, noted: dict[bytes, bytes]) -> Owned:
    """Every pair of bytes that spells a noted character gets its note, also where it is none."""
    found: Owned = []
    at = 0
    while at < len(coded):
        note = noted.get(bytes(byte for byte, _owner in coded[at : at + 2]))
        step = 2 if note else 1
        found += coded[at : at + step] + [(byte, -1) for byte in note or b""]
        at += step
    return found


def _decoded(coded: Owned) -> tuple[str, frozenset[int]]:
    """What a lenient decoder shows: `?` for what is no character, with the bracket a lead byte swallows.

    Also the characters that lost a byte by it: where a note swallowed it, the note still tells which it was.
    """
    found, at, dropped = "", 0, set[int]()
    while at < len(coded):
        size = 1 if coded[at][0] < 0x81 else 2
        try:
            found += bytes(byte for byte, _owner in coded[at : at + size]).decode("gbk")
            at += size
        except UnicodeDecodeError:
            swallows = coded[at + 1 : at + 2] == [(0x28, -1)]
            found += "?"
            dropped |= set() if swallows else {coded[at][1]}
            at += 2 if swallows else 1
    return found, frozenset(dropped)
