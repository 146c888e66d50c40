"""Whether this installation is the copy of a drill, and how fast its clock runs: one file in the data folder says so.

The file lies in the copy from the moment it is made, so nothing can open the copy without knowing what it is. A copy is
embedded, whatever store the original has: the settings name no other database in a folder with this file. It names no
person. The clock stands still until somebody begins the drill; every process on the copy follows the file.
"""

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "drill.json"
LOOK_EVERY = 0.2
"""Seconds for which a process goes on with what it read."""


@dataclass(frozen=True)
class Marker:
    """What the file says.

    at, since: at the real moment `since` the drill's clock showed `at`; without `since` it stands still.
    factor: drill seconds in one real second.
    seq, mac: the entry of the audit chain the copy was made behind; everything after it happened in the drill.
    """

    drill: str
    name: str
    at: datetime
    seq: int
    mac: str
    factor: float = 1.0
    since: datetime | None = None

    def moment(self, real: datetime) -> datetime:
        """What the drill's clock shows at a real moment."""
        return self.at if self.since is None else self.at + (real - self.since) * self.factor

    def begun(self, real: datetime, factor: float | None = None) -> "Marker":
        """The same with the clock running from now on."""
        return replace(self, at=self.moment(real), since=real, factor=factor or self.factor)

    def stopped(self, real: datetime) -> "Marker":
        """The same with the clock standing where it is."""
        return replace(self, at=self.moment(real), since=None)


def read(folder: Path) -> Marker | None:
    """What the file in a data folder says; None where there is none. Raises ValueError when it cannot be read."""
    try:
        said: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
        said |= {name: datetime.fromisoformat(said[name]) for name in ("at", "since") if said[name]}
        return Marker(**said)
    except FileNotFoundError:
        return None
    except (KeyError, TypeError) as error:
        raise ValueError(f"{folder / FILE} is damaged") from error


def write(folder: Path, marker: Marker) -> None:
    """Put the file in place in one step."""
    said = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(marker).items()}
    draft = folder / f".{FILE}.draft"
    draft.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", "utf-8")
    os.replace(draft, folder / FILE)
    forget()


def forget() -> None:
    """Look again at the next question."""
    _seen.clear()


def current() -> Marker | None:
    """What this installation is: None for a real one."""
    if not settings.IS_DRILL:
        return None
    read_at = time.monotonic()
    if not _seen or read_at - _seen[0][0] > LOOK_EVERY:
        _seen[:] = [(read_at, read(settings.DATA_DIR))]
    return _seen[0][1]


def factor() -> float:
    """How many seconds of this installation's clock pass in one real second."""
    marker = current()
    return marker.factor if marker else 1.0


def scaled(real: timedelta) -> timedelta:
    """A span of real time as this installation's clock counts it: for leases, idle sessions, pauses of machines."""
    return real * max(factor(), 1.0)


_seen: list[tuple[float, Marker | None]] = []
