"""Helpers of the register pages and the pages of the story."""

from datetime import datetime

from django import template
from django.db.models import Model
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fangxian.faces.web.registers import tables

register = template.Library()


@register.filter
def tone(value: str) -> str:
    """The tone of a badge for a choice's value."""
    return tables.TONE_OF.get(str(value), "neutral")


@register.filter
def verbose(model: type[Model]) -> str:
    """What one record of a model is called (`_meta` is out of reach of templates)."""
    return str(model._meta.verbose_name)


@register.filter
def page_of(record: Model) -> str:
    """The page of a record."""
    return tables.url_of(record)


@register.filter
def seconds(value: float | None) -> str:
    """A duration in seconds to the tenth: 0.4 s."""
    return "" if value is None else f"{float(value):.1f} s"


BRIEF = {"zh-hans": "n月j日 H:i", "en": "j M H:i"}


@register.filter(expects_localtime=False)
def brief(value: datetime | None) -> str:
    """A moment near today, without the year: 3月15日 11:31, 15 Mar 11:31."""
    if not value:
        return ""
    value = timezone.localtime(value) if timezone.is_aware(value) else value
    return formats.date_format(value, BRIEF.get(get_language() or "en", BRIEF["en"]))


@register.filter
def lasting(minutes: int | None) -> str:
    """Minutes as people say them: 40 min, 16 h 45 min."""
    if not minutes:
        return ""
    hours, rest = divmod(int(minutes), 60)
    if hours < 3:
        return _("%(n)s min") % {"n": minutes}
    return _("%(h)s h %(n)s min") % {"h": hours, "n": rest} if rest else _("%(h)s h") % {"h": hours}
