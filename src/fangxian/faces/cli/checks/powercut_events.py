"""What a program asked of the file system, read from the log that strace wrote.

Events are changes of the files below one folder, and acknowledgements: matches of a pattern in data sent to a socket.
A call whose effect the log does not tell raises `UnknownCall`, so that a replay never passes for want of seeing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

TRACED = (
    "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,lseek,fsync,fdatasync,sync,syncfs,msync,"
    "ftruncate,truncate,fallocate,copy_file_range,sendfile,open,openat,creat,mkdir,mkdirat,"
    "unlink,unlinkat,rmdir,rename,renameat,renameat2,link,linkat,mmap,chdir,fchdir,io_uring_enter"
)
LONGEST_STRING = 16_000_000
NOTES = "mapped.notes"
"""Where a recorded program notes "path, zero byte, content" of a mapped file before it is flushed."""


class UnknownCall(Exception):
    """The log holds a call whose effect on a power cut this model does not know."""


@dataclass(frozen=True)
class Event:
    """Something that happened; `begun` and `done` are line numbers of the log."""

    begun: int
    done: int


@dataclass(frozen=True)
class Write(Event):
    """Bytes into a file; offset None means its end."""

    path: str
    offset: int | None
    data: bytes


@dataclass(frozen=True)
class Resize(Event):
    """A file cut or grown."""

    path: str
    size: int
    only_grows: bool = False


@dataclass(frozen=True)
class Sync(Event):
    """A file's writes are on the disk; path None means every file's."""

    path: str | None


@dataclass(frozen=True)
class Create(Event):
    """A new file or folder."""

    path: str
    folder: bool = False


@dataclass(frozen=True)
class Remove(Event):
    """A file or folder is gone."""

    path: str


@dataclass(frozen=True)
class Rename(Event):
    """A file or folder has another name."""

    old: str
    new: str


@dataclass(frozen=True)
class Ack(Event):
    """From `begun` on somebody may have been told that this is stored."""

    tag: str


CALL = re.compile(r"^(?:(\d+)\s+)?(\w+)\((.*)\)\s+= (0x[0-9a-f]+|-?\d+|\?)")
UNFINISHED = re.compile(r"^(\d+)\s+(.*?)\s*<unfinished \.\.\.>$")
RESUMED = re.compile(r"^(\d+)\s+<\.\.\. \w+ resumed>(.*)$")
DESCRIPTOR = re.compile(r"^(\d+|AT_FDCWD)<([^>]*)>")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
PATH = re.compile(r'(?:(?:\d+|AT_FDCWD)<([^>]*)>,\s*)?"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Call:
    """One system call that succeeded."""

    name: str
    args: str
    result: int
    begun: int
    done: int

    @property
    def handle(self) -> tuple[str, str]:
        """Descriptor number and path of the first argument: what a file position belongs to."""
        found = DESCRIPTOR.match(self.args)
        return (found[1], _plain(found[2]).decode("utf-8", "replace")) if found else ("", "")

    @property
    def file(self) -> str:
        """Path behind the first argument, "" where that is no descriptor."""
        return self.handle[1]

    @property
    def data(self) -> bytes:
        """The bytes handed over."""
        if any(match[2] for match in STRING.finditer(self.args)):
            raise UnknownCall(f"line {self.done}: {self.name} longer than the log keeps")
        return b"".join(_plain(match[1]) for match in STRING.finditer(self.args))

    @property
    def last_number(self) -> int:
        """The last argument."""
        return int(self.args.rsplit(",", 1)[1])

    def paths(self, cwd: str) -> list[str]:
        """The path arguments, absolute; each may follow the folder it starts from."""
        found = ((_plain(match[1] or "").decode(), _plain(match[2]).decode()) for match in PATH.finditer(self.args))
        return [os.path.normpath(os.path.join(cwd, start, name)) for start, name in found]


def _plain(text: str) -> bytes:
    if not text.startswith("\\x"):
        return text.encode()
    return bytes.fromhex(text.replace("\\x", ""))


def calls(lines: Iterable[str]) -> Iterator[Call]:
    """Calls that succeeded, in the order of their ends; the halves of a split line are joined."""
    halves: dict[str, tuple[int, str]] = {}
    for number, raw in enumerate(lines):
        line, begun = raw.rstrip("\n"), number
        if half := UNFINISHED.match(line):
            halves[half[1]] = (number, half[2])
            continue
        if half := RESUMED.match(line):
            begun, start = halves.pop(half[1], (number, ""))
            line = f"{half[1]} {start}{half[2]}"
        found = CALL.match(line)
        if found and found[4] != "?" and not found[4].startswith("-"):
            yield Call(found[2], found[3], int(found[4], 0), begun, number)


def read_events(log: Path, root: Path, ack: bytes) -> list[Event]:
    """Events below `root` in the order in which they took effect; an acknowledgement counts from its beginning."""
    reader = _Reader(os.path.realpath(root), re.compile(ack), os.getcwd())
    with log.open(errors="replace") as lines:
        found = [event for call in calls(lines) for event in reader.events(call)]
    if reader.unseen:
        raise UnknownCall(f"line {min(reader.unseen.values())}: mmap")
    return sorted(found, key=lambda event: event.begun if isinstance(event, Ack) else event.done)


@dataclass
class _Reader:
    """Turns calls into events. `position`: where plain writes go on, by descriptor (None: at the end).

    mapped: writable mappings of data by their address. unseen: their files, where no note has yet told the content.
    """

    root: str
    ack: re.Pattern[bytes]
    cwd: str
    position: dict[tuple[str, str], int | None] = field(default_factory=dict)
    mapped: dict[int, str] = field(default_factory=dict)
    unseen: dict[str, int] = field(default_factory=dict)

    def inside(self, path: str) -> bool:
        """Whether a path is data. SQLite's shared memory is not: SQLite builds it again."""
        if path.endswith(("-shm", " (deleted)")):
            return False
        return path == self.root or path.startswith(self.root + os.sep)

    def events(self, call: Call) -> Iterator[Event]:
        kinds = {
            "data": ("write", "pwrite64", "writev", "pwritev", "sendto", "sendmsg"),
            "sync": ("fsync", "fdatasync", "sync", "syncfs"),
            "resize": ("ftruncate", "truncate", "fallocate"),
            "create": ("open", "openat", "creat", "mkdir", "mkdirat"),
            "remove": ("unlink", "unlinkat", "rmdir"),
            "rename": ("rename", "renameat", "renameat2"),
            "move": ("lseek", "chdir", "fchdir"),
            "map": ("mmap", "msync"),
        }
        kind = next((kind for kind, names in kinds.items() if call.name in names), "refuse")
        yield from getattr(self, f"_{kind}")(call) or ()

    def _data(self, call: Call) -> Iterator[Event]:
        if call.file.endswith(NOTES):
            path, _, content = call.data.partition(b"\0")
            self.unseen.pop(path.decode(), None)
            yield Write(call.begun, call.done, path.decode(), 0, content)
            return
        if not self.inside(call.file):
            for match in self.ack.finditer(call.data):
                yield Ack(call.begun, call.done, match[1].decode("utf-8", "replace"))
            return
        offset = self.position.get(call.handle)
        if call.name.startswith("pwrite"):
            offset = call.last_number
        elif offset is not None:
            self.position[call.handle] = offset + call.result
        yield Write(call.begun, call.done, call.file, offset, call.data[: call.result])

    def _sync(self, call: Call) -> Iterator[Event]:
        if call.name in ("sync", "syncfs"):
            yield Sync(call.begun, call.done, None)
        elif self.inside(call.file):
            yield Sync(call.begun, call.done, call.file)

    def _resize(self, call: Call) -> Iterator[Event]:
        path = call.paths(self.cwd)[0] if call.name == "truncate" else call.file
        if not self.inside(path):
            return
        if call.name != "fallocate":
            yield Resize(call.begun, call.done, path, call.last_number)
            return
        mode, start, length = (part.strip() for part in call.args.split(",")[1:4])
        if mode != "0":
            raise UnknownCall(f"line {call.done}: fallocate mode {mode}")
        yield Resize(call.begun, call.done, path, int(start) + int(length), only_grows=True)

    def _create(self, call: Call) -> Iterator[Event]:
        path = call.paths(self.cwd)[0]
        if not self.inside(path):
            return
        if "O_SYNC" in call.args or "O_DSYNC" in call.args:
            raise UnknownCall(f"line {call.done}: O_SYNC")
        if call.name.startswith("mkdir"):
            yield Create(call.begun, call.done, path, folder=True)
            return
        self.position[str(call.result), path] = None if "O_APPEND" in call.args else 0
        if call.name == "creat" or "O_CREAT" in call.args:
            yield Create(call.begun, call.done, path)
        if call.name == "creat" or "O_TRUNC" in call.args:
            yield Resize(call.begun, call.done, path, 0)

    def _remove(self, call: Call) -> Iterator[Event]:
        path = call.paths(self.cwd)[0]
        if self.inside(path):
            yield Remove(call.begun, call.done, path)

    def _rename(self, call: Call) -> Iterator[Event]:
        old, new = call.paths(self.cwd)[:2]
        if self.inside(old) != self.inside(new):
            raise UnknownCall(f"line {call.done}: {call.name} across the folder's border")
        if self.inside(old):
            yield Rename(call.begun, call.done, old, new)

    def _move(self, call: Call) -> None:
        if call.name == "lseek" and self.position.get(call.handle) is not None:
            self.position[call.handle] = call.result
        elif call.name == "chdir":
            self.cwd = call.paths(self.cwd)[0]
        elif call.name == "fchdir":
            self.cwd = call.file

    def _map(self, call: Call) -> Iterator[Event]:
        """A shared writable mapping leaves no bytes in the log: the program has to note them before it flushes."""
        if call.name == "msync":
            if path := self.mapped.get(int(call.args.split(",")[0], 0)):
                yield Sync(call.begun, call.done, path)
            return
        files = [_plain(name).decode("utf-8", "replace") for name in re.findall(r"\d+<([^>]*)>", call.args)]
        for path in filter(self.inside, files if "PROT_WRITE" in call.args and "MAP_SHARED" in call.args else ()):
            self.mapped[call.result] = path
            self.unseen[path] = call.done

    def _refuse(self, call: Call) -> None:
        """In-kernel copies and rings leave no bytes in the log."""
        names = [*re.findall(r"\d+<([^>]*)>", call.args), *(match[2] for match in PATH.finditer(call.args))]
        if call.name == "io_uring_enter" or any(self.inside(_plain(name).decode("utf-8", "replace")) for name in names):
            raise UnknownCall(f"line {call.done}: {call.name}")
