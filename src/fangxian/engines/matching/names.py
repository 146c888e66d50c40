"""Two names: how near they are, by sound and by shape. Only ever asked inside a block (number, phone, door, day).

Text similarity finds no one-character slip in a Chinese name and every namesake; what people mistake are characters of
one sound (同音字), of nearly one sound (平翘舌, 前后鼻音, n/l) and of nearly one shape (形近字). A name in letters is
compared with a name in characters by its pinyin.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from fangxian.engines.matching.model import How
from fangxian.engines.matching.shapes import are_near

_DOTS = str.maketrans("", "", "·•・‧∙.．'’-")
_LATIN = re.compile(r"[a-z]+")
COMPOUND_SURNAMES = frozenset(
    (
        "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 "
        "宗政 濮阳 公冶 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 呼延 轩辕"
    ).split()
)
# Surnames read otherwise than the same character elsewhere.
SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "查": "zha", "区": "ou", "乐": "yue", "种": "chong",
    "繁": "po", "覃": "qin", "翟": "zhai", "任": "ren", "盖": "ge", "朴": "piao", "尉": "yu", "华": "hua",
    "燕": "yan", "宁": "ning",
}  # fmt: skip
LONG_WORD, LONGER_WORD = 5, 10


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    text    in one spelling; words: its words when it is in letters, else empty
    sounds  per character every sound it may have, the usual one first
    """

    text: str
    words: tuple[str, ...]
    sounds: tuple[tuple[str, ...], ...]

    @property
    def in_letters(self) -> bool:
        """Whether it is written in Latin letters."""
        return bool(self.words)


@lru_cache(maxsize=400_000)
def parsed(written: str) -> Name:
    """A name taken apart; the same text gives the same object."""
    text = normalize("NFKC", written).casefold().translate(_DOTS)
    words = tuple(_LATIN.findall(normalize("NFD", text)))
    squeezed = "".join(text.split())
    if words and squeezed.isascii():
        return Name(squeezed, words, ())
    return Name(squeezed, (), tuple(map(_sounds, squeezed)))


def compare(one: str, other: str) -> How | None:
    """How two names agree, `How.OTHER` when they do not; None when one of them is missing."""
    first, second = parsed(one), parsed(other)
    if not first.text or not second.text:
        return None
    if first.text == second.text:
        return How.SAME
    if first.in_letters and second.in_letters:
        return _compare_letters(first, second)
    if first.in_letters or second.in_letters:
        letters, characters = (first, second) if first.in_letters else (second, first)
        return How.ROMANISED if _is_romanised(letters, characters) else How.OTHER
    return _compare_characters(first, second)


def could_agree(one: str, other: str) -> bool:
    """A quick look before `compare`: False only where that gives `How.OTHER`; True for most pairs of no kin, too.

    Two names in characters agree only when they share a character or begin with one sound.
    """
    first, second = _marks(one), _marks(other)
    return not first or not second or not first.isdisjoint(second)


def agree(one: str, other: str) -> bool:
    """Whether two names may be one person's: all but `How.OTHER`; a missing one agrees with everybody."""
    return could_agree(one, other) and compare(one, other) != How.OTHER


def surname_length(text: str) -> int:
    """How many characters of a Chinese name are the surname."""
    return 2 if text[:2] in COMPOUND_SURNAMES and len(text) > 2 else 1


def reading(text: str) -> list[str]:
    """Pinyin without tones, a syllable a character; the first is read as a surname."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a third of a second to load: not at every start

    said: list[str] = lazy_pinyin(text, style=Style.NORMAL)
    return [SURNAMES.get(text[:1], said[0]), *said[1:]] if said else said


def blurred(sound: str) -> str:
    """A syllable without the differences many speakers do not make: zh/z, ch/c, sh/s, -ng/-n, l/n, h/f."""
    for long, short in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if sound.startswith(long):
            sound = short + sound[2:]
    sound = sound.removesuffix("g") if sound.endswith("ng") else sound
    first = {"l": "n", "h": "f"}.get(sound[:1], sound[:1])
    return first + sound[1:]


@lru_cache(maxsize=400_000)
def _marks(written: str) -> frozenset[str]:
    """The characters of a name and every sound it may begin with; empty for a name in letters or of one character."""
    name = parsed(written)
    return frozenset((*name.text, *name.sounds[0])) if len(name.sounds) > 1 else frozenset()


@lru_cache(maxsize=40_000)
def _sounds(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    found: list[str] = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(found))


def _compare_characters(one: Name, other: Name) -> How:
    if len(one.text) != len(other.text):
        return _other_length(one.text, other.text)
    apart = [at for at, pair in enumerate(zip(one.text, other.text, strict=True)) if pair[0] != pair[1]]
    kinds = {_characters(one, other, at) for at in apart}
    if kinds == {How.SAME_SOUND}:
        return How.SAME_SOUND
    if len(apart) > 1 and sorted(one.text) == sorted(other.text):
        return How.OTHER_ORDER
    if How.OTHER not in kinds and len(apart) < max(len(one.text), 2):
        return How.NEAR_SHAPE if How.NEAR_SHAPE in kinds else How.NEAR_SOUND
    return _one_apart(one.text, other.text, apart)


def _characters(one: Name, other: Name, at: int) -> How:
    """How two characters that differ are near."""
    if not set(one.sounds[at]).isdisjoint(other.sounds[at]):
        return How.SAME_SOUND
    if are_near(one.text[at], other.text[at]):
        return How.NEAR_SHAPE
    near = {blurred(sound) for sound in one.sounds[at]} & {blurred(sound) for sound in other.sounds[at]}
    return How.NEAR_SOUND if near else How.OTHER


def _one_apart(one: str, other: str, apart: list[int]) -> How:
    """One character of three or more: in the surname another surname (marriage), behind it a slip of the pen."""
    surname = surname_length(one)
    if len(one) < 3 or surname != surname_length(other):
        return How.OTHER
    if apart[-1] < surname:
        return How.OTHER_SURNAME
    return How.ONE_CHARACTER if len(apart) == 1 else How.OTHER


def _other_length(one: str, other: str) -> How:
    """A surname before the surname (陈李丽娜), or one character left out."""
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.endswith(short):
        return How.OTHER_SURNAME
    left_out = (long[:at] + long[at + 1 :] for at in range(len(long)))
    if len(long) >= 3 and len(short) >= 2 and short in left_out:
        return How.ONE_CHARACTER
    return How.OTHER


def _is_romanised(letters: Name, characters: Name) -> bool:
    """Whether letters spell the characters, surname first or last, syllables apart or together."""
    said = reading(characters.text)
    size = surname_length(characters.text)
    family, given = "".join(said[:size]), "".join(said[size:])
    written = _umlauts("".join(letters.words))
    return written in (_umlauts(family + given), _umlauts(given + family))


def _umlauts(text: str) -> str:
    """吕 is lü, lv, lyu and lu in different papers."""
    return text.replace("lyu", "lu").replace("nyu", "nu").replace("lv", "lu").replace("nv", "nu").replace("ü", "u")


def _compare_letters(one: Name, other: Name) -> How:
    if sorted(one.words) == sorted(other.words):
        return How.OTHER_ORDER
    near = 2 if min(len(one.text), len(other.text)) >= LONGER_WORD else 1
    if min(len(one.text), len(other.text)) >= LONG_WORD and distance(one.text, other.text, near) <= near:
        return How.NEAR_SPELLING
    if len(one.words) == len(other.words) > 1 and one.words[:-1] == other.words[:-1]:
        return How.OTHER_SURNAME
    return How.OTHER


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, drop or change to make one of the other; `most + 1` where it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        above, row[0] = row[0], at
        for place, against in enumerate(other, start=1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (letter != against))
    return min(row[-1], most + 1)
