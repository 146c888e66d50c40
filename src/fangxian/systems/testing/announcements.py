"""What testing tells whoever listens: a result has come to stand, or stands no more.

Sent inside the transaction of the act, so that what a listener writes down (a job) is kept or lost together with it.
"""

from collections.abc import Iterable
from uuid import UUID

from django.dispatch import Signal

#: sent with `result_ids` (list of UUID) and `by` (the officer, or None)
results_changed = Signal()


def announce(result_ids: Iterable[UUID], *, by) -> None:
    """Tell the listeners; nothing to tell, nothing said."""
    ids = list(result_ids)
    if ids:
        results_changed.send(sender=None, result_ids=ids, by=by)
