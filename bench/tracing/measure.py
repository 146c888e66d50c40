"""CPU time, not wall time: other work on the machine must not change a ratio."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    """Seconds that one call took: CPU in all, CPU of the server alone (0 where there is none), wall."""

    cpu: float
    server: float
    wall: float


def own_cpu() -> float:
    """Seconds of CPU this process has used, all threads."""
    return time.process_time()


def cpu_of(pid: int) -> float:
    """Seconds of CPU another process has used, all threads and those that ended: the kernel's own clock of it."""
    return time.clock_gettime((~pid << 3) | 2)


def cpu_of_children(pid: int) -> float:
    """Seconds of CPU of all living descendants of a process and of those they have outlived."""
    return sum(cpu_of(child) + outlived(child) for child in _descendants(pid))


def spent(run: Callable[[], Any], cpu: Callable[[], float], server: Callable[[], float] = float) -> tuple[Any, Sample]:
    """The result and what it took."""
    began, before, inside = time.perf_counter(), cpu(), server()
    result = run()
    after, later = server(), cpu()
    return result, Sample(later - before, after - inside, time.perf_counter() - began)


def drop_caches(folder: Path) -> None:
    """Ask the system to forget the contents of all files below a folder (`POSIX_FADV_DONTNEED`); they stay on disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def bytes_in(folder: Path) -> int:
    """Bytes on disk of all files below a folder."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def _descendants(pid: int) -> list[int]:
    children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in _words(task / "children")]
    return children + [below for child in children for below in _descendants(child)]


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def outlived(pid: int) -> float:
    """Seconds of CPU of the children of a process that ended before it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / TICKS
