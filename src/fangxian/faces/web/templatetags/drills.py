"""Times of a drill: the hour and minute, and how long something may take."""

from datetime import datetime, timedelta

from django import template
from django.utils.translation import gettext as _

from fangxian.core.clock import TIME, shown

register = template.Library()


@register.filter(expects_localtime=False)
def clock(value: datetime | None) -> str:
    """Hour and minute where the platform runs."""
    return shown(value, TIME) if value else ""


@register.filter
def span(value: timedelta) -> str:
    """Whole hours where it is whole hours, else minutes."""
    minutes = round(value.total_seconds() / 60)
    if minutes % 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    return _("%(hours)s h") % {"hours": minutes // 60}
