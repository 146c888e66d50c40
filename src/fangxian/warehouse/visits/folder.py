"""The folder of the visit log: one manifest, the sealed days it names, the fast segments derived from them.

visits/manifest.json                               which parts count
visits/sealed/day=2021-10-05/00000007.place.parquet   record: by place, with all a visit carries
visits/sealed/day=2021-10-05/00000007.person.parquet  record: by person, for tracing
visits/fast/2021-10-05-00000007/                   derived, disposable
visits/sealed/day=2021-10-05/00000007.tags.parquet    record: what is left of the visits' ids
visits/hot.sqlite, visits/hot/2021-10.sqlite       dictionary and devices, hot rows by month (embedded default)
visits/lock                                        many readers or one change at a time, across processes
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import durable
from .calendar import Calendar
from .fast import FastSegments
from .manifest import Manifest


class VisitFolder:
    """Files and locks; every change ends with `commit`."""

    def __init__(self, root: Path, zone: str, notice: Callable[[str], None]) -> None:
        durable.make_folder(root)
        self.root, self.calendar = root, Calendar(zone)
        self.sealed = root / "sealed"
        self.fast = FastSegments(root / "fast", self.sealed, notice)

    @property
    def manifest(self) -> Manifest:
        """What counts now."""
        return Manifest.load(self.root / "manifest.json", self.calendar.zone.key)

    def commit(self, manifest: Manifest) -> None:
        """From here on the new manifest is the truth; files it does not name are waste."""
        manifest.save(self.root / "manifest.json")

    @contextmanager
    def reading(self) -> Iterator[Manifest]:
        """Nobody changes the log meanwhile."""
        with durable.locked(self.root / "lock", exclusive=False):
            yield self.manifest

    @contextmanager
    def changing(self) -> Iterator[Manifest]:
        """Nobody else reads or changes the log meanwhile; leftovers of an interrupted change are gone first."""
        with durable.locked(self.root / "lock", exclusive=True):
            self.sweep()
            yield self.manifest

    def sweep(self) -> None:
        """Remove sealed files and fast segments that the manifest does not name."""
        manifest = self.manifest
        named = {file.name for part in manifest.parts for file in part.files}
        for file in self.sealed.glob("day=*/*"):
            if str(file.relative_to(self.sealed)) not in named:
                file.unlink()
        for day in self.sealed.glob("day=*"):
            if not any(day.iterdir()):
                day.rmdir()
        self.fast.forget(manifest.parts)
        (self.root / f"manifest.json{durable.UNFINISHED}").unlink(missing_ok=True)
