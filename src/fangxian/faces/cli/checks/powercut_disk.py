"""A disk that may lose its power behind any event, and the folders it then leaves.

Behind each event there is one image a mode: `none` keeps no write that no sync had covered, `random` keeps each with
one half, `torn` decides that for every page of 4 KiB of every write. Creation, renaming and removal count as durable
at once.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .powercut_events import Ack, Create, Event, Remove, Rename, Resize, Sync, Write

PAGE = 4096
MODES = ("none", "random", "torn")


@dataclass
class Disk:
    """Files as they are sure to be, and the changes that may still be lost."""

    durable: dict[str, bytearray] = field(default_factory=dict)
    pending: dict[str, list[Write | Resize]] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, base: Path, root: Path) -> Disk:
        """The disk before the recording: the files of `base`, named as if below `root`."""
        disk, top = cls(), Path(os.path.realpath(root))
        for file in base.rglob("*"):
            target = str(top / file.relative_to(base))
            if file.is_dir():
                disk.folders.add(target)
            elif not target.endswith("-shm"):
                disk.durable[target] = bytearray(file.read_bytes())
        return disk

    def feed(self, event: Event) -> None:
        """Let one event happen."""
        match event:
            case Write() | Resize():
                self.durable.setdefault(event.path, bytearray())
                self.pending.setdefault(event.path, []).append(event)
            case Sync():
                for path in list(self.pending) if event.path is None else [event.path]:
                    self._sync(path, event.begun)
            case Create(folder=True):
                self.folders.add(event.path)
            case Create():
                self.durable.setdefault(event.path, bytearray())
            case Remove():
                self.durable.pop(event.path, None)
                self.pending.pop(event.path, None)
                self.folders.discard(event.path)
            case Rename():
                self._rename(event.old, event.new)

    def image(self, mode: str, dice: random.Random) -> dict[str, bytes]:
        """The files a power cut leaves now."""
        return {path: self._left(path, content, mode, dice) for path, content in self.durable.items()}

    def _left(self, path: str, content: bytearray, mode: str, dice: random.Random) -> bytes:
        copy = bytearray(content)
        for change in self.pending.get(path, ()) if mode != "none" else ():
            whole = mode == "random" or isinstance(change, Resize)
            for piece in [change] if whole else list(_pages(change, len(copy))):
                if dice.random() < 0.5:
                    _apply(copy, piece)
        return bytes(copy)

    def _sync(self, path: str, begun: int) -> None:
        """A sync is sure to cover only what had ended before it began."""
        changes = self.pending.pop(path, [])
        for change in changes:
            if change.done < begun:
                _apply(self.durable[path], change)
        if left := [change for change in changes if change.done >= begun]:
            self.pending[path] = left

    def _rename(self, old: str, new: str) -> None:
        """A file, or a folder with all that is in it."""

        def moved(path: str) -> str:
            return new + path[len(old) :] if path == old or path.startswith(old + os.sep) else path

        if old in self.durable:
            self.pending.pop(new, None)
            self.durable.pop(new, None)
        self.durable = {moved(path): content for path, content in self.durable.items()}
        self.pending = {moved(path): changes for path, changes in self.pending.items()}
        self.folders = {moved(path) for path in self.folders}


@dataclass(frozen=True)
class Cut:
    """What is left behind event number `after`, and what had been acknowledged by then."""

    after: int
    mode: str
    files: dict[str, bytes]
    folders: frozenset[str]
    acked: frozenset[str]

    def lay_out(self, root: str, folder: Path) -> None:
        """Write the files into `folder`, which becomes what `root` was."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in self.folders:
            (folder / os.path.relpath(path, root)).mkdir(parents=True, exist_ok=True)
        for path, content in self.files.items():
            target = folder / os.path.relpath(path, root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def cuts(happened: Sequence[Event], disk: Disk, *, at_most: int, seed: int) -> Iterator[Cut]:
    """Power cuts spread evenly over all events and modes; the same seed gives the same ones."""
    dice = random.Random(seed)
    every = max(1, len(happened) * len(MODES) // at_most)
    acked: set[str] = set()
    for number, event in enumerate(happened):
        if isinstance(event, Ack):
            acked.add(event.tag)
        disk.feed(event)
        for turn, mode in enumerate(MODES):
            if (number * len(MODES) + turn) % every == 0:
                image = disk.image(mode, dice)
                yield Cut(number, mode, image, frozenset(disk.folders), frozenset(acked))


def _apply(content: bytearray, change: Write | Resize) -> None:
    if isinstance(change, Write):
        start = len(content) if change.offset is None else change.offset
        if len(content) < start:
            content.extend(bytes(start - len(content)))
        content[start : start + len(change.data)] = change.data
    elif len(content) < change.size:
        content.extend(bytes(change.size - len(content)))
    elif not change.only_grows:
        del content[change.size :]


def _pages(write: Write, size: int) -> Iterator[Write]:
    """A write cut at page borders."""
    start, at = size if write.offset is None else write.offset, 0
    while at < len(write.data):
        step = PAGE - (start + at) % PAGE
        yield Write(write.begun, write.done, write.path, start + at, write.data[at : at + step])
        at += step
