"""What quarantine tells whoever listens. Sent inside the transaction of the act."""

from collections.abc import Iterable

from django.dispatch import Signal

#: a room may have become free; sent with `area_codes` (where those rooms are)
rooms_freed = Signal()


def freed(area_codes: Iterable[str | None]) -> None:
    """Tell the listeners; nothing free, nothing said."""
    codes = sorted({code for code in area_codes if code})
    if codes:
        rooms_freed.send(sender=None, area_codes=codes)
