"""Record ids: UUIDv7, made on the device or here, ordered by time so that indexes grow at one end."""

from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> UUID:
    """A new time-ordered id."""
    return _uuid7()
