"""What directives tell whoever listens: they have moved at some units.

Sent inside the transaction of the act, so that what follows from it is kept or lost together with it.
"""

from collections.abc import Iterable

from django.dispatch import Signal

from fangxian.systems.directives.models import Handing

#: sent with `handings` (as they stand now, with their directives) and `by` (the officer, or None)
handings_moved = Signal()


def announce(handings: Iterable[Handing], *, by) -> None:
    """Tell the listeners; nothing moved, nothing said."""
    moved = list(handings)
    if moved:
        handings_moved.send(sender=None, handings=moved, by=by)
