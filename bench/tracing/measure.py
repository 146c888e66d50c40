"""CPU time, not wall time: other work on the machine must not change a ratio."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def own_cpu() -> float:
    """Seconds of CPU this process has used, all threads."""
    return time.process_time()


def cpu_of(pid: int) -> float:
    """Seconds of CPU a process has used, all threads, to the nanosecond where the kernel keeps that."""
    return (
        sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir())
        / 1e9
    )


def spent(run: Callable[[], Any], cpu: Callable[[], float]) -> tuple[Any, float]:
    """The result and the seconds of CPU it took."""
    before = cpu()
    result = run()
    return result, cpu() - before
