"""What every engine offers. Each runs in a process of its own, so that nobody's threads are counted as another's."""

from pathlib import Path

import pyarrow as pa

from bench.tracing.city import CityLog
from bench.tracing.measure import drop_caches, own_cpu


class Peer:
    """One engine with its own copy of the visits under `folder`.

    forget: how its caches are dropped before a cold case. `build` writes the copy (once), `open` makes it ready to
    answer, `close` lets go of it.
    """

    name = ""
    version = ""
    forget = "closed, its files dropped from the page cache, opened again"

    def __init__(self, log: CityLog, folder: Path) -> None:
        self.log, self.folder = log, folder

    def cpu(self) -> float:
        """Seconds of CPU of everything it uses, its server too."""
        return own_cpu() + self.server_cpu()

    def server_cpu(self) -> float:
        """Seconds of CPU outside this process."""
        return 0.0

    def build(self) -> None:
        """Write the copy into the folder, which is empty."""

    def open(self) -> None:
        """Make ready to answer."""

    def trace(self, cases: pa.Table) -> pa.Table:
        """Contacts of the cases: the columns of `CONTACTS`, rows in any order."""
        raise NotImplementedError

    def second_degree(self, case: pa.Table, seconds: int, limit: int) -> pa.Table:
        """The best `limit` contacts of contacts with at least `seconds` together: the columns of `SECOND`."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of everything."""

    def cool(self) -> None:
        """Drop what is in memory of the files and be ready again."""
        self.close()
        drop_caches(self.folder)
        self.open()
