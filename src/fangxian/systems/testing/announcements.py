"""What testing tells whoever listens: a result stands or stands no more; something reached a round already closed.

Sent inside the transaction of the act, so that what a listener writes down (a job) is kept or lost together with it.
"""

from collections.abc import Iterable
from uuid import UUID

from django.dispatch import Signal

#: sent with `result_ids` (list of UUID) and `by` (the officer, or None)
results_changed = Signal()
#: people of rounds that were closed already moved; sent with `round_ids` (list of UUID)
closed_rounds_reached = Signal()


def announce(result_ids: Iterable[UUID], *, by) -> None:
    """Tell the listeners; nothing to tell, nothing said."""
    ids = list(result_ids)
    if ids:
        results_changed.send(sender=None, result_ids=ids, by=by)


def reached(round_ids: Iterable[UUID]) -> None:
    """Tell the listeners of closed rounds whose people moved."""
    ids = sorted(set(round_ids))
    if ids:
        closed_rounds_reached.send(sender=None, round_ids=ids)
