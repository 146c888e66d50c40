"""What a report up counts beside directives and tasks: cases, arrivals, persons in quarantine, findings.

One number, one definition: what the county board shows under these names is what a report up counts, each over its own
span. Another figure is another key here.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q

from fangxian.systems.directives.reporting import Span, reports
from fangxian.systems.situation import figures

JOINED = ("cases_new", "arrivals_entered", "quarantine_in", "findings_raised")


def _condition(figure: figures.Figure) -> Callable[[Span, datetime], Q]:
    return lambda span, at: figure.condition(figures.Span(span.starts_at, span.ends_at, at))


for _key in JOINED:
    _figure = figures.get(_key)
    reports(_key, _figure.name, _figure.slug, _condition(_figure))
