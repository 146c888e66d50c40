"""Cells as people and Excel write them, made into what a form field reads. Nothing is guessed: odd ones are refused."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from fangxian.core.identity import normalise

EXCEL_ZERO = datetime(1899, 12, 30)
EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number; what was behind them is lost
TRUE, FALSE = {"1", "true", "yes", "y", "是", "有", "√"}, {"0", "false", "no", "n", "否", "无", "×"}
SPLIT_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(.*))?$")
SOLID_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
NAMED_DATE = re.compile(r"^\d{1,2}-[A-Za-z]{3}-\d{2,4}$")
SERIAL = re.compile(r"^\d{4,5}(\.\d+)?$")


def tidy(field: forms.Field, cell: Any, synonyms: Mapping[str, str] = MappingProxyType({})) -> Any:
    """The text (or time) a form field reads, from one cell or JSON value; raises `ValidationError` with the reason.

    `synonyms` are other words for a choice (in lower case) and the choice they mean.
    """
    if cell is None:
        return ""
    if isinstance(field, forms.DateTimeField):
        return _moment(cell)
    if isinstance(field, forms.DateField):
        moment = _moment(cell)
        return moment.date() if isinstance(moment, datetime) else moment
    text = _text(cell)
    if isinstance(field, forms.ChoiceField) and text:
        return _choice(field, synonyms.get(text.casefold(), text))
    if isinstance(field, forms.BooleanField | forms.NullBooleanField):
        return _boolean(text)
    return text


def _text(cell: Any) -> str:
    """A cell as text; numbers without a needless “.0”, and none that lost digits on the way."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float | Decimal):
        if abs(cell) >= EXACT_DIGITS:
            raise ValidationError(
                _("Excel stored this as a number and lost its last digits. Format the column as text, enter it again.")
            )
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return normalise(str(cell))


def _moment(cell: Any) -> Any:
    """A day or a time as Excel, a form or a person writes it."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time.min)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell))
    text = normalise(str(cell))
    for pattern, read in ((SPLIT_DATE, _split), (SOLID_DATE, _solid), (NAMED_DATE, _named), (SERIAL, _serial_text)):
        found = pattern.match(text)
        if found:
            return _or_refuse(read, found, text)
    return text


def _or_refuse(read, found: re.Match, text: str) -> datetime:
    try:
        return read(found)
    except ValueError:
        raise ValidationError(_("“%(text)s” is not a day of the calendar.") % {"text": text[:40]}) from None


def _split(found: re.Match) -> datetime:
    day = datetime(int(found[1]), int(found[2]), int(found[3]))
    return datetime.combine(day, time.fromisoformat(_clock(found[4]))) if found[4] else day


def _clock(text: str) -> str:
    """`8:05` as `08:05`, which is what ISO wants."""
    return text if text[1:2].isdigit() else f"0{text}"


def _solid(found: re.Match) -> datetime:
    return datetime(int(found[1]), int(found[2]), int(found[3]))


def _named(found: re.Match) -> datetime:
    year = "%y" if len(found[0].rsplit("-", 1)[1]) == 2 else "%Y"
    return datetime.strptime(found[0], f"%d-%b-{year}")


def _serial_text(found: re.Match) -> datetime:
    return _serial(float(found[0]))


def _serial(number: float) -> datetime:
    """A date as Excel counts days; only days between 1927 and 2173 are believed."""
    if not 10_000 <= number < 100_000:
        raise ValidationError(_("“%(text)s” is not a date.") % {"text": number})
    return EXCEL_ZERO + timedelta(days=number)


def _choice(field: forms.ChoiceField, text: str) -> str:
    """A choice by its value or by its label in either language."""
    for language in (None, "zh-hans", "en"):
        with translation.override(language or translation.get_language()):
            for value, label in field.choices:
                if text.casefold() in (str(value).casefold(), str(label).casefold()):
                    return str(value)
    return text


def _boolean(text: str) -> str:
    if text.casefold() in TRUE:
        return "true"
    if text.casefold() in FALSE or not text:
        return ""
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
