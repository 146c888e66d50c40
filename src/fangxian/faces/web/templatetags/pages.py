"""Helpers of the register pages and the pages of the story."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.db.models import Model
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fangxian.faces.web.registers import acts, tables, vocabularies

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


@register.simple_tag(takes_context=True)
def linked(context: dict, record: Model | None) -> str:
    """A record's name as a link where the reader may open its page, else as text."""
    url, text = tables.opens(record, context["request"].user), record or ""
    return format_html('<a href="{}">{}</a>', url, text) if url else format_html("{}", text)


@register.simple_tag(takes_context=True)
def page_for(context: dict, record: Model | None) -> str:
    """The page of a record where the reader may open it, else nothing."""
    return tables.opens(record, context["request"].user)


@register.filter
def kind(slug: str) -> str:
    """What a kind of record is called."""
    return acts.kind(slug) or slug


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


@register.filter
def pack_name(stored: object) -> str:
    """The title of the pack a plan was made by."""
    return vocabularies.pack_name(str(stored or ""))


@register.filter
def rule_name(key: object) -> str:
    """What a stay, a plan or a test follows from, in words."""
    return vocabularies.rule_name(str(key or ""))


@register.filter
def done(action: str) -> str:
    """What was done, in words."""
    return acts.verb(action)


@register.filter
def act(action: str) -> str:
    """What was done to what, in words."""
    return acts.sentence(action)


@register.filter
def source(text: str) -> str:
    """Where a rule comes from; the packs' own remark on local decisions in the reader's language."""
    return _("decided here; may be changed") if text.startswith("operator's decision") else text


@register.filter
def confidence(mark: str) -> str:
    """How sure a rule is."""
    words = {"A": _("official text"), "B": _("quoted"), "C": _("not verified"), "local": _("own decision")}
    return words.get(mark, mark)


@register.filter
def data(value: Any) -> str:
    """The data of a rule without the marks of a program: 1, 4, 7 · household 0."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {data(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return (" · " if any(isinstance(one, Mapping) for one in value) else ", ").join(data(one) for one in value)
    return str(value)
