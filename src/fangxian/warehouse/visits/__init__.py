"""The visit log: hot rows with group commit, sealed days, fast segments, retention and erasure."""

from .committer import Closed, QueueFull
from .database import UnsafeStore
from .devices import Device, Devices
from .log import Options, VisitLog
from .manifest import DamagedManifest
from .rows import Arrival, Flag, Receipt, Rejection
from .tables import read_visits

__all__ = [
    "Arrival",
    "Closed",
    "DamagedManifest",
    "Device",
    "Devices",
    "Flag",
    "Options",
    "QueueFull",
    "Receipt",
    "Rejection",
    "UnsafeStore",
    "VisitLog",
    "read_visits",
]
