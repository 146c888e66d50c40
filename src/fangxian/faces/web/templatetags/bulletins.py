"""Names of what bulletins are read for."""

from typing import Any

from django import template
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from fangxian.engines.bulletins import requirements
from fangxian.workflows import bulletin_to_directives as story

register = template.Library()

OTHERS = {
    "core": _("Rules and modes"), "warehouse": _("Data"), "situation": _("Situation"), "training": _("Training"),
    "drills": _("Drills"),
}  # fmt: skip
"""What is no system of its own."""
FIELDS = {
    "title": _("Title"),
    "date": _("Date of the bulletin"),
    "place": _("Place it is about"),
    "issuer": _("Issuing body"),
}


@register.filter
def system_name(requirement: str) -> str:
    """The system that does the work of a requirement; empty for an id nobody knows."""
    known = requirements.by_id().get(requirement)
    if known is None:
        return ""
    return str(OTHERS.get(known.system) or apps.get_app_config(known.system).verbose_name)


@register.filter
def day_passed(measure: Any) -> bool:
    """Whether the day a measure names is over, so that it would be handed down without one."""
    return story.has_passed(measure)


@register.filter
def head_name(field: str) -> str:
    """A field of a bulletin's head, in the reader's language."""
    return str(FIELDS.get(field, field))
