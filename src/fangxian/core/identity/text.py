"""Text as people and spreadsheets write it, brought to one form."""

import re
import unicodedata

from fangxian.core.identity.errors import REASON_EMPTY, REASON_ROUNDED, InvalidIdentifier

# Beyond 15 significant digits a spreadsheet cell keeps zeros (IEEE 754 double).
EXACT_DIGITS = 15
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+\d+")
_INVISIBLE = {"Cf", "Cc", "Co", "Cn"}


def normalise(text: str) -> str:
    """NFKC (full-width becomes ASCII), no invisible characters, single spaces, no space at the ends."""
    # Line breaks are invisible too, so spaces come first; what is invisible would keep letters from composing.
    spaced = re.sub(r"\s", " ", text)
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFKC", visible).split())


def compact(kind: str, value: object, separators: str = "") -> str:
    """A cell as upper-case text without spaces, for parsing; refuses a number whose digits the cell has lost.

    `value` is text, or a number where a sheet or a client sent one.
    """
    text = normalise(_cell_text(kind, value)).upper().lstrip("'")
    if _EXPONENT.fullmatch(text):
        raise InvalidIdentifier(kind, REASON_ROUNDED)
    text = text.translate(str.maketrans("", "", " " + separators))
    if not text:
        raise InvalidIdentifier(kind, REASON_EMPTY)
    return text


def _cell_text(kind: str, value: object) -> str:
    if isinstance(value, float):
        if not value.is_integer() or abs(value) >= 10**EXACT_DIGITS:
            raise InvalidIdentifier(kind, REASON_ROUNDED)
        value = int(value)
    if isinstance(value, int):
        # Only a cell has a reason to hold a long whole number that ends in zeros.
        if abs(value) >= 10**EXACT_DIGITS and value % 1000 == 0:
            raise InvalidIdentifier(kind, REASON_ROUNDED)
        return str(value)
    return "" if value is None else str(value)
