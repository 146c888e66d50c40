"""Formats and small helpers every page uses: dates in the reader's language, bounded counts, dressed form fields."""

from datetime import date, datetime

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

HTML_LANGUAGES = {"zh-hans": "zh-Hans"}
DAY = {"zh-hans": "Y年n月j日", "en": "j M Y"}
MOMENT = {"zh-hans": "Y年n月j日 H:i", "en": "j M Y, H:i"}


@register.filter
def html_lang(code: str) -> str:
    """Django's language code as the `lang` attribute wants it; screen readers and fonts choose by it."""
    return HTML_LANGUAGES.get(code, code)


def _formatted(value: date | None, patterns: dict[str, str]) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return formats.date_format(value, patterns.get(get_language() or "en", patterns["en"]))


@register.filter(expects_localtime=False)
def day(value: date | None) -> str:
    """A day in the reader's language: 2026年11月21日, 21 Nov 2026."""
    return _formatted(value, DAY)


@register.filter(expects_localtime=False)
def moment(value: datetime | None) -> str:
    """A moment to the minute in the platform's time zone: 2026年11月21日 09:05, 21 Nov 2026, 09:05."""
    return _formatted(value, MOMENT)


@register.filter
def grouped(value: int | None) -> str:
    """12345 → 12,345 in both languages."""
    return "" if value in (None, "") else f"{int(value):,}"


@register.filter
def bounded(total: int | None) -> str:
    """A count that stops counting at ten thousand; None means it stopped."""
    return "10,000+" if total is None or total > 10_000 else f"{total:,}"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


def _css_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return ""  # Django would put the class on the group's box as well
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The field's widget in Tabler's classes, with errors announced to screen readers."""
    classes = [
        field.field.widget.attrs.get("class", ""),
        _css_class(field),
        "is-invalid" if field.errors and not field.use_fieldset else "",
    ]
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    attrs = {"class": " ".join(filter(None, classes))} if any(classes) else {}
    if described and not field.use_fieldset:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)
