"""What arrivals tell whoever listens. Sent inside the transaction of the act."""

from collections.abc import Iterable
from uuid import UUID

from django.dispatch import Signal

#: sent with `arrival_ids` (list of UUID) and `by` (the officer, or None): recorded, corrected or their stays changed
arrivals_changed = Signal()


def announce(arrival_ids: Iterable[UUID], *, by) -> None:
    """Tell the listeners; nothing to tell, nothing said."""
    ids = list(arrival_ids)
    if ids:
        arrivals_changed.send(sender=None, arrival_ids=ids, by=by)
