"""One number, one definition: every figure about directives is one of these conditions, wherever it is shown.

Counts, lists behind a figure, progress bars and reports up all ask here; there is no second place that says what
“answered” means.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.systems.directives.models import Handing
from fangxian.systems.directives.words import HandingState, Outcome

S = HandingState
STANDING = ~Q(state=S.WITHDRAWN)
OPEN = Q(state__in=Handing.OPEN)


@dataclass(frozen=True)
class Figure:
    """A number: its name, what it counts in words, and the condition on the rows at a moment."""

    key: str
    label: Promise
    meaning: Promise
    condition: Callable[[datetime], Q]


FIGURES = {
    figure.key: figure
    for figure in (
        Figure("handed", _("Units"), _("Units that have the directive and were not taken off it."),
               lambda at: STANDING),
        Figure("not_received", _("Not received"), _("Units that have not said “received”."),
               lambda at: Q(state=S.HANDED)),
        Figure("receive_late", _("Late to receive"), _("Not received, and the time to receive has passed."),
               lambda at: Q(state=S.HANDED, receive_by__lt=at)),
        Figure("not_deployed", _("Not deployed"), _("Received, and no deployment of their own is on record."),
               lambda at: Q(state=S.RECEIVED)),
        Figure("not_answered", _("Not answered"), _("Units that owe an answer, received or not, sent back ones too."),
               lambda at: OPEN),
        Figure("late", _("Overdue"), _("Units that owe an answer whose time has passed."),
               lambda at: OPEN & Q(due_at__lt=at)),
        Figure("returned", _("To be done again"), _("Answered, looked at, and to be done again."),
               lambda at: Q(state=S.RETURNED)),
        Figure("answered", _("Answered"), _("Answers that stand, looked at or not."),
               lambda at: Q(state__in=Handing.ANSWERED)),
        Figure("to_check", _("To be checked"), _("Answers nobody has looked at."), lambda at: Q(state=S.ANSWERED)),
        Figure("not_done", _("Answered, not done"), _("Answers that say: in part, or not at all."),
               lambda at: Q(state__in=Handing.ANSWERED) & ~Q(outcome=Outcome.DONE)),
        Figure("done", _("Done"), _("Answered in full, and checked by who handed it down."),
               lambda at: Q(state=S.CHECKED, outcome=Outcome.DONE)),
    )
}  # fmt: skip


def counted(at: datetime) -> dict[str, Count]:
    """All figures as aggregates of one query over handings."""
    return {key: Count("pk", filter=figure.condition(at)) for key, figure in FIGURES.items()}
