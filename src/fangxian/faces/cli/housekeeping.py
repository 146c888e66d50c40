"""The worker: waiting jobs at once, and each minute a look whether a round is due."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger("fangxian.worker")
PAUSE_S, MINUTE_S = 0.2, 60


class Worker:
    """Runs jobs as they come and the rounds as they are due, until stopped."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """In a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="fangxian-worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end after the job at hand and wait a little."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def run(self) -> None:
        """Until `stop`; whatever fails is logged and tried again at its next time."""
        rounds = [Round(queue_rounds, MINUTE_S / pace()), Round(play_drill, 0), Round(jobs, 0)]
        while not self._stop.is_set():
            for each in rounds:
                each.when_due()
            self._stop.wait(PAUSE_S)


class Round:
    """One duty and how often it is done (seconds)."""

    def __init__(self, duty: Callable[[], int], every: float) -> None:
        self.duty, self.every, self.next = duty, every, 0.0

    def when_due(self) -> None:
        """Do it if its time has come."""
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + self.every
        try:
            self.duty()
        except Exception:
            log.exception("%s failed", self.duty.__name__)
            self.next = time.monotonic() + max(self.every, 5)


def once() -> dict[str, int]:
    """Every duty once; what each did."""
    return {duty.__name__: duty() for duty in (queue_rounds, play_drill, jobs)}


def jobs() -> int:
    """Waiting jobs; how many were run."""
    from fangxian.core import jobs as queue

    return queue.run_pending()


def pace() -> float:
    """How many times as fast the clock of this installation runs: in the copy of a drill, faster than the machine's."""
    from fangxian.core import drilling

    return max(drilling.factor(), 1.0)


def play_drill() -> int:
    """What is due in the copy of a drill; nothing anywhere else."""
    from fangxian.workflows import drill

    return drill.play_due()


def queue_rounds() -> int:
    """Rounds whose time has come; how many were queued."""
    from fangxian.workflows import rounds

    return rounds.enqueue_due()
