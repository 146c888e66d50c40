"""How a personal value looks by default: enough to tell two apart on a list, not enough to use."""

import re
from collections.abc import Callable

HIDDEN = "***"

_HAN = "[\u3400-\u9fff]"
_WORD = rf"{_HAN}(?:(?![街镇乡村路巷号栋]){_HAN}){{0,8}}?"
# One part a level, each optional, as short as it can be, ended by the word of its level. A compound (小区), a
# community (社区), a park (园区), a campus (校区) or a works (厂区) also ends in 区, but is finer than a township and
# stays hidden.
_COARSE = re.compile(
    rf"(?:{_HAN}{{2,6}}?(?:省|自治区|特别行政区))?"
    rf"(?:{_HAN}{{2,9}}?(?:市|自治州|地区|盟))?"
    rf"(?:{_HAN}{{0,8}}?(?:示范区|开发区|高新区|集聚区)|{_WORD}(?:自治县|县|市|(?<![小社园校厂])区|旗))?"
    rf"(?:{_WORD}(?:街道办事处|街道|镇|乡|苏木))?"
)


def _keep(value: str, head: int, tail: int) -> str:
    """Show the ends; a value too short for that shows a quarter at each end."""
    if len(value) < 2 * (head + tail):
        head = min(head, len(value) // 4)
        tail = min(tail, len(value) // 4)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]


def _identity(value: str) -> str:
    return _keep(value, 4, 4)


def _phone(value: str) -> str:
    if len(value) < 11:
        return _keep(value, 0, 2)
    return value[:3] + "*" * (len(value) - 7) + value[-4:]


def _address(value: str) -> str:
    return _COARSE.match(value).group() + HIDDEN


def _name(value: str) -> str:
    return " ".join(word[0] + "*" * (len(word) - 1) for word in value.split())


_KINDS: dict[str, Callable[[str], str]] = {
    "id": _identity,
    "phone": _phone,
    "address": _address,
    "name": _name,
    "plate": lambda value: value[:2] + "*" * max(len(value) - 5, 0) + value[2:][-3:],
    "text": lambda value: HIDDEN,
}
KINDS = frozenset(_KINDS)


def mask(kind: str, value: str) -> str:
    """A value as people see it who have not asked to unmask it; kinds: id, phone, address, name, plate, text."""
    if kind not in _KINDS:
        raise ValueError(f"no mask called {kind!r}: use one of {', '.join(sorted(KINDS))}")
    return _KINDS[kind](value) if value else ""
