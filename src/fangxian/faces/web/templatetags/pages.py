"""Helpers of the register pages and the pages of the story."""

from django import template
from django.db.models import Model

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
