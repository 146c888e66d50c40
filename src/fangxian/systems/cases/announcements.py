"""What cases tell whoever listens: two officers have decided about contacts of a case.

Sent inside the transaction of the act, so that what a listener writes down (a job) is kept or lost together with it.
"""

from collections.abc import Iterable
from uuid import UUID

from django.dispatch import Signal

#: sent with `case_ids` (list of UUID) and `by` (the officer)
contacts_decided = Signal()


def announce(case_ids: Iterable[UUID], *, by) -> None:
    """Tell the listeners."""
    contacts_decided.send(sender=None, case_ids=list(case_ids), by=by)
