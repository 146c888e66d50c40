"""A seeded truth for matching: people as they are on record, and a list in which they are written with the usual slips.

People live in households that share an address, often a phone; names are drawn from the frequencies of surnames and
given names, so that namesakes, and namesakes of one birthday, are as common as in a county. A row of the list knows
whom it means (an index, or -1 for somebody not on record) and which slip was made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from pypinyin import lazy_pinyin

from fangxian.core.identity.gb11643 import check_character
from fangxian.demo import names
from fangxian.engines.matching.shapes import NEAR

COUNTY = "410883"
STRANGERS, WITHOUT_NUMBER, OWN_PHONE = 0.15, 0.08, 0.6
FIRST, LAST = date(1935, 1, 1), date(2020, 12, 31)
SOUNDS = (
    "伟卫维炜 国果 华桦骅 明铭鸣 建健剑 静婧晶 丽莉俐立 英瑛颖 玉雨宇 洁杰捷 红宏洪鸿 娟涓 敏闽 "
    "霞侠 勇永咏 军君俊 超朝 平萍苹 晓小筱 志智治 新欣鑫 成诚城 庆清青 芳方 佳嘉家 怡宜仪 琳林霖 "
    "慧惠会 莹盈迎 玲灵铃凌 龙隆 飞菲 斌彬滨 浩皓昊 凯楷 旭绪 福富 贵桂 张章 陈晨 徐许 余俞 江姜 "
    "肖萧 贺何"
).split()
HOMOPHONES = {sign: [other for group in SOUNDS if sign in group for other in group if other != sign] for group in SOUNDS
              for sign in group}  # fmt: skip


@dataclass(frozen=True)
class Human:
    """Somebody as they are; `number` is on record unless `is_numbered` is false."""

    name: str
    male: bool
    birth: date
    number: str
    phone: str
    address: str
    is_numbered: bool


@dataclass(frozen=True)
class Line:
    """One row of the list: whom it means, which slip was made, and what stands there."""

    means: int
    slip: str
    name: str
    number: str
    phone: str
    address: str
    birth: str


Cells = dict[str, str]
Slip = Callable[[np.random.Generator, Human, Cells], None]


def population(count: int, seed: int) -> list[Human]:
    """`count` people in households, the same for the same seed."""
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 3, 4, 5], size=count, p=[0.2, 0.26, 0.26, 0.18, 0.1])
    home = np.repeat(np.arange(count), sizes)[:count]
    surname = names.surnames(rng, count)[home]
    male = rng.random(count) < 0.51
    given = names.given_names(rng, male)
    days = rng.integers(0, (LAST - FIRST).days, count)
    own = rng.random(count) < OWN_PHONE
    numbered = rng.random(count) >= WITHOUT_NUMBER
    streets = rng.integers(1, 400, count)[home]
    taken: dict[tuple[int, bool], int] = {}
    made = []
    for at in range(count):
        birth = FIRST + timedelta(days=int(days[at]))
        key = (int(days[at]), bool(male[at]))
        taken[key] = taken.get(key, -1) + 1
        first = f"{410800 + int(home[at]) % 11 + 20 * (taken[key] // 450):06d}{birth:%Y%m%d}"
        body = f"{first}{2 * (taken[key] % 450) + int(male[at]):03d}"
        phone = f"154{(at if own[at] else int(home[at])) * 61803399 % 10**8:08d}"
        address = f"大定街道段西村{streets[at]}街{home[at]}号"
        made.append(
            Human(f"{surname[at]}{given[at]}", bool(male[at]), birth, body + check_character(body), phone, address,
                  bool(numbered[at]))
        )  # fmt: skip
    return made


def listed(people: list[Human], count: int, seed: int) -> list[Line]:
    """A list of `count` rows: people on record with slips, and strangers drawn like them."""
    rng = np.random.default_rng(seed + 1)
    strangers = population(max(2, round(count * STRANGERS)), seed + 2)
    chosen = rng.permutation(len(people))[: count - len(strangers)]
    kinds = list(SLIPS)
    weights = np.array([SHARES[kind] for kind in kinds])
    drawn = rng.choice(len(kinds), size=count, p=weights / weights.sum())
    rows = [_line(rng, int(at), people[at], kinds[drawn[n]]) for n, at in enumerate(chosen)]
    rows += [_line(rng, -1, who, kinds[drawn[len(chosen) + n]]) for n, who in enumerate(strangers)]
    return [rows[at] for at in rng.permutation(len(rows))]


def _line(rng: np.random.Generator, means: int, who: Human, slip: str) -> Line:
    """Half of the rows give the birth date, most a phone, a third an address; then the slip."""
    cells = {
        "name": who.name, "number": who.number if who.is_numbered else "",
        "phone": who.phone if rng.random() < 0.85 else "", "address": who.address if rng.random() < 0.35 else "",
        "birth": who.birth.isoformat() if rng.random() < 0.6 else "",
    }  # fmt: skip
    SLIPS[slip](rng, who, cells)
    return Line(means, slip, **cells)


def _none(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    """As it should be."""


def _swapped(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    number = cells["number"]
    at = int(rng.integers(6, 17)) if number else 0
    cells["number"] = f"{number[:at]}{number[at + 1 :][:1]}{number[at : at + 1]}{number[at + 2 :]}"


def _one_digit(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    number, at = cells["number"], int(rng.integers(0, 17))
    if number:
        cells["number"] = f"{number[:at]}{(int(number[at]) + int(rng.integers(1, 10))) % 10}{number[at + 1 :]}"


def _lost_digit(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    at = int(rng.integers(0, 18))
    cells["number"] = cells["number"][:at] + cells["number"][at + 1 :]


def _old_form(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    number = cells["number"]
    if number[6:8] == "19":
        cells["number"] = number[:6] + number[8:17]


def _full_width(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    cells["number"] = " ".join(chr(ord(sign) + 0xFEE0) for sign in cells["number"].lower())


def _missing(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    cells["number"] = ""
    cells["birth"] = cells["birth"] or who.birth.isoformat()


def _homophone(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    cells["name"] = _other_sign(rng, who.name, HOMOPHONES)
    if rng.random() < 0.5:
        _missing(rng, who, cells)


def _near_shape(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    cells["name"] = _other_sign(rng, who.name, NEAR)
    if rng.random() < 0.5:
        _missing(rng, who, cells)


def _day_and_month(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    _missing(rng, who, cells)
    if who.birth.day <= 12:
        cells["birth"] = who.birth.replace(month=who.birth.day, day=who.birth.month).isoformat()


def _wrong_birth(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    _missing(rng, who, cells)
    later = who.birth.year + int(rng.integers(1, 4))
    cells["birth"] = who.birth.replace(year=later, day=min(28, who.birth.day)).isoformat()


def _order(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    cells["name"] = who.name[1:] + who.name[0]
    _missing(rng, who, cells)


def _pinyin(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    said = lazy_pinyin(who.name)
    cells["name"] = f"{said[0]} {''.join(said[1:])}".upper()
    _missing(rng, who, cells)


def _married(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    cells["name"] = str(names.surnames(rng, 1)[0]) + who.name[1:]
    if rng.random() < 0.5:
        _missing(rng, who, cells)


def _moved_phone(rng: np.random.Generator, who: Human, cells: Cells) -> None:
    cells["phone"] = f"155{rng.integers(0, 10**8):08d}"
    _missing(rng, who, cells)


def _other_sign(rng: np.random.Generator, name: str, table: dict) -> str:
    """The name with one character exchanged for a near one, where the table has one."""
    places = [at for at, sign in enumerate(name) if table.get(sign)]
    if not places:
        return name
    at = int(rng.choice(places))
    return name[:at] + str(rng.choice(sorted(table[name[at]]))) + name[at + 1 :]


SLIPS: dict[str, Slip] = {
    "none": _none, "digits swapped": _swapped, "one digit wrong": _one_digit, "digit lost": _lost_digit,
    "15 digits": _old_form, "full width, small x": _full_width, "number missing": _missing, "homophone": _homophone,
    "near shape": _near_shape, "day and month swapped": _day_and_month, "wrong year of birth": _wrong_birth,
    "name order": _order, "pinyin": _pinyin, "married name": _married, "another phone, number missing": _moved_phone,
}  # fmt: skip
SHARES = {
    "none": 45, "digits swapped": 6, "one digit wrong": 5, "digit lost": 2, "15 digits": 3, "full width, small x": 4,
    "number missing": 10, "homophone": 6, "near shape": 4, "day and month swapped": 3, "wrong year of birth": 2,
    "name order": 2, "pinyin": 2, "married name": 2, "another phone, number missing": 4,
}  # fmt: skip
